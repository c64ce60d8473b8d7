package job_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
)

func TestACronHasSixFieldsAndABadOneNamesTheField(t *testing.T) {
	for spec, next := range map[string]string{
		"0 0 0 * * *":        "2026-03-02 00:00", // daily
		"0 0 0 * * 0":        "2026-03-08 00:00", // the 1st is a Sunday
		"0 */15 * * * *":     "2026-03-01 10:45",
		"0 0 2 29 2 *":       "2028-02-29 02:00",
		"0 0 12 * * MON-FRI": "2026-03-02 12:00",
		"0  0\t0 1 1 ?":      "2027-01-01 00:00",
		"0 30 2 29 3 *":      "2026-03-29 02:30", // an hour that many clocks do not have
	} {
		c, err := job.ParseCron(spec)
		if err != nil {
			t.Errorf("%q: %v", spec, err)
			continue
		}
		if got := c.Next(time.Date(2026, 3, 1, 10, 30, 0, 0, time.UTC)).Format("2006-01-02 15:04"); got != next {
			t.Errorf("%q: %s, want %s", spec, got, next)
		}
	}
	for spec, says := range map[string]string{
		"":                         "expected exactly 6 fields, found 0",
		"bad":                      "expected exactly 6 fields, found 1: [\"bad\"]",
		"0 0 * * *":                "expected exactly 6 fields, found 5",
		"0 0 0 * * * *":            "expected exactly 6 fields, found 7",
		"@daily":                   "found 1",
		"5 0 0 * * *":              "field 1 (seconds) must be 0",
		"0 60 0 * * *":             "field 2 (minutes)",
		"0 0 24 * * *":             "field 3 (hours)",
		"0 0 0 0 * *":              "field 4 (day of month)",
		"0 0 0 * 13 *":             "field 5 (month)",
		"0 0 0 * * MOO":            "field 6 (day of week)",
		"0 */0 0 * * *":            "field 2 (minutes)",
		"0 5-1 0 * * *":            "field 2 (minutes)",
		"0 0 0 31 2 *":             "never comes",
		"TZ=Asia/Tokyo 0 0 * * *":  "field 1 (seconds)",
		"0 CRON_TZ=UTC 0 * * *":    "field 2 (minutes)",
		"0 0 -1 * * *":             "field 3 (hours)",
		"0 0 1e9 * * *":            "field 3 (hours)",
		"0 0 \u0660 * * *":         "field 3 (hours)",
		strings.Repeat("9 ", 5000): "found 5000",
	} {
		_, err := job.ParseCron(spec)
		if f, ok := fault.As(err); !ok || f.Kind != fault.KindInvalid || f.Field != "cron" || !strings.Contains(f.Message, says) || len(f.Message) > 12_000 {
			t.Errorf("%.60q: %v", spec, err)
		}
	}
}

func FuzzParseCron(f *testing.F) {
	for _, seed := range []string{"0 0 0 * * *", "0 */5 1-2,4 ? JAN SUN", "TZ= 0 0 0 0 0", "0 0 0 */9999999999 * *", "0 0 0 * * */-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		c, err := job.ParseCron(spec)
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatal(err)
			}
			return
		}
		if now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); !c.Next(now).After(now) {
			t.Fatalf("%q is next at %s", spec, c.Next(now))
		}
	})
}

