package job_test

import (
	"errors"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

// planArgs are of a task that makes others.
type planArgs struct{ N int }

func (planArgs) Kind() string { return "MANY" }
func (planArgs) Plans() bool  { return true }

// planned starts an execution of n tasks, of which so many run at a time, as a plan
// makes them.
func (y *yard) planned(n, concurrency int) job.Execution {
	y.t.Helper()
	e, err := y.Start(y.t.Context(), job.Request{Args: planArgs{n}, SubjectID: 3, Trigger: job.Manual, By: boss, Concurrency: concurrency})
	if err != nil {
		y.t.Fatal(err)
	}
	run := y.begin(y.task(e.ID), "a")
	run.AtEnd(func(tx store.Tx) error {
		all := make([]job.Args, n)
		for i := range all {
			all[i] = manyArgs{i}
		}
		return y.AddTasks(tx, e.ID, all...)
	})
	y.end(run, job.Outcome{})
	return e
}

func (y *yard) queued(execution int64) int {
	y.t.Helper()
	return y.count("SELECT count(*) FROM task t JOIN river_job r ON r.id = t.river_id AND r.state = 'available' WHERE t.execution_id = $1 AND t.status = 'Pending' AND NOT t.held", execution)
}

func TestAPlanMakesTheTasksAndIsNotCountedAmongThem(t *testing.T) {
	y := newYard(t)
	e := y.planned(3, 0)
	got, err := y.Get(t.Context(), "MANY", e.ID)
	if err != nil || got.Status != job.Running || got.Progress.Tasks != 3 || got.Progress.Ended != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if n := y.queued(e.ID); n != 3 {
		t.Errorf("%d tasks are queued", n)
	}
	for _, task := range y.tasks(e.ID)[1:] {
		y.end(y.begin(task, "a"), job.Outcome{})
	}
	got, err = y.Get(t.Context(), "MANY", e.ID)
	if err != nil || got.Status != job.Success || got.Progress.Succeeded != 3 || got.Progress.Tasks != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPlanThatFailsIsWhatTheExecutionSays(t *testing.T) {
	y := newYard(t)
	e, err := y.Start(t.Context(), job.Request{Args: planArgs{1}, Trigger: job.Manual, By: boss})
	if err != nil {
		t.Fatal(err)
	}
	y.end(y.begin(y.task(e.ID), "a"), job.Outcome{Err: errors.New("nobody answers"), Final: true})
	got, err := y.Get(t.Context(), "MANY", e.ID)
	if err != nil || got.Status != job.Error || got.Message != "nobody answers" || got.Progress.Tasks != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSoManyTasksOfAnExecutionRunAtATime(t *testing.T) {
	y := newYard(t)
	e := y.planned(5, 2)
	if n := y.queued(e.ID); n != 2 {
		t.Fatalf("%d tasks are queued, want 2", n)
	}
	y.exec("UPDATE task SET updated_at = now() - interval '1 hour'")
	if moved, err := y.Rescue(t.Context()); err != nil || moved != 0 {
		t.Errorf("what is held back was queued: %d, %v", moved, err)
	}
	tasks := y.tasks(e.ID)[1:]
	run := y.begin(tasks[0], "a")
	if n := y.queued(e.ID); n != 1 {
		t.Errorf("%d wait beside the one that runs, want 1", n)
	}
	// One that will be tried again keeps its place.
	y.end(run, job.Outcome{Err: errors.New("no route")})
	if n := y.count("SELECT count(*) FROM task WHERE execution_id = $1 AND held", e.ID); n != 3 {
		t.Errorf("%d are held back, want 3", n)
	}
	y.end(y.begin(y.tasks(e.ID)[1], "a"), job.Outcome{Err: errors.New("no route")})
	if n := y.count("SELECT count(*) FROM task WHERE execution_id = $1 AND held", e.ID); n != 2 {
		t.Errorf("%d are held back after one has failed for good, want 2", n)
	}
	for range 4 {
		for _, task := range y.tasks(e.ID)[1:] {
			if task.Status == job.Pending && !task.Held {
				y.end(y.begin(task, "a"), job.Outcome{})
				break
			}
		}
	}
	if s := y.status(e.ID); s != job.Error {
		t.Errorf("the execution is %s", s)
	}
	// Retrying holds back too.
	if err := y.Retry(t.Context(), boss, e.ID); err != nil {
		t.Fatal(err)
	}
	y.end(y.begin(y.tasks(e.ID)[1], "a"), job.Outcome{})
	if s := y.status(e.ID); s != job.Success {
		t.Errorf("the execution is %s", s)
	}
}

func TestStoppingAnExecutionQueuesNothingOfIt(t *testing.T) {
	y := newYard(t)
	e := y.planned(5, 1)
	if err := y.Stop(t.Context(), boss, "MANY", e.ID); err != nil {
		t.Fatal(err)
	}
	if n := y.queued(e.ID); n != 0 || y.status(e.ID) != job.Stopped {
		t.Errorf("%d are queued, the execution is %s", n, y.status(e.ID))
	}
	if err := y.Retry(t.Context(), boss, e.ID); err != nil {
		t.Fatal(err)
	}
	if n := y.queued(e.ID); n != 1 {
		t.Errorf("%d are queued again, want 1", n)
	}
}

func TestStoppingOneTaskLetsTheNextBegin(t *testing.T) {
	y := newYard(t)
	e := y.planned(3, 1)
	if err := y.StopJob(t.Context(), boss, y.tasks(e.ID)[1].JobID); err != nil {
		t.Fatal(err)
	}
	if n := y.queued(e.ID); n != 1 {
		t.Errorf("%d are queued, want 1", n)
	}
	if err := y.StopPending(t.Context(), boss, "MANY"); err != nil {
		t.Fatal(err)
	}
	if n := y.queued(e.ID); n != 0 || y.status(e.ID) != job.Stopped {
		t.Errorf("%d are queued, the execution is %s", n, y.status(e.ID))
	}
}

func TestTheHistoryOfASubjectGoesWithIt(t *testing.T) {
	y := newYard(t)
	e := y.planned(1, 0)
	forget := func() error {
		return store.InTx(t.Context(), y.db.Gorm, func(tx store.Tx) error { return y.Forget(tx, "MANY", 3) })
	}
	if err := forget(); err == nil {
		t.Error("what is under way was forgotten")
	}
	y.end(y.begin(y.tasks(e.ID)[1], "a"), job.Outcome{})
	latest, err := y.Latest(t.Context(), "MANY", []int64{3, 4})
	if err != nil || len(latest) != 1 || latest[3].ID != e.ID {
		t.Errorf("%+v, %v", latest, err)
	}
	if err := forget(); err != nil {
		t.Fatal(err)
	}
	if n := y.count("SELECT (SELECT count(*) FROM execution) + (SELECT count(*) FROM task)"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestASinglePolicyOfAKindThatAllowsMore(t *testing.T) {
	y := newYard(t)
	request := job.Request{Args: manyArgs{1}, SubjectID: 5, Trigger: job.Manual, By: boss, Single: true}
	if _, err := y.Start(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if _, err := y.Start(t.Context(), request); err == nil {
		t.Error("two run at a time")
	}
}
