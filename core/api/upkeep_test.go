package api_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
)

func TestUpkeepIsListedStepByStepForWhoMayWatchJobs(t *testing.T) {
	s := newSite(t)
	steps := func() map[string]map[string]any {
		t.Helper()
		out := map[string]map[string]any{}
		for _, each := range s.want(http.StatusOK, "admin", "GET", "/jobservice/upkeep", "").json(t).([]any) {
			step := each.(map[string]any)
			out[step["name"].(string)] = step
		}
		return out
	}
	at := steps()
	if len(at) != 11 || at[job.TagExpiry]["state"] != "waiting" || at[job.TagExpiry]["every"] != 30.0 || at[job.TagExpiry]["cron"] != "20,50 * * * * *" {
		t.Errorf("before anything has run: %v", at)
	}
	if _, given := at[job.TagExpiry]["start_time"]; given || at[job.TagExpiry]["took_ms"] != nil {
		t.Errorf("what has not run has run: %v", at[job.TagExpiry])
	}
	for _, run := range []job.StepRun{
		{Name: job.TagExpiry, Cron: "20,50 * * * * *", Took: 250 * time.Millisecond, Removed: 3, Host: "node-1", PID: 7},
		{Name: job.UploadExpiry, Cron: "0 */10 * * * *", Err: errors.New("the bucket does not answer"), Host: "node-1", PID: 7},
	} {
		if err := s.domain.Jobs.NoteStep(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	at = steps()
	tags, uploads := at[job.TagExpiry], at[job.UploadExpiry]
	if tags["state"] != "fine" || tags["removed"] != 3.0 || tags["total"] != 3.0 || tags["took_ms"] != 250.0 || tags["host"] != "node-1" || tags["pid"] != 7.0 || tags["success_time"] == nil || tags["error"] != nil {
		t.Errorf("%v", tags)
	}
	if uploads["state"] != "failing" || uploads["failures"] != 1.0 || uploads["error"] != "the bucket does not answer" || uploads["failing_since"] == nil || uploads["error_time"] == nil || uploads["success_time"] != nil {
		t.Errorf("%v", uploads)
	}
	s.user("stranger")
	s.want(http.StatusForbidden, "stranger", "GET", "/jobservice/upkeep", "")
	s.want(http.StatusUnauthorized, "", "GET", "/jobservice/upkeep", "")
}
