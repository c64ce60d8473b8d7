package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/retention"
)

const retentionBody = `{"algorithm":"or","rules":[%s],"scope":{"level":"project","ref":%d},"trigger":{"kind":"Schedule","references":{},"settings":{"cron":"%s"}}}`

const newestTen = `{"disabled":false,"action":"retain","template":"latestPushedK","params":{"latestPushedK":1,"other":"kept"},
"tag_selectors":[{"kind":"doublestar","decoration":"matches","pattern":"**","extras":"{\"untagged\":true}"}],
"scope_selectors":{"repository":[{"kind":"doublestar","decoration":"repoMatches","pattern":"**"}]}}`

// retentionCalls are those of the matrix; in the whole system there are no policies.
func retentionCalls(t *testing.T, s *site, projectID int64) []scopedCall {
	t.Helper()
	if projectID == 0 {
		body := `{"scope":{"level":"system","ref":0}}`
		return []scopedCall{{id: "createRetention", method: "POST", path: "/retentions", body: body}, {id: "previewRetention", method: "POST", path: "/retentions/preview", body: body}}
	}
	// The project's policy, made anew when a call has deleted it.
	var policy int64
	one := func(under string) func() string {
		return func() string {
			if _, err := s.domain.Retention.Get(t.Context(), policy); err != nil {
				made, err := s.domain.Retention.Create(t.Context(), s.admin, projectID, retention.Fields{})
				if err != nil {
					t.Fatal(err)
				}
				policy = made.ID
			}
			return fmt.Sprintf("/retentions/%d%s", policy, under)
		}
	}
	bad := fmt.Sprintf(`{"algorithm":"and","scope":{"level":"project","ref":%d}}`, projectID)
	return []scopedCall{
		{id: "createRetention", method: "POST", path: "/retentions", body: bad},
		{id: "previewRetention", method: "POST", path: "/retentions/preview", body: strings.Replace(bad, `"and"`, `"or"`, 1)},
		{id: "getRetention", method: "GET", each: one("")},
		{id: "previewSavedRetention", method: "GET", each: one("/preview")},
		{id: "updateRetention", method: "PUT", each: one(""), body: bad},
		{id: "deleteRetention", method: "DELETE", each: one("")},
		{id: "triggerRetentionExecution", method: "POST", each: one("/executions"), body: `{"dry_run":true}`},
		{id: "listRetentionExecutions", method: "GET", each: one("/executions")},
		{id: "operateRetentionExecution", method: "PATCH", each: one("/executions/999999"), body: `{"action":"stop"}`},
		{id: "listRetentionTasks", method: "GET", each: one("/executions/999999/tasks")},
		{id: "getRetentionTaskLog", method: "GET", each: one("/executions/999999/tasks/1")},
	}
}

// retain does all tasks that wait.
func (s *site) retain() {
	s.t.Helper()
	for {
		var n int
		if err := s.db.Pool.QueryRow(s.t.Context(), "SELECT count(*) FROM task WHERE status = 'Pending'").Scan(&n); err != nil || n == 0 {
			return
		}
		var d job.Delivery
		if err := s.db.Pool.QueryRow(s.t.Context(), "SELECT id, attempt, kind FROM task WHERE status = 'Pending' ORDER BY id LIMIT 1").Scan(&d.Task, &d.Attempt, &d.Of); err != nil {
			s.t.Fatal(err)
		}
		run, err := s.domain.Jobs.Begin(s.t.Context(), d, "test")
		if err != nil {
			s.t.Fatal(err)
		}
		var args job.RetentionArgs
		if err := run.Args(&args); err != nil {
			s.t.Fatal(err)
		}
		if err := s.domain.Retention.Run(s.t.Context(), run, args); err != nil {
			s.t.Fatal(err)
		}
		s.end(run, job.Outcome{})
	}
}

