package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

const collectBody = `{"schedule":{"type":"%s","cron":"%s"},"parameters":{"delete_untagged":true,"workers":3,"dry_run":%t}}`

// parameters reads the text in which Harbor has what a run was told and what it found.
func parameters(t *testing.T, run map[string]any) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(run["job_parameters"].(string)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestACollectionIsStartedFollowedAndListed(t *testing.T) {
	s := newSite(t)
	s.project("web", true)
	s.image("web/app", "v1", "one")
	at := s.want(http.StatusCreated, "admin", "POST", "/system/gc/schedule", fmt.Sprintf(collectBody, "Manual", "", false)).header.Get("Location")
	id, ok := strings.CutPrefix(at, "/api/v2.0/system/gc/")
	if !ok || id == "0" {
		t.Fatal(at)
	}
	if m := s.want(http.StatusConflict, "admin", "POST", "/system/gc/schedule", fmt.Sprintf(collectBody, "Manual", "", false)).message(t); !strings.Contains(m, "GARBAGE_COLLECTION is under way already") {
		t.Error(m)
	}
	run := s.begin()
	var args job.CollectArgs
	if err := run.Args(&args); err != nil || !args.DeleteUntagged || args.Workers != 3 || args.DryRun || args.EmptyBin {
		t.Errorf("%+v, %v", args, err)
	}
	if _, err := s.db.Pool.Exec(t.Context(), "UPDATE artifact SET deleted_at = now(); DELETE FROM tag; UPDATE blob SET lease_until = now(); UPDATE repository_blob SET lease_until = now()"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Pool.Exec(t.Context(), "INSERT INTO gc_candidate (kind, id, not_before) SELECT 'artifact', id, now() FROM artifact"); err != nil {
		t.Fatal(err)
	}
	if err := s.domain.Garbage.Run(t.Context(), run, args); err != nil {
		t.Fatal(err)
	}
	s.end(run, job.Outcome{})
	got := s.want(http.StatusOK, "admin", "GET", "/system/gc/"+id, "").object(t)
	p := parameters(t, got)
	if got["job_status"] != "Success" || got["job_kind"] != "MANUAL" || got["job_name"] != "GARBAGE_COLLECTION" ||
		p["purged_manifests"] != 1.0 || p["purged_blobs"] == 0.0 || p["freed_space"] == 0.0 || p["delete_tag"] != false || p["time_window"] != 24.0 || p["dry_run"] != false || p["workers"] != 3.0 {
		t.Error(got)
	}
	progress, ok := got["progress"].(map[string]any)
	if !ok || progress["bytes"] != p["freed_space"] || progress["done"] != progress["total"] {
		t.Errorf("progress %v, %v bytes freed", progress, p["freed_space"])
	}
	list := s.want(http.StatusOK, "admin", "GET", "/system/gc?page_size=1&sort=-creation_time", "")
	if list.header.Get("X-Total-Count") != "1" || !strings.Contains(list.body, `"id":`+id) {
		t.Error(list.body)
	}
	log := s.want(http.StatusOK, "admin", "GET", "/system/gc/"+id+"/log", "")
	if log.header.Get("Content-Type") != "text/plain" || !strings.Contains(log.body, "[INFO] delete untagged artifacts: true") {
		t.Error(log.body)
	}
	for _, c := range [][2]string{{"GET", "/999"}, {"PUT", "/999"}, {"GET", "/999/log"}} {
		if m := s.want(http.StatusNotFound, "admin", c[0], "/system/gc"+c[1], "").message(t); m != "garbage collection execution 999 not found" {
			t.Error(m)
		}
	}
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/system/gc/x", "")
	s.want(http.StatusOK, "admin", "PUT", "/system/gc/"+id, "") // it has ended: nothing to stop

	sum := s.want(http.StatusOK, "admin", "GET", "/system/storage", "").object(t)
	if sum["freed_today"].(map[string]any)["manifests"] != 1.0 || sum["paused"] != false || fmt.Sprint(sum["last_run"].(map[string]any)["id"]) != id || sum["last_check"] != nil {
		t.Error(sum)
	}
	s.want(http.StatusOK, "admin", "PUT", "/jobservice/queues/GARBAGE_COLLECTION", `{"action":"pause"}`)
	if got := s.want(http.StatusOK, "admin", "GET", "/system/storage", "").object(t)["paused"]; got != true {
		t.Error("it does not say that it rests")
	}
}

func TestACollectionIsScheduledAndWhatIsWrongIsSaid(t *testing.T) {
	s := newSite(t)
	const at = "/system/gc/schedule"
	if r := s.want(http.StatusOK, "admin", "GET", at, ""); r.body != "" {
		t.Errorf("%q where Harbor has nothing", r.body)
	}
	s.want(http.StatusCreated, "admin", "POST", at, fmt.Sprintf(collectBody, "Daily", "0 0 0 * * *", false))
	s.want(http.StatusOK, "admin", "PUT", at, fmt.Sprintf(collectBody, "Custom", "0 30 1 * * 1-5", false))
	got := s.want(http.StatusOK, "admin", "GET", at, "").object(t)
	if got["job_kind"] != "0 30 1 * * 1-5" || got["job_parameters"] != `{"delete_tag":false,"delete_untagged":true,"workers":3}` {
		t.Error(got)
	}
	for body, says := range map[string]string{
		fmt.Sprintf(collectBody, "Custom", "bad", false):         "expected exactly 6 fields, found 1",
		fmt.Sprintf(collectBody, "Custom", "0 0 * * *", false):   "expected exactly 6 fields, found 5",
		fmt.Sprintf(collectBody, "Yearly", "0 0 0 * * *", false): "unknown schedule type",
		`{}`: "schedule cann't be empty",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":0}}`:         "workers should be a whole number from 1 to 10, not 0",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":11}}`:        "from 1 to 10, not 11",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":-1}}`:        "from 1 to 10, not -1",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":1.5}}`:       "workers should be a whole number",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":"2"}}`:       "workers should be a whole number",
		`{"schedule":{"type":"Manual"},"parameters":{"workers":1e300}}`:     "workers should be a whole number",
		`{"schedule":{"type":"Manual"},"parameters":{"dry_run":"maybe"}}`:   "dry_run should be true or false",
		`{"schedule":{"type":"Manual"},"parameters":{"delete_untagged":1}}`: "delete_untagged should be true or false",
		`{"schedule":{"type":"Manual"},"parameters":{"delete_tag":true}}`:   "delete_tag is not supported",
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
	s.want(http.StatusOK, "admin", "PUT", at, `{"schedule":{"type":"None"},"parameters":{}}`)
	if r := s.want(http.StatusOK, "admin", "GET", at, ""); r.body != "" {
		t.Error(r.body)
	}
	list := s.want(http.StatusOK, "admin", "GET", "/system/gc", "")
	if list.header.Get("X-Total-Count") != "0" {
		t.Error("something was started", list.body)
	}
}

func TestTheStorageIsCheckedAndFindingsNameWhatTheyBreak(t *testing.T) {
	s := newSite(t)
	s.project("web", true)
	s.image("web/app", "v1", "one")
	const at = "/system/storage/checks/schedule"
	for body, says := range map[string]string{
		`{"schedule":{"type":"Manual"},"parameters":{"rate":1}}`:       "rate should be from",
		`{"schedule":{"type":"Manual"},"parameters":{"rate":"fast"}}`:  "rate should be a whole number",
		`{"schedule":{"type":"Manual"},"parameters":{"verify":"yes"}}`: "verify should be true or false",
		`{"schedule":{"type":"Manual"},"parameters":{"force":1}}`:      "force should be true or false",
		`{"schedule":{"type":"Custom","cron":"bad"},"parameters":{}}`:  "expected exactly 6 fields",
	} {
		if m := s.want(http.StatusBadRequest, "admin", "PUT", at, body).message(t); !strings.Contains(m, says) {
			t.Errorf("%s: %s", body, m)
		}
	}
	s.want(http.StatusOK, "admin", "PUT", at, `{"schedule":{"type":"Weekly"},"parameters":{"verify":true}}`)
	if got := s.want(http.StatusOK, "admin", "GET", at, "").object(t); parameters(t, got)["verify"] != true || parameters(t, got)["rate"] != float64(gc.DefaultRate) {
		t.Error(got)
	}
	where := s.want(http.StatusCreated, "admin", "POST", at, `{"schedule":{"type":"Manual"},"parameters":{}}`).header.Get("Location")
	if !strings.HasPrefix(where, "/api/v2.0/jobservice/executions/") {
		t.Error(where)
	}
	run := s.begin()
	if err := s.domain.Garbage.Check(t.Context(), run, job.CheckStorageArgs{Rate: gc.DefaultRate}); err != nil { // the test's images have no bytes
		t.Fatal(err)
	}
	s.end(run, job.Outcome{})
	last := s.want(http.StatusOK, "admin", "GET", "/system/storage/checks", "")
	if last.header.Get("X-Total-Count") != "1" || !strings.Contains(last.body, `\"missing\":`) {
		t.Error(last.body)
	}
	found := s.want(http.StatusOK, "admin", "GET", "/system/storage/findings?sort=-size&q=kind%3Dmissing", "")
	if found.header.Get("X-Total-Count") == "0" || !strings.Contains(found.body, `"repository_name":"web/app","tag":"v1"`) || !strings.Contains(found.body, `"artifact_count":1`) {
		t.Error(found.body)
	}
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/system/storage/findings?page=-1", "")
	if sum := s.want(http.StatusOK, "admin", "GET", "/system/storage", "").object(t); sum["missing"] == 0.0 || sum["last_check"] == nil {
		t.Error(sum)
	}
}

// Emptying the recycle bin is more than collecting.
func TestOnlyASystemAdministratorEmptiesTheRecycleBin(t *testing.T) {
	s := newSite(t)
	const body = `{"schedule":{"type":"Manual"},"parameters":{"empty_bin":true}}`
	_, as := s.robot("collector", "", inSystem(rbac.On(rbac.GarbageCollection, rbac.Create)))
	if m := s.want(http.StatusForbidden, as, "POST", "/system/gc/schedule", body).message(t); !strings.Contains(m, "only a system administrator can empty the recycle bin") {
		t.Error(m)
	}
	s.want(http.StatusCreated, as, "POST", "/system/gc/schedule", `{"schedule":{"type":"Manual"},"parameters":{}}`)
	run := s.begin()
	s.end(run, job.Outcome{})
	s.want(http.StatusCreated, "admin", "POST", "/system/gc/schedule", body)
}
