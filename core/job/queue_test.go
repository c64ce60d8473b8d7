package job_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

func TestWhatIsQueuedInATransactionThatFailsIsNotThere(t *testing.T) {
	y := newYard(t)
	broken := errors.New("broken")
	err := store.InTx(t.Context(), y.db.Gorm, func(tx store.Tx) error {
		if _, err := y.StartIn(tx, job.Request{Args: manyArgs{1}, Trigger: job.Manual, By: boss}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if n := y.count("SELECT (SELECT count(*) FROM execution) + (SELECT count(*) FROM task) + (SELECT count(*) FROM river_job)"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	e := y.start(manyArgs{1})
	if n := y.count("SELECT count(*) FROM task t JOIN river_job r ON r.id = t.river_id WHERE t.execution_id = $1 AND r.state = 'available' AND r.priority = 1 AND r.queue = 'many'", e.ID); n != 1 {
		t.Error("no River job for the task")
	}
	if n := y.count("SELECT count(*) FROM audit_event WHERE resource_type = 'job' AND username = 'boss' AND description LIKE 'start job: MANY %'"); n != 1 {
		t.Error("the audit log does not have it")
	}
}

func TestOfASingleKindOneRunsAtATime(t *testing.T) {
	y := newYard(t)
	e := y.start(oneArgs{1})
	_, err := y.Start(t.Context(), job.Request{Args: oneArgs{2}, Trigger: job.Manual, By: boss})
	if !errors.Is(err, fault.ErrConflict) {
		t.Fatal(err)
	}
	if _, err := y.Start(t.Context(), job.Request{Args: oneArgs{2}, SubjectID: 7, Trigger: job.Manual, By: boss}); err != nil {
		t.Errorf("of another policy: %v", err)
	}
	y.end(y.begin(y.task(e.ID), "a"), job.Outcome{})
	y.start(oneArgs{3})
}

func TestAnExecutionSaysWhatItsTasksSay(t *testing.T) {
	y := newYard(t)
	e := y.many(3)
	if s := y.status(e.ID); s != job.Pending {
		t.Error(s)
	}
	tasks := y.tasks(e.ID)
	first := y.begin(tasks[0], "a")
	if s := y.status(e.ID); s != job.Running {
		t.Error(s)
	}
	y.end(first, job.Outcome{})
	y.end(y.begin(tasks[1], "a"), job.Outcome{Err: errors.New("no space"), Final: true})
	if s := y.status(e.ID); s != job.Running {
		t.Error(s)
	}
	y.end(y.begin(tasks[2], "a"), job.Outcome{Err: errors.New("canceled"), Stopped: true})
	got, err := y.Get(t.Context(), "MANY", e.ID)
	if err != nil || got.Status != job.Error || got.EndedAt == nil || got.Message != "1 of 3 tasks failed, one of them: no space" {
		t.Errorf("%+v, %v", got, err)
	}
	if p := got.Progress; p.Tasks != 3 || p.Ended != 3 || p.Failed != 1 {
		t.Errorf("%+v", p)
	}
	if err := y.Retry(t.Context(), boss, e.ID); err != nil {
		t.Fatal(err)
	}
	again := y.tasks(e.ID)
	if again[0].Attempt != 1 || again[0].Status != job.Success || again[1].Attempt != 2 || again[1].Status != job.Pending || again[2].Status != job.Pending {
		t.Errorf("%+v", again)
	}
	y.end(y.begin(again[1], "a"), job.Outcome{})
	y.end(y.begin(again[2], "a"), job.Outcome{})
	if s := y.status(e.ID); s != job.Success {
		t.Error(s)
	}
	if err := y.Retry(t.Context(), boss, e.ID); err == nil || !strings.Contains(err.Error(), "nothing of execution") {
		t.Error(err)
	}
}

func TestAFailureIsTriedAgainLaterAndThenAnError(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	first := y.begin(y.task(e.ID), "a")
	first.Progress(5, 10, 500)
	ended := y.end(first, job.Outcome{Err: errors.New("the other side is away")})
	if ended.Status != job.Scheduled || ended.Attempt != 2 || ended.Error != "the other side is away" || y.status(e.ID) != job.Running {
		t.Errorf("%+v", ended)
	}
	if n := y.count("SELECT count(*) FROM river_job WHERE id = $1 AND state = 'scheduled' AND scheduled_at BETWEEN now() + interval '50 seconds' AND now() + interval '70 seconds'", *y.task(e.ID).RiverID); n != 1 {
		t.Error("the next attempt does not come in a minute")
	}
	if _, err := y.Begin(t.Context(), job.Delivery{Task: ended.ID, Attempt: 1, Of: "MANY"}, "a"); !errors.Is(err, job.ErrLost) {
		t.Error(err)
	}
	second := y.begin(y.task(e.ID), "b")
	if second.Done() != 5 {
		t.Errorf("it goes on at %d", second.Done())
	}
	ended = y.end(second, job.Outcome{Err: errors.New("still away")})
	if ended.Status != job.Error || y.status(e.ID) != job.Error {
		t.Errorf("%+v", ended)
	}
	if text := y.log(ended); !strings.Contains(text, "[ERROR] the other side is away\n") || !strings.Contains(text, "[ERROR] still away\n") {
		t.Error(text)
	}
}

func TestStoppingEndsWhatWaitsAtOnceAndWhatRunsWhenItHeeds(t *testing.T) {
	y := newYard(t)
	e := y.many(2)
	tasks := y.tasks(e.ID)
	run := y.begin(tasks[0], "a")
	for range 2 { // the second time changes nothing
		if err := y.Stop(t.Context(), boss, "MANY", e.ID); err != nil {
			t.Fatal(err)
		}
	}
	now := y.tasks(e.ID)
	if now[0].Status != job.Running || !now[0].Stopping || now[1].Status != job.Stopped || y.status(e.ID) != job.Running {
		t.Errorf("%+v", now)
	}
	if _, err := y.Begin(t.Context(), job.Delivery{Task: tasks[1].ID, Attempt: 1, Of: "MANY"}, "a"); !errors.Is(err, job.ErrLost) {
		t.Errorf("what was stopped begins: %v", err)
	}
	stop, lost, err := y.Heartbeat(t.Context(), job.Pool{ID: "a"}, []*job.Run{run})
	if err != nil || len(lost) != 0 || len(stop) != 1 || stop[0] != run {
		t.Errorf("%v %v %v", stop, lost, err)
	}
	y.end(run, job.Outcome{Err: errors.New("canceled"), Stopped: true})
	if s := y.status(e.ID); s != job.Stopped {
		t.Error(s)
	}
	if err := y.Stop(t.Context(), boss, "", e.ID); err != nil {
		t.Errorf("of what has ended: %v", err)
	}
	for _, err := range []error{y.Stop(t.Context(), boss, "ONE", e.ID), y.Stop(t.Context(), boss, "", 999), y.StopJob(t.Context(), boss, "nosuch"), y.Retry(t.Context(), boss, 999), y.StopPending(t.Context(), boss, "NOSUCH")} {
		if !errors.Is(err, fault.ErrNotFound) {
			t.Error(err)
		}
	}
}

func TestJobsAreStoppedByNameByQueueAndAll(t *testing.T) {
	y := newYard(t)
	a, b, c := y.start(manyArgs{1}), y.start(manyArgs{2}), y.start(oneArgs{3})
	if err := y.StopJob(t.Context(), boss, y.task(a.ID).JobID); err != nil {
		t.Fatal(err)
	}
	if err := y.StopPending(t.Context(), boss, "many"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join([]string{y.status(a.ID), y.status(b.ID), y.status(c.ID)}, " "); got != "Stopped Stopped Pending" {
		t.Error(got)
	}
	run := y.begin(y.task(c.ID), "a")
	d := y.start(manyArgs{4})
	if err := y.StopJob(t.Context(), boss, job.All); err != nil {
		t.Fatal(err)
	}
	if stop, _, err := y.Heartbeat(t.Context(), job.Pool{ID: "a"}, []*job.Run{run}); err != nil || len(stop) != 1 || y.status(d.ID) != job.Pending {
		t.Errorf("%v, %v, %s", stop, err, y.status(d.ID))
	}
}

func TestQueuesTellWhatWaitsWhatRunsAndWhoPausedThem(t *testing.T) {
	y := newYard(t)
	e := y.many(3)
	y.begin(y.task(e.ID), "a")
	if err := y.SyncPaused(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := y.Pause(t.Context(), boss, "all"); err != nil {
		t.Fatal(err)
	}
	if err := y.Resume(t.Context(), boss, "one"); err != nil {
		t.Fatal(err)
	}
	states, err := y.Queues(t.Context())
	if err != nil || len(states) != 3 {
		t.Fatal(states, err)
	}
	many, one, scheduler := states[0], states[1], states[2]
	if many.Kind != "MANY" || many.Waiting != 2 || many.Running != 1 || many.Oldest == nil || many.PausedBy != "boss" || many.PausedAt == nil {
		t.Errorf("%+v", many)
	}
	if one.Kind != "ONE" || one.PausedAt != nil || scheduler.Kind != job.Scheduler || scheduler.PausedAt == nil {
		t.Errorf("%+v %+v", one, scheduler)
	}
	if n := y.count("SELECT count(*) FROM river_queue WHERE (name = 'many') = (paused_at IS NOT NULL) AND name IN ('many', 'one')"); n != 2 {
		t.Error("River does not know")
	}
	for queue, want := range map[string]bool{"all": true, "SCHEDULER": true, "many": true, "ONE": false} {
		if got, err := y.Paused(t.Context(), queue); err != nil || got != want {
			t.Errorf("%s: %t, %v", queue, got, err)
		}
	}
	if _, err := y.Paused(t.Context(), "nosuch"); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	y.exec("UPDATE river_queue SET paused_at = NULL") // as after River has forgotten it
	if err := y.SyncPaused(t.Context()); err != nil || y.count("SELECT count(*) FROM river_queue WHERE paused_at IS NOT NULL") != 1 {
		t.Errorf("a process that starts works on what is paused: %v", err)
	}
}