func TestAPolicyIsMadeLookedAtRunAndDeleted(t *testing.T) {
	s := newSite(t)
	p := s.project("private", false)
	s.image("private/app", "v1", "one")
	s.image("private/app", "v2", "two")
	s.image("private/team/web", "v1", "three")
	body := fmt.Sprintf(retentionBody, newestTen, p.ID, "0 0 0 * * 0")
	at := s.want(http.StatusCreated, "admin", "POST", "/retentions", body).header.Get("Location")
	at, _ = strings.CutPrefix(at, "/api/v2.0")
	got := s.want(http.StatusOK, "admin", "GET", at, "")
	policy := got.object(t)
	if got.header.Get("ETag") == "" || policy["algorithm"] != "or" || policy["scope"].(map[string]any)["ref"] != float64(p.ID) {
		t.Error(got.body)
	}
	settings := policy["trigger"].(map[string]any)["settings"].(map[string]any)
	if settings["cron"] != "0 0 0 * * 0" || settings["next_scheduled_time"] == nil {
		t.Error(settings)
	}
	if params := policy["rules"].([]any)[0].(map[string]any)["params"].(map[string]any); params["other"] != "kept" || params["latestPushedK"] != 1.0 {
		t.Error(params)
	}
	if m := s.want(http.StatusBadRequest, "admin", "POST", "/retentions", body).message(t); !strings.HasPrefix(m, "bad request: project ") {
		t.Error(m)
	}
	s.want(http.StatusPreconditionFailed, "admin", "PUT", at, body, "If-Match", `"2001-01-01T00:00:00.000Z"`)
	s.want(http.StatusOK, "admin", "PUT", at, body, "If-Match", got.header.Get("ETag"))

	preview := s.want(http.StatusOK, "admin", "GET", at+"/preview?page_size=5", "")
	told := preview.object(t)
	if preview.header.Get("X-Total-Count") != "1" || told["deleted"] != 1.0 || told["total"] != 3.0 || told["retained"] != 2.0 || told["bytes"].(float64) <= 0 {
		t.Error(preview.body)
	}
	doomed := told["items"].([]any)[0].(map[string]any)
	if doomed["repository"] != "app" || doomed["tags"].([]any)[0] != "v1" || doomed["rules"].([]any)[0] != 0.0 || doomed["push_time"] == nil {
		t.Error(doomed)
	}
	unsaved := s.want(http.StatusOK, "admin", "POST", "/retentions/preview", fmt.Sprintf(retentionBody, strings.ReplaceAll(newestTen, `"latestPushedK":1`, `"latestPushedK":0`), p.ID, ""))
	if unsaved.object(t)["deleted"] != 3.0 {
		t.Error(unsaved.body)
	}

	for _, dry := range []bool{true, false} {
		run := s.want(http.StatusCreated, "admin", "POST", at+"/executions", fmt.Sprintf(`{"dry_run":%t}`, dry)).header.Get("Location")
		run, _ = strings.CutPrefix(run, "/api/v2.0")
		s.want(http.StatusConflict, "admin", "POST", at+"/executions", `{"dry_run":true}`)
		waiting := s.want(http.StatusOK, "admin", "GET", at+"/executions", "").json(t).([]any)[0].(map[string]any)
		if waiting["status"] != "Pending" || waiting["end_time"] != "0001-01-01T00:00:00Z" || waiting["dry_run"] != dry || waiting["trigger"] != "MANUAL" {
			t.Error(waiting)
		}
		s.retain()
		tasks := s.want(http.StatusOK, "admin", "GET", run+"/tasks", "")
		all := tasks.json(t).([]any)
		if tasks.header.Get("X-Total-Count") != "2" || len(all) != 2 {
			t.Fatal(tasks.body)
		}
		task := all[1].(map[string]any)
		if task["repository"] != "app" || task["total"] != 2.0 || task["retained"] != 1.0 || task["status_code"] != 3.0 || task["status"] != "Success" {
			t.Error(task)
		}
		log := s.want(http.StatusOK, "admin", "GET", fmt.Sprintf("%s/tasks/%.0f", run, task["id"]), "")
		if log.header.Get("Content-Type") != "text/plain" || !strings.Contains(log.body, " DEL |") || !strings.Contains(log.body, fmt.Sprintf("Dry Run: %t", dry)) {
			t.Error(log.body)
		}
		s.want(http.StatusOK, "admin", "PATCH", run, `{"action":"stop"}`) // it has ended: nothing to stop
		if m := s.want(http.StatusBadRequest, "admin", "PATCH", run, `{"action":"pause"}`).message(t); m != "action should be 'stop'" {
			t.Error(m)
		}
	}
	s.want(http.StatusNotFound, "admin", "GET", "/projects/private/repositories/app/artifacts/v1", "")
	s.want(http.StatusOK, "admin", "GET", "/projects/private/repositories/app/artifacts/v2", "")
	s.want(http.StatusOK, "admin", "DELETE", at, "")
	s.want(http.StatusNotFound, "admin", "GET", at, "")
}

