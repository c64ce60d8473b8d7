package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

// far registers a registry that answers, and returns its id.
func (s *site) far(t *testing.T) string {
	t.Helper()
	r := s.want(http.StatusCreated, "admin", "POST", "/registries", fmt.Sprintf(`{"name":"far","type":"docker-registry","url":%q,"insecure":true}`, peer(t)))
	return r.header.Get("Location")[strings.LastIndex(r.header.Get("Location"), "/")+1:]
}

func TestPoliciesThatCannotBeAreRefusedAndLeaveNothing(t *testing.T) {
	s := newSite(t)
	far := s.far(t)
	for _, c := range []struct {
		body   string // with % for the registry
		status int
		says   string
	}{
		{`{"name":"","dest_registry":{"id":%}}`, 400, "empty name"},
		{`{"name":"p"}`, 400, "either src_registry or dest_registry should be empty"},
		{`{"name":"p","src_registry":{"id":%},"dest_registry":{"id":%}}`, 400, "either src_registry or dest_registry should be empty"},
		{`{"name":"p","dest_registry":{"id":-1}}`, 400, "either src_registry or dest_registry should be empty"},
		{`{"name":"p","dest_registry":{"id":999999}}`, 404, "registry 999999 not found"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"colour","value":"x"}]}`, 400, "invalid filter type"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"name","value":7}]}`, 400, "isn't string"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"label","value":"x"}]}`, 400, "isn't string slice"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"label","value":[1]}]}`, 400, "isn't string slice"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"name","value":"a{b"}]}`, 400, "not closed"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"name","value":"a","decoration":"excludes"}]}`, 400, "only tag and label filter"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"tag","value":"a","decoration":"sometimes"}]}`, 400, "invalid filter decoration"},
		{`{"name":"p","dest_registry":{"id":%},"filters":[{"type":"resource","value":"chart"}]}`, 400, "invalid resource filter"},
		{`{"name":"p","dest_registry":{"id":%},"trigger":{"type":"sometimes"}}`, 400, "invalid trigger type"},
		{`{"name":"p","dest_registry":{"id":%},"trigger":{"type":"scheduled"}}`, 400, "the cron string cannot be empty"},
		{`{"name":"p","dest_registry":{"id":%},"trigger":{"type":"scheduled","trigger_settings":{"cron":"0 0 * * *"}}}`, 400, "expected exactly 6 fields"},
		{`{"name":"p","dest_registry":{"id":%},"trigger":{"type":"scheduled","trigger_settings":{"cron":"0 0 0 * * * *"}}}`, 400, "expected exactly 6 fields"},
		{`{"name":"p","dest_registry":{"id":%},"trigger":{"type":"scheduled","trigger_settings":{"cron":"0 0 25 * * *"}}}`, 400, "field 3 (hours)"},
		{`{"name":"p","src_registry":{"id":%},"trigger":{"type":"event_based"}}`, 400, "cannot be event_based"},
		{`{"name":"p","dest_registry":{"id":%},"dest_namespace":"A B"}`, 400, "invalid destination namespace"},
		{`{"name":"p","dest_registry":{"id":%},"dest_namespace":"m","dest_namespace_replace_count":-2}`, 400, "dest_namespace_replace_count"},
		{`{"name":"p","dest_registry":{"id":%},"dest_namespace":"m","dest_namespace_replace_count":99}`, 400, "dest_namespace_replace_count"},
		{`{"name":"p","dest_registry":{"id":%},"speed":2147483647}`, 400, "speed"},
		{`{"name":"p","dest_registry":{"id":%},"concurrency":65}`, 400, "concurrency"},
		{`{"name":"p","dest_registry":{"id":%},"concurrency":-1}`, 400, "concurrency"},
		{`{"name":"` + strings.Repeat("n", 257) + `","dest_registry":{"id":%}}`, 400, "at most 256"},
		{`{"name":"a\nb","dest_registry":{"id":%}}`, 400, "one line"},
		{`{"name":"p","dest_registry":{"id":"x"}}`, 422, ""},
		{`{"name":"p","dest_registry":{"id":%},"speed":"fast"}`, 422, ""},
		{`{"name":"p",`, 422, ""},
	} {
		body := strings.ReplaceAll(c.body, "%", far)
		for _, where := range []string{"/replication/policies", "/replication/policies/preview"} {
			if where != "/replication/policies" && (strings.Contains(c.says, "name") && !strings.Contains(c.says, "namespace") || strings.Contains(c.says, "256") || strings.Contains(c.says, "line")) {
				continue
			}
			r := s.call("admin", "POST", where, body)
			if r.status != c.status || !strings.Contains(r.body, c.says) {
				t.Errorf("%s %s: %d %s, want %d %q", where, body, r.status, r.body, c.status, c.says)
			}
		}
	}
	if r := s.want(http.StatusOK, "admin", "GET", "/replication/policies", ""); r.header.Get("X-Total-Count") != "0" {
		t.Error(r.body)
	}
}

func TestAPolicyKeepsWhatItWasGiven(t *testing.T) {
	s := newSite(t)
	far := s.far(t)
	r := s.want(http.StatusCreated, "admin", "POST", "/replication/policies", `{"name":"nightly","description":"d","src_registry":{"id":`+far+`},
		"dest_namespace":"mirror","dest_namespace_replace_count":2,"trigger":{"type":"scheduled","trigger_settings":{"cron":"0 30 2 * * *"}},"enabled":true,
		"override":true,"speed":100,"copy_by_chunk":true,"single_active_replication":true,"concurrency":3,
		"filters":[{"type":"name","value":"library/**"},{"type":"label","value":["a","b"],"decoration":"excludes"},{"type":"resource","value":"image"}]}`)
	where := strings.TrimPrefix(r.header.Get("Location"), "/api/v2.0")
	got := s.want(http.StatusOK, "admin", "GET", where, "")
	for _, part := range []string{`"dest_namespace":"mirror"`, `"dest_namespace_replace_count":2`, `"cron":"0 30 2 * * *"`, `"speed":100`, `"copy_by_chunk":true`, `"single_active_replication":true`,
		`"concurrency":3`, `"value":["a","b"]`, `"decoration":"excludes"`, `"next_scheduled_time":`, `"creator":"admin"`, `"name":"Local"`} {
		if !strings.Contains(got.body, part) {
			t.Errorf("no %s in %s", part, got.body)
		}
	}
	if r := s.want(http.StatusOK, "admin", "GET", "/schedules", ""); !strings.Contains(r.body, `"vendor_type":"REPLICATION"`) {
		t.Error(r.body)
	}
	// What was read can be sent back, changed, and only by who saw the newest.
	s.want(http.StatusOK, "admin", "PUT", where, strings.Replace(got.body, `"enabled":true`, `"enabled":false`, 1), "If-Match", got.header.Get("ETag"))
	s.want(http.StatusPreconditionFailed, "admin", "PUT", where, got.body, "If-Match", got.header.Get("ETag"))
	off := s.want(http.StatusOK, "admin", "GET", where, "")
	if strings.Contains(off.body, "next_scheduled_time") || !strings.Contains(off.body, `"value":["a","b"]`) {
		t.Error(off.body)
	}
	id := where[strings.LastIndex(where, "/")+1:]
	if r := s.want(http.StatusPreconditionFailed, "admin", "POST", "/replication/executions", `{"policy_id":`+id+`}`); !strings.Contains(r.body, "is disabled") {
		t.Error(r.body)
	}
	s.want(http.StatusOK, "admin", "GET", "/replication/policies?name=NIGHT", "")
	if r := s.want(http.StatusOK, "admin", "GET", "/replication/policies?name=other", ""); r.header.Get("X-Total-Count") != "0" {
		t.Error(r.body)
	}
	if r := s.want(http.StatusPreconditionFailed, "admin", "DELETE", "/registries/"+far, ""); !strings.Contains(r.body, "nightly") {
		t.Error(r.body)
	}
	s.want(http.StatusOK, "admin", "DELETE", where, "")
	s.want(http.StatusNotFound, "admin", "GET", where, "")
	s.want(http.StatusNotFound, "admin", "PUT", where, got.body)
	s.want(http.StatusNotFound, "admin", "DELETE", where, "")
	s.want(http.StatusNotFound, "admin", "POST", "/replication/executions", `{"policy_id":`+id+`}`)
	s.want(http.StatusOK, "admin", "DELETE", "/registries/"+far, "")
}

// replicate does, as workers would, what an execution has to do: two repositories.
func (s *site) replicate(t *testing.T, execution int64, outcome job.Outcome) {
	t.Helper()
	tasks := func() (all []job.Task) {
		if err := s.db.Gorm.Where("execution_id = ? AND status = 'Pending'", execution).Order("id").Find(&all).Error; err != nil {
			t.Fatal(err)
		}
		return all
	}
	end := func(task job.Task, o job.Outcome, more func(*job.Run)) {
		run, err := s.domain.Jobs.Begin(t.Context(), job.Delivery{Task: task.ID, Attempt: task.Attempt, Of: job.Replication}, "test")
		if err != nil {
			t.Fatal(err)
		}
		more(run)
		if _, err := run.End(t.Context(), o, func(store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	end(tasks()[0], job.Outcome{}, func(run *job.Run) {
		run.Infof("no resources need to be replicated")
		run.AtEnd(func(tx store.Tx) error {
			var all []job.Args
			for name, n := range map[string]int{"app": 6, "del": 1} {
				all = append(all, job.ReplicationArgs{
					Operation: job.CopyArtifacts, ResourceType: "artifact", Destination: "mirror/" + name,
					ReplicationPiece: job.ReplicationPiece{Source: "gold/" + name, References: make([]string, n)},
				})
			}
			return s.domain.Jobs.AddTasks(tx, execution, all...)
		})
	})
	for i, task := range tasks() {
		o := job.Outcome{}
		if i == 0 {
			o = outcome
		}
		end(task, o, func(run *job.Run) {
			run.Infof("copying")
			run.Progress(1, 6, 4096)
		})
	}
}

func TestAnExecutionIsToldInHarborsWords(t *testing.T) {
	s := newSite(t)
	far := s.far(t)
	r := s.want(http.StatusCreated, "admin", "POST", "/replication/policies", `{"name":"p","dest_registry":{"id":`+far+`},"enabled":true}`)
	policy := r.header.Get("Location")[strings.LastIndex(r.header.Get("Location"), "/")+1:]
	r = s.want(http.StatusCreated, "admin", "POST", "/replication/executions", `{"policy_id":`+policy+`}`)
	where := strings.TrimPrefix(r.header.Get("Location"), "/api/v2.0")
	var id int64
	if _, err := fmt.Sscanf(where, "/replication/executions/%d", &id); err != nil {
		t.Fatal(err)
	}
	if r := s.want(http.StatusOK, "admin", "GET", where, ""); !strings.Contains(r.body, `"status":"InProgress"`) || !strings.Contains(r.body, `"total":0`) {
		t.Error(r.body)
	}
	if r := s.want(http.StatusPreconditionFailed, "admin", "DELETE", "/replication/policies/"+policy, ""); !strings.Contains(r.body, "running executions") {
		t.Error(r.body)
	}
	s.want(http.StatusPreconditionFailed, "admin", "PUT", where+"/retry", "")
	s.replicate(t, id, job.Outcome{Err: fmt.Errorf("no space"), Final: true})
	got := s.want(http.StatusOK, "admin", "GET", where, "")
	for _, part := range []string{`"status":"Failed"`, `"failed":1`, `"succeed":1`, `"total":2`, `"in_progress":0`, `1 of 2 tasks failed, one of them: no space`, `"bytes":8192`, `"items":12`} {
		if !strings.Contains(got.body, part) {
			t.Errorf("no %s in %s", part, got.body)
		}
	}
	for query, n := range map[string]string{
		"": "1", "?status=Failed": "1", "?status=Succeed": "0", "?status=InProgress": "0", "?trigger=manual": "1", "?trigger=scheduled": "0", "?policy_id=" + policy: "1", "?policy_id=999": "0",
	} {
		if r := s.want(http.StatusOK, "admin", "GET", "/replication/executions"+query, ""); r.header.Get("X-Total-Count") != n {
			t.Errorf("%s: %s, want %s", query, r.header.Get("X-Total-Count"), n)
		}
	}
	for query, n := range map[string]string{"": "2", "?status=Failed": "1", "?status=Succeed": "1", "?status=InProgress": "0", "?resource_type=artifact": "2", "?resource_type=chart": "0"} {
		if r := s.want(http.StatusOK, "admin", "GET", where+"/tasks"+query, ""); r.header.Get("X-Total-Count") != n {
			t.Errorf("tasks%s: %s, want %s", query, r.header.Get("X-Total-Count"), n)
		}
	}
	first := s.want(http.StatusOK, "admin", "GET", where+"/tasks?sort=-failed&page_size=1", "")
	if !strings.Contains(first.body, `"status":"Failed"`) || !strings.Contains(first.body, "item(s) in total]") {
		t.Error(first.body)
	}
	if r := s.want(http.StatusOK, "admin", "GET", where+"/plan/log", ""); !strings.Contains(r.body, "no resources") {
		t.Error(r.body)
	}
	s.want(http.StatusNotFound, "admin", "GET", where+"/tasks/999999/log", "")
	s.want(http.StatusNotFound, "admin", "GET", "/replication/executions/999999", "")
	if r := s.want(http.StatusOK, "admin", "PUT", where, ""); r.body != "null\n" {
		t.Errorf("%q", r.body)
	}
	s.want(http.StatusOK, "admin", "PUT", where+"/retry", "")
	if r := s.want(http.StatusOK, "admin", "GET", where, ""); !strings.Contains(r.body, `"status":"InProgress"`) || !strings.Contains(r.body, `"succeed":1`) {
		t.Error(r.body)
	}
	s.want(http.StatusOK, "admin", "PUT", where, "")
	if r := s.want(http.StatusOK, "admin", "GET", where, ""); !strings.Contains(r.body, `"status":"Stopped"`) || !strings.Contains(r.body, `"stopped":1`) {
		t.Error(r.body)
	}
	// An execution of another kind is none of these.
	s.want(http.StatusCreated, "admin", "POST", "/system/purgeaudit/schedule", `{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":1,"include_event_types":"other"}}`)
	s.want(http.StatusNotFound, "admin", "GET", fmt.Sprintf("/replication/executions/%d", id+1), "")
}
