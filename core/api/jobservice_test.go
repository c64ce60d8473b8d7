package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

const purgeBody = `{"schedule":{"type":"%s","cron":"%s"},"parameters":{"audit_retention_hour":24,"include_event_types":"pull_artifact,delete_artifact","dry_run":false}}`

// startPurge starts a purge and returns its id.
func (s *site) startPurge() string {
	s.t.Helper()
	at := s.want(http.StatusCreated, "admin", "POST", "/system/purgeaudit/schedule", fmt.Sprintf(purgeBody, "Manual", "")).header.Get("Location")
	id, ok := strings.CutPrefix(at, "/api/v2.0/system/purgeaudit/")
	if !ok || id == "0" {
		s.t.Fatal(at)
	}
	return id
}

// begin takes up the last task, as a worker does.
func (s *site) begin() *job.Run {
	s.t.Helper()
	var d job.Delivery
	if err := s.db.Pool.QueryRow(s.t.Context(), "SELECT id, attempt, kind FROM task ORDER BY id DESC LIMIT 1").Scan(&d.Task, &d.Attempt, &d.Of); err != nil {
		s.t.Fatal(err)
	}
	pool := job.Pool{ID: "0123456789abcdef01234567", Host: "one", PID: 7, Concurrency: 2}
	if _, _, err := s.domain.Jobs.Heartbeat(s.t.Context(), pool, nil); err != nil {
		s.t.Fatal(err)
	}
	run, err := s.domain.Jobs.Begin(s.t.Context(), d, pool.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return run
}

func (s *site) end(run *job.Run, o job.Outcome) {
	s.t.Helper()
	if _, err := run.End(s.t.Context(), o, func(store.Tx) error { return nil }); err != nil {
		s.t.Fatal(err)
	}
}

func (r response) object(t *testing.T) map[string]any {
	t.Helper()
	return r.json(t).(map[string]any)
}

func TestAPurgeIsStartedFollowedAndListed(t *testing.T) {
	s := newSite(t)
	id := s.startPurge()
	if m := s.want(http.StatusConflict, "admin", "POST", "/system/purgeaudit/schedule", fmt.Sprintf(purgeBody, "Manual", "")).message(t); !strings.Contains(m, "PURGE_AUDIT_LOG is under way already") {
		t.Error(m)
	}
	run := s.begin()
	if got := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit/"+id, "").object(t)["job_status"]; got != "Running" {
		t.Error(got)
	}
	if err := s.domain.Audit.Purge(t.Context(), run, job.PurgeArgs{RetentionHours: 24, EventTypes: []string{"pull_artifact"}}); err != nil {
		t.Fatal(err)
	}
	s.end(run, job.Outcome{})
	got := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit/"+id, "").object(t)
	parameters := got["job_parameters"].(string)
	if got["job_status"] != "Success" || got["job_kind"] != "MANUAL" || got["job_name"] != "PURGE_AUDIT_LOG" || got["schedule"].(map[string]any)["next_scheduled_time"] != "0001-01-01T00:00:00.000Z" {
		t.Error(got)
	}
	if !strings.HasPrefix(parameters, `{"audit_retention_hour":24,"dry_run":false,"include_event_types":"pull_artifact,delete_artifact","purged_entries":0,`) {
		t.Error(parameters)
	}
	list := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit?page_size=1&sort=-creation_time&q=job_status%3DSuccess", "")
	if list.header.Get("X-Total-Count") != "1" || !strings.Contains(list.body, `"id":`+id) {
		t.Error(list.body)
	}
	log := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit/"+id+"/log", "")
	if log.header.Get("Content-Type") != "text/plain" || !strings.Contains(log.body, "Z [INFO] keep 24 hours: entries before ") || !strings.HasSuffix(log.body, "[INFO] done\n") {
		t.Error(log.body)
	}
	for _, c := range [][2]string{{"GET", "/999"}, {"PUT", "/999"}, {"GET", "/999/log"}} {
		s.want(http.StatusNotFound, "admin", c[0], "/system/purgeaudit"+c[1], "")
	}
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/system/purgeaudit/x", "")
	s.want(http.StatusOK, "admin", "PUT", "/system/purgeaudit/"+id, "") // it has ended: nothing to stop
}

