package job_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
)

// note keeps how a run of session expiry went.
func (y *yard) note(removed int64, failure string) {
	y.t.Helper()
	r := job.StepRun{Name: job.SessionExpiry, Cron: "0 */10 * * * *", Took: 1500 * time.Millisecond, Removed: removed, Host: "node-1", PID: 7}
	if failure != "" {
		r.Err = errors.New(failure)
	}
	if err := y.NoteStep(y.t.Context(), r); err != nil {
		y.t.Fatal(err)
	}
}

// expiry is what is known of session expiry.
func (y *yard) expiry() job.StepState {
	y.t.Helper()
	all, err := y.Upkeep(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	for _, s := range all {
		if s.Name == job.SessionExpiry {
			return s
		}
	}
	y.t.Fatal("it is not listed")
	return job.StepState{}
}

// written names the version of the row, and whether anybody has locked it.
func (y *yard) written() (out string) {
	y.t.Helper()
	if err := y.db.Pool.QueryRow(y.t.Context(), "SELECT xmin || ' ' || ctid || ' ' || xmax FROM upkeep").Scan(&out); err != nil {
		y.t.Fatal(err)
	}
	return out
}

func TestAFailureOfAStepIsKeptAndEndsWithASuccess(t *testing.T) {
	y := newYard(t)
	if s := y.expiry(); s.State != job.StepWaiting || s.StartedAt != nil || s.Every != 10*time.Minute {
		t.Errorf("before it has run: %+v", s)
	}
	y.note(5, "")
	if s := y.expiry(); s.State != job.StepFine || s.Removed != 5 || s.Total != 5 || s.TookMS != 1500 || s.Host != "node-1" || s.PID != 7 || s.SucceededAt.Sub(*s.StartedAt) != 1500*time.Millisecond {
		t.Errorf("a success: %+v", s)
	}
	y.note(2, "the disk is full")
	y.exec("UPDATE upkeep SET failing_since = failing_since - interval '1 hour'")
	y.note(0, "the disk is still full\x00"+strings.Repeat("ü", 5000))
	s := y.expiry()
	if s.State != job.StepFailing || s.Failures != 2 || s.FailedAt.Sub(*s.FailingSince) < time.Hour || s.Removed != 2 || s.Total != 7 {
		t.Errorf("failures: %+v", s)
	}
	if !strings.HasPrefix(s.Error, "the disk is still full\ufffdü") || len(s.Error) > 5000 || s.SucceededAt.After(*s.FailedAt) {
		t.Errorf("the error is %d bytes: %.60q", len(s.Error), s.Error)
	}
	y.note(0, "")
	if s := y.expiry(); s.State != job.StepFine || s.Failures != 0 || s.FailingSince != nil || s.Error == "" || s.FailedAt == nil || s.Removed != 2 {
		t.Errorf("a success after them: %+v", s)
	}
}

func TestARunThatDidNothingIsNotedOnceAMinute(t *testing.T) {
	y := newYard(t)
	y.note(0, "")
	first := y.written()
	for range 5 {
		y.note(0, "")
	}
	if now := y.written(); now != first || !strings.HasSuffix(now, " 0") {
		t.Errorf("a row that says the same was written or locked: %s, was %s", now, first)
	}
	for _, change := range []struct {
		what string
		do   func()
	}{
		{"a removal", func() { y.note(1, "") }},
		{"a failure", func() { y.note(0, "no") }},
		{"another failure", func() { y.note(0, "no") }},
		{"the end of the failures", func() { y.note(0, "") }},
		{"a minute later", func() {
			y.exec("UPDATE upkeep SET succeeded_at = now() - interval '61 seconds'")
			y.note(0, "")
		}},
	} {
		before := y.written()
		change.do()
		if y.written() == before {
			t.Errorf("%s is not written", change.what)
		}
	}
	last := y.written()
	y.note(0, "")
	if y.written() != last {
		t.Error("within the next minute it is written again")
	}
}

func TestStepsOfTwoProcessesAddUp(t *testing.T) {
	y := newYard(t)
	var all sync.WaitGroup
	for process := range 2 {
		all.Go(func() {
			for i := range 40 {
				r := job.StepRun{Name: job.SessionExpiry, Cron: "0 */10 * * * *", Removed: int64(i % 3), Host: fmt.Sprint("node-", process), PID: int64(process)}
				if i%5 == 0 {
					r.Err = errors.New("no")
				}
				if err := y.NoteStep(t.Context(), r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s := y.expiry()
	if s.Total != 2*39 || s.Host != fmt.Sprint("node-", s.PID) || (s.Failures > 0) != (s.FailingSince != nil) || s.Failures > 2 {
		t.Errorf("%+v", s)
	}
}

func TestAStepThatShouldHaveRunAgainIsLate(t *testing.T) {
	y := newYard(t)
	y.note(0, "")
	for ago, want := range map[string]string{"70 minutes": job.StepFine, "80 minutes": job.StepLate} {
		y.exec("UPDATE upkeep SET started_at = now() - $1::text::interval", ago)
		if s := y.expiry(); s.State != want {
			t.Errorf("%s after it began last it is %s, not %s", ago, s.State, want)
		}
	}
	y.note(0, "no")
	y.exec("UPDATE upkeep SET started_at = now() - interval '1 day'")
	if s := y.expiry(); s.State != job.StepFailing {
		t.Errorf("what failed last is %s", s.State)
	}
}

func TestUpkeepRunsRegularlyAndTagExpiryTwiceAMinute(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range job.Periodics() {
		schedule, err := p.Schedule()
		if err != nil {
			t.Fatal(err)
		}
		// Across the hour that daylight saving leaves out in Berlin.
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		at := schedule.Next(time.Date(2026, 3, 28, 22, 0, 0, 0, berlin))
		every := schedule.Next(at).Sub(at)
		for end := at.Add(6 * time.Hour); at.Before(end); at = schedule.Next(at) {
			if gap := schedule.Next(at).Sub(at); gap != every {
				t.Fatalf("%s at %s: %s until the next run, not %s", p.Kind, at, gap, every)
			}
		}
		for _, step := range p.Steps {
			if seen[step.Name] || step.Limit <= 0 {
				t.Errorf("the step %s is there twice, or has no limit", step.Name)
			}
			seen[step.Name] = true
			if step.Name == job.TagExpiry && every > 30*time.Second {
				t.Errorf("tags expire every %s", every)
			}
		}
	}
}

func TestEveryStepIsExplainedToPeople(t *testing.T) {
	for _, file := range []string{"../../docs/ops/upkeep.md", "../../portal/src/i18n/en/upkeep.json", "../../portal/src/i18n/zh-CN/upkeep.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range job.Periodics() {
			for _, step := range p.Steps {
				if !strings.Contains(string(text), step.Name) {
					t.Errorf("%s does not have %s", file, step.Name)
				}
			}
		}
	}
}