func (y *yard) plan(p job.Plan) {
	y.t.Helper()
	if err := y.Schedule(y.t.Context(), boss, p); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) due() int {
	y.t.Helper()
	n, err := y.Due(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	return n
}

func (y *yard) executions() int {
	y.t.Helper()
	return y.count("SELECT count(*) FROM execution")
}

func TestATimeMakesOneRunHoweverManyProcessesAsk(t *testing.T) {
	y := newYard(t)
	y.plan(job.Plan{Args: manyArgs{1}, CronType: job.Hourly})
	if y.due() != 0 {
		t.Fatal("not yet")
	}
	y.now = y.now.Add(time.Hour)
	var asking sync.WaitGroup
	for range 10 {
		asking.Go(func() {
			if _, err := y.Due(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if y.executions() != 1 {
		t.Fatalf("%d runs", y.executions())
	}
	y.now = y.now.Add(100 * time.Hour) // nobody was there
	if n := y.due(); n != 1 || y.executions() != 2 {
		t.Errorf("%d runs for what was missed", n)
	}
	s, err := y.ScheduleOf(t.Context(), "MANY", 0)
	if err != nil || !s.NextAt.Equal(time.Date(2026, 3, 5, 16, 0, 0, 0, time.UTC)) || s.LastAt == nil || !s.LastAt.Equal(y.now) || s.Skipped != "" {
		t.Errorf("%+v, %v", s, err)
	}
	e, err := y.List(t.Context(), job.Filter{}, page.Page{})
	if err != nil || e.Items[0].Trigger != job.BySchedule || e.Items[0].Username != "boss" || e.Items[0].Parameters != `{"N": 1}` {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestAScheduleSaysWhyItMadeNoRun(t *testing.T) {
	y := newYard(t)
	y.plan(job.Plan{Args: oneArgs{1}, CronType: job.Custom, Cron: "0 */5 * * * *"})
	busy := y.start(oneArgs{2})
	y.now = y.now.Add(5 * time.Minute)
	if y.due() != 0 || y.executions() != 1 {
		t.Fatal("a second one of a single kind runs")
	}
	s, err := y.ScheduleOf(t.Context(), "ONE", 0)
	if err != nil || !strings.Contains(s.Skipped, "under way already") || !s.NextAt.After(y.now) {
		t.Errorf("%+v, %v", s, err)
	}
	y.end(y.begin(y.task(busy.ID), "a"), job.Outcome{})
	y.now = y.now.Add(5 * time.Minute)
	if y.due() != 1 {
		t.Error("it does not go on")
	}
	if s, err := y.ScheduleOf(t.Context(), "ONE", 0); err != nil || s.Skipped != "" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestPausedSchedulesStartNothingAndThenOneRun(t *testing.T) {
	y := newYard(t)
	y.plan(job.Plan{Args: manyArgs{1}, CronType: job.Custom, Cron: "0 * * * * *"})
	if err := y.Pause(t.Context(), boss, "scheduler"); err != nil {
		t.Fatal(err)
	}
	y.now = y.now.Add(time.Hour)
	if y.due() != 0 {
		t.Fatal("it runs")
	}
	if err := y.Resume(t.Context(), boss, "scheduler"); err != nil {
		t.Fatal(err)
	}
	if y.due() != 1 {
		t.Error("not one run")
	}
}

func TestSchedulesAreSetChangedRunAndRemoved(t *testing.T) {
	y := newYard(t)
	y.plan(job.Plan{Args: manyArgs{1}, CronType: job.Daily})
	first, err := y.ScheduleOf(t.Context(), "MANY", 0)
	if err != nil || first.Cron != "0 0 0 * * *" {
		t.Fatal(first, err)
	}
	y.plan(job.Plan{Args: manyArgs{2}, CronType: job.Weekly, Cron: "0 0 3 * * 6"})
	second, err := y.ScheduleOf(t.Context(), "MANY", 0)
	if err != nil || second.ID != first.ID || second.CronType != job.Weekly || second.Parameters != `{"N": 2}` {
		t.Errorf("%+v, %v", second, err)
	}
	e, err := y.RunNow(t.Context(), boss, second.ID)
	if err != nil || e.Trigger != job.Manual || e.Parameters != `{"N": 2}` {
		t.Errorf("%+v, %v", e, err)
	}
	for _, bad := range []job.Plan{{Args: manyArgs{}, CronType: "Yearly"}, {Args: manyArgs{}, CronType: job.Custom}, {Args: manyArgs{}, CronType: job.Daily, Cron: "x"}} {
		if err := y.Schedule(t.Context(), boss, bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	list, err := y.Schedules(t.Context(), page.Page{})
	if err != nil || list.Total != 1 {
		t.Error(list, err)
	}
	for range 2 {
		if err := y.Unschedule(t.Context(), boss, "MANY", 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := y.ScheduleOf(t.Context(), "MANY", 0); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	if _, err := y.RunNow(t.Context(), boss, second.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	if n := y.count("SELECT count(*) FROM audit_event WHERE resource_type = 'schedule'"); n != 3 {
		t.Errorf("%d entries in the audit log", n)
	}
}