func TestAPurgeIsScheduledAndABadScheduleSaysWhatIsWrong(t *testing.T) {
	s := newSite(t)
	const at = "/system/purgeaudit/schedule"
	if r := s.want(http.StatusOK, "admin", "GET", at, ""); r.body != "" {
		t.Errorf("%q where Harbor has nothing", r.body)
	}
	s.want(http.StatusCreated, "admin", "POST", at, fmt.Sprintf(purgeBody, "Daily", "0 0 0 * * *"))
	s.want(http.StatusOK, "admin", "PUT", at, fmt.Sprintf(purgeBody, "Custom", "0 30 1 * * 1-5"))
	got := s.want(http.StatusOK, "admin", "GET", at, "").object(t)
	if got["job_kind"] != "0 30 1 * * 1-5" || got["schedule"].(map[string]any)["type"] != "Custom" {
		t.Error(got)
	}
	next, err := time.Parse(time.RFC3339, got["schedule"].(map[string]any)["next_scheduled_time"].(string))
	if err != nil || !next.After(time.Now()) || next.Minute() != 30 || next.Hour() != 1 {
		t.Error(next, err)
	}
	for body, says := range map[string]string{
		fmt.Sprintf(purgeBody, "Custom", "bad"):           "expected exactly 6 fields, found 1: [\"bad\"]",
		fmt.Sprintf(purgeBody, "Custom", "0 0 * * *"):     "expected exactly 6 fields, found 5",
		fmt.Sprintf(purgeBody, "Custom", "0 0 0 * * * *"): "expected exactly 6 fields, found 7",
		fmt.Sprintf(purgeBody, "Custom", "0 0 25 * * *"):  "field 3 (hours)",
		fmt.Sprintf(purgeBody, "Custom", ""):              "empty cron string for schedule",
		fmt.Sprintf(purgeBody, "Yearly", "0 0 0 * * *"):   "unknown schedule type",
		`{}`: "schedule cann't be empty",
		`{"schedule":{"type":"Daily","cron":"0 0 0 * * *"}}`:                                                                              "audit_retention_hour should provide",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":"24"}}`:                                                       "audit_retention_hour should provide",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":1.5}}`:                                                        "audit_retention_hour should provide",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":24}}`:                                                         "include_event_types should provide",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":-5,"include_event_types":"pull_artifact"}}`:                   "between 0 and 240000",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":240001,"include_event_types":"pull_artifact"}}`:               "between 0 and 240000",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":24,"include_event_types":"pull_all"}}`:                        "which is none of",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":24,"include_event_types":""}}`:                                "at least one kind",
		`{"schedule":{"type":"Manual"},"parameters":{"audit_retention_hour":24,"include_event_types":"pull_artifact","dry_run":"maybe"}}`: "dry_run should be",
	} {
		for _, method := range []string{"POST", "PUT"} {
			if m := s.want(http.StatusBadRequest, "admin", method, at, body).message(t); !strings.Contains(m, says) {
				t.Errorf("%s %s: %s", method, body, m)
			}
		}
	}
	if again := s.want(http.StatusOK, "admin", "GET", at, ""); !strings.Contains(again.body, "0 30 1 * * 1-5") {
		t.Error("what was refused has changed it", again.body)
	}
	list := s.want(http.StatusOK, "admin", "GET", "/schedules", "")
	if list.header.Get("X-Total-Count") != "1" || !strings.Contains(list.body, `"vendor_id":-1,"vendor_type":"PURGE_AUDIT_LOG"`) {
		t.Error(list.body)
	}
	id := list.json(t).([]any)[0].(map[string]any)["id"]
	if r := s.want(http.StatusCreated, "admin", "POST", fmt.Sprintf("/schedules/%v/run", id), ""); !strings.HasPrefix(r.header.Get("Location"), "/api/v2.0/jobservice/executions/") {
		t.Error(r.header)
	}
	s.want(http.StatusConflict, "admin", "POST", fmt.Sprintf("/schedules/%v/run", id), "")
	s.want(http.StatusNotFound, "admin", "POST", "/schedules/999/run", "")
	s.want(http.StatusOK, "admin", "PUT", at, `{"schedule":{"type":"None","cron":""},"parameters":{}}`)
	if r := s.want(http.StatusOK, "admin", "GET", at, ""); r.body != "" {
		t.Error(r.body)
	}
}