func TestARunIsOnlyFoundUnderItsOwnPolicy(t *testing.T) {
	s := newSite(t)
	mine, other := s.project("mine", false), s.project("other", false)
	s.image("other/app", "v1", "one")
	s.member(mine, s.user("carol"), 1)
	at := map[int64]string{}
	for _, p := range []project.Project{mine, other} {
		location := s.want(http.StatusCreated, "admin", "POST", "/retentions", fmt.Sprintf(retentionBody, newestTen, p.ID, "")).header.Get("Location")
		at[p.ID], _ = strings.CutPrefix(location, "/api/v2.0")
	}
	run := s.want(http.StatusCreated, "admin", "POST", at[other.ID]+"/executions", `{"dry_run":true}`).header.Get("Location")
	s.retain()
	id := run[strings.LastIndex(run, "/"):]
	task := s.want(http.StatusOK, "admin", "GET", at[other.ID]+"/executions"+id+"/tasks", "").json(t).([]any)[0].(map[string]any)["id"]
	s.want(http.StatusForbidden, "carol", "GET", at[other.ID], "")
	s.want(http.StatusForbidden, "carol", "GET", at[other.ID]+"/executions"+id+"/tasks", "")
	for _, path := range []string{"/tasks", fmt.Sprintf("/tasks/%.0f", task)} { // through the policy that is hers
		s.want(http.StatusNotFound, "carol", "GET", at[mine.ID]+"/executions"+id+path, "")
	}
	s.want(http.StatusNotFound, "carol", "PATCH", at[mine.ID]+"/executions"+id, `{"action":"stop"}`)
	s.want(http.StatusNotFound, "carol", "PUT", at[mine.ID], fmt.Sprintf(retentionBody, newestTen, other.ID, ""))
	s.want(http.StatusForbidden, "carol", "POST", "/retentions/preview", fmt.Sprintf(retentionBody, newestTen, other.ID, ""))
}

func TestAPolicyThatCannotBeSaysWhatIsWrong(t *testing.T) {
	s := newSite(t)
	p := s.project("private", false)
	body := func(rule string) string { return fmt.Sprintf(retentionBody, rule, p.ID, "") }
	for name, c := range map[string][2]string{
		"no scope":            {`{}`, "scope is missing"},
		"the system":          {`{"scope":{"level":"system","ref":0}}`, "scope system is not support"},
		"no project":          {`{"scope":{"level":"project","ref":0}}`, "invalid Project id 0"},
		"a project not there": {`{"scope":{"level":"project","ref":999}}`, "invalid Project id 999"},
		"another action":      {body(strings.Replace(newestTen, "retain", "delete", 1)), "the action of a retention rule is retain"},
		"by namespace":        {body(strings.Replace(newestTen, `"repository":`, `"namespace":`, 1)), "scope_selectors select by repository"},
		"a template":          {body(strings.Replace(newestTen, `"template":"latestPushedK"`, `"template":"x"`, 1)), "rules[0].template: unknown template"},
		"a negative number":   {body(strings.Replace(newestTen, `:1,`, `:-1,`, 1)), "rules[0].params.latestPushedK is less than zero"},
		"a cron":              {fmt.Sprintf(retentionBody, newestTen, p.ID, "0 0 * * *"), "invalid cron string"},
		"another trigger":     {strings.Replace(body(newestTen), `"Schedule"`, `"Event"`, 1), "trigger.kind is Schedule"},
	} {
		if m := s.want(http.StatusBadRequest, "admin", "POST", "/retentions", c[0]).message(t); !strings.HasPrefix(m, c[1]) {
			t.Errorf("%s: %s", name, m)
		}
	}
	if m := s.want(http.StatusConflict, "admin", "POST", "/retentions", body(newestTen+","+newestTen)).message(t); !strings.HasPrefix(m, "rule 1 is conflict with rule 0") {
		t.Error(m)
	}
	s.want(http.StatusUnprocessableEntity, "admin", "POST", "/retentions", `{"rules":{}}`)
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/retentions/x", "")
	meta := s.want(http.StatusOK, "admin", "GET", "/projects/private", "").object(t)["metadata"].(map[string]any)
	if _, there := meta["retention_id"]; there {
		t.Error(meta)
	}
	// What a client writes there is not taken.
	s.want(http.StatusOK, "admin", "PUT", "/projects/private/metadatas/retention_id", `{"retention_id":"77"}`)
	s.want(http.StatusNotFound, "admin", "GET", "/projects/private/metadatas/retention_id", "")
	s.want(http.StatusBadRequest, "admin", "DELETE", "/projects/private/metadatas/retention_id", "")
}