func TestAClientOfAnOlderHarborNamesOperations(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusCreated, "admin", "POST", "/system/purgeaudit/schedule",
		`{"schedule":{"type":"Hourly","cron":"0 0 * * * *"},"parameters":{"audit_retention_hour":24,"include_operations":"create,pull"}}`)
	got := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit/schedule", "").object(t)["job_parameters"]
	if got != `{"audit_retention_hour":24,"dry_run":false,"include_event_types":"create_artifact,create_project,create_user,create_robot,create_member,pull_artifact"}` {
		t.Error(got)
	}
}

func TestAJobIsFollowedStoppedAndTriedAgain(t *testing.T) {
	s := newSite(t)
	id := s.startPurge()
	run := s.begin()
	run.Infof("first")
	run.Infof("second")
	run.Progress(3, 12, 0)
	if err := run.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions/"+id, "").object(t)
	if p := e["progress"].(map[string]any); p["done"] != 3.0 || p["total"] != 12.0 || e["status"] != "Running" || e["username"] != "admin" || e["parameters"].(map[string]any)["retention_hours"] != 24.0 {
		t.Error(e)
	}
	tasks := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions/"+id+"/tasks", "")
	name := tasks.json(t).([]any)[0].(map[string]any)["job_id"].(string)
	if tasks.header.Get("X-Total-Count") != "1" || len(name) != 24 {
		t.Error(tasks.body)
	}
	var lines struct {
		Ended bool
		Next  int64
		Lines []struct{ Text string }
	}
	read := func(after int64) {
		t.Helper()
		body := s.want(http.StatusOK, "admin", "GET", fmt.Sprintf("/jobservice/jobs/%s/log/lines?after=%d", name, after), "").body
		lines.Lines = nil
		if err := json.Unmarshal([]byte(body), &lines); err != nil {
			t.Fatal(err)
		}
	}
	if read(1); lines.Ended || lines.Next != 2 || len(lines.Lines) != 1 || lines.Lines[0].Text != "second" {
		t.Errorf("%+v", lines)
	}
	workers := s.want(http.StatusOK, "admin", "GET", "/jobservice/pools/all/workers", "").json(t).([]any)
	if len(workers) != 2 || workers[0].(map[string]any)["job_id"] != name || workers[0].(map[string]any)["check_in"] != "3 of 12" || workers[1].(map[string]any)["job_id"] != nil {
		t.Error(workers)
	}
	s.want(http.StatusOK, "admin", "GET", "/jobservice/pools/0123456789abcdef01234567/workers", "")
	s.want(http.StatusNotFound, "admin", "GET", "/jobservice/pools/nosuch/workers", "")

	s.want(http.StatusPreconditionFailed, "admin", "PUT", "/jobservice/executions/"+id+"/retry", "")
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/jobs/"+name, "")
	if body := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions/"+id, "").body; !strings.Contains(body, `"status":"Running","stopping":true`) {
		t.Error(body)
	}
	s.end(run, job.Outcome{Err: job.ErrStopped, Stopped: true})
	if read(2); !lines.Ended || lines.Lines[0].Text != "stopped" {
		t.Errorf("%+v", lines)
	}
	log := s.want(http.StatusOK, "admin", "GET", "/jobservice/jobs/"+name+"/log", "")
	if log.header.Get("Content-Type") != "text/plain" || strings.Count(log.body, "\n") != 3 {
		t.Error(log.body)
	}
	list := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions?q=status%3DStopped,kind%3DPURGE_AUDIT_LOG", "")
	if list.header.Get("X-Total-Count") != "1" {
		t.Error(list.body)
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/executions/"+id+"/retry", "")
	if body := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions/"+id, "").body; !strings.Contains(body, `"status":"Pending"`) {
		t.Error(body)
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/executions/"+id+"/stop", "")
	if body := s.want(http.StatusOK, "admin", "GET", "/jobservice/executions/"+id, "").body; !strings.Contains(body, `"status":"Stopped"`) {
		t.Error(body)
	}
	for _, path := range []string{"GET /jobservice/executions/999", "GET /jobservice/executions/999/tasks", "PUT /jobservice/executions/999/stop", "PUT /jobservice/executions/999/retry", "PUT /jobservice/jobs/nosuch", "GET /jobservice/jobs/nosuch/log", "GET /jobservice/jobs/nosuch/log/lines"} {
		method, at, _ := strings.Cut(path, " ")
		s.want(http.StatusNotFound, "admin", method, at, "")
	}
	if log := s.want(http.StatusOK, "admin", "GET", "/auditlog-exts?q=resource_type%3Djob&sort=id", ""); log.header.Get("X-Total-Count") != "4" {
		t.Error(log.body)
	}
}

func TestQueuesArePausedResumedAndEmptied(t *testing.T) {
	s := newSite(t)
	id := s.startPurge()
	queue := func() (purge, scheduler map[string]any) {
		t.Helper()
		for _, each := range s.want(http.StatusOK, "admin", "GET", "/jobservice/queues", "").json(t).([]any) {
			switch row := each.(map[string]any); row["job_type"] {
			case "PURGE_AUDIT_LOG":
				purge = row
			case "SCHEDULER":
				scheduler = row
			}
		}
		return purge, scheduler
	}
	if purge, _ := queue(); purge["job_type"] != "PURGE_AUDIT_LOG" || purge["count"] != 1.0 || purge["paused"] != false {
		t.Error(purge)
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/queues/purge_audit_log", `{"action":"pause"}`)
	purge, scheduler := queue()
	if purge["paused"] != true || purge["paused_by"] != "admin" || scheduler["job_type"] != "SCHEDULER" || scheduler["paused"] != false {
		t.Error(purge, scheduler)
	}
	s.user("alice")
	for path, want := range map[string]string{"PURGE_AUDIT_LOG": "true", "all": "false", "scheduler": "false"} {
		if body := s.want(http.StatusOK, "alice", "GET", "/schedules/"+path+"/paused", "").body; body != `{"paused":`+want+"}\n" {
			t.Errorf("%s: %s", path, body)
		}
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/queues/all", `{"action":"pause"}`)
	if body := s.want(http.StatusOK, "alice", "GET", "/schedules/all/paused", "").body; body != "{\"paused\":true}\n" {
		t.Error(body)
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/queues/all", `{"action":"resume"}`)
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/queues/all", `{"action":"stop"}`)
	if got := s.want(http.StatusOK, "admin", "GET", "/system/purgeaudit/"+id, "").object(t)["job_status"]; got != "Stopped" {
		t.Error(got)
	}
	if purge, _ := queue(); purge["count"] != nil || purge["paused"] != false {
		t.Error(purge)
	}
	s.want(http.StatusUnprocessableEntity, "admin", "PUT", "/jobservice/queues/all", `{"action":"explode"}`)
	s.want(http.StatusUnprocessableEntity, "admin", "PUT", "/jobservice/queues/all", `{}`)
	s.want(http.StatusNotFound, "admin", "PUT", "/jobservice/queues/NOSUCH", `{"action":"pause"}`)
	s.want(http.StatusNotFound, "admin", "GET", "/schedules/NOSUCH/paused", "")
	s.want(http.StatusForbidden, "alice", "GET", "/jobservice/queues", "")
}
