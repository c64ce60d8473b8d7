package jobservice_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/jobservice"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// upkeep records which parts of the upkeep ran.
type upkeep struct{ ran chan string }

func (u upkeep) note(part string) {
	select {
	case u.ran <- part:
	default: // nobody looks any more
	}
}

func (u upkeep) Fold(context.Context) (int64, error) { u.note("fold"); return 0, nil }

func (u upkeep) Collect(context.Context) (int64, error) { u.note("collect"); return 0, nil }

func (u upkeep) Sweep(context.Context) (int64, error) {
	u.note("sessions")
	return 0, errors.New("the sessions cannot be swept")
}
func (u upkeep) Check(context.Context) (int, error) { u.note("registries"); return 0, nil }
func (u upkeep) EnsurePartitions(context.Context, int) (int, error) {
	u.note("partitions")
	return 4, nil
}
func (u upkeep) ExpireTags(context.Context) (looked, removed int64, err error) {
	u.note("tags")
	return 0, 0, nil
}
func (u upkeep) SweepDeletions(context.Context) (int64, error) {
	u.note("deletions")
	panic("a nil map")
}
func (u upkeep) Tally(context.Context) (int64, error)      { u.note("tally"); return 0, nil }
func (u upkeep) SweepUploads(context.Context) (int, error) { u.note("uploads"); return 0, nil }

// haulArgs is the test's own kind of job.
type haulArgs struct{ Name string }

func (haulArgs) Kind() string { return "HAUL" }

type haulWorker func(ctx context.Context, run *job.Run, args haulArgs) error

func (w haulWorker) Work(ctx context.Context, run *job.Run, args haulArgs) error {
	return w(ctx, run, args)
}

// dock is one database that several processes' worth of services share.
type dock struct {
	*job.Queue
	t    *testing.T
	db   *store.DB
	kind job.Kind
	ran  chan string
}

var boss = rbac.Subject{Kind: rbac.Human, ID: 1, Name: "boss", SysAdmin: true}

func newDock(t *testing.T, change func(*job.Kind)) *dock {
	t.Helper()
	d := &dock{t: t, db: storetest.New(t, migrations.Files), ran: make(chan string, 100)}
	d.kind = job.Kind{Name: "HAUL", Workers: 2, Timeout: time.Minute, Attempts: 1, Pause: time.Second, Keep: job.Keep{For: time.Hour, Least: 1, Most: 100, Logs: time.Hour}}
	if change != nil {
		change(&d.kind)
	}
	d.Queue = d.queue()
	return d
}

// queue is what a process of its own would have.
func (d *dock) queue() *job.Queue {
	d.t.Helper()
	q, err := job.NewQueue(d.db.Gorm, []job.Kind{d.kind}, audit.RecordJob, time.Now)
	if err != nil {
		d.t.Fatal(err)
	}
	return q
}

func (d *dock) service(w haulWorker) *jobservice.Service {
	d.t.Helper()
	s, err := d.build(prometheus.NewRegistry(), jobservice.Handle(w))
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *dock) build(registry prometheus.Registerer, handlers ...jobservice.Handler) (*jobservice.Service, error) {
	u := upkeep{d.ran}
	return jobservice.New(d.db.Pool, d.queue(), jobservice.Workers{
		Fold: worker.Fold{Artifacts: u}, Collect: worker.CollectDue{Garbage: u}, Expire: worker.Expire{Tags: u}, Registries: worker.Registries{Remote: u}, Jobs: handlers,
		Sweep: worker.Sweep{Sessions: u, Audit: u, Uploads: u, History: d.Queue, Changes: changes{u}, Deletions: u},
	}, registry, slog.New(slog.DiscardHandler))
}

// run starts a service and stops it when the test ends.
func (d *dock) run(s *jobservice.Service) *jobservice.Service {
	d.t.Helper()
	if err := s.Start(context.Background()); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { d.stop(s) })
	return s
}

func (d *dock) stop(s *jobservice.Service) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		d.t.Error(err)
	}
}

func (d *dock) haul(name, trigger string) job.Execution {
	d.t.Helper()
	e, err := d.Start(d.t.Context(), job.Request{Args: haulArgs{name}, Trigger: trigger, By: boss})
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

// until waits for a state of an execution, and says how long it took.
func (d *dock) until(e job.Execution, status string, limit time.Duration) time.Duration {
	d.t.Helper()
	began := time.Now()
	d.await(limit, func() string {
		now, err := d.Get(d.t.Context(), "", e.ID)
		if err != nil {
			return err.Error()
		}
		if now.Status != status {
			return "execution is " + now.Status + ", not " + status + ": " + now.Message
		}
		return ""
	})
	return time.Since(began)
}

// await asks until nothing is missing.
func (d *dock) await(limit time.Duration, missing func() string) {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); ; <-tick.C {
		what := missing()
		if what == "" {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("after %s: %s", limit, what)
		}
	}
}

func (d *dock) text(sql string, args ...any) (out string) {
	d.t.Helper()
	if err := d.db.Pool.QueryRow(d.t.Context(), sql, args...).Scan(&out); err != nil {
		d.t.Fatal(err)
	}
	return out
}

func (d *dock) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.db.Pool.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

func untilCancelled(ctx context.Context, _ *job.Run, _ haulArgs) error {
	<-ctx.Done()
	return ctx.Err()
}

// changes are swept by a method of the same name as sessions.
type changes struct{ upkeep }

func (c changes) Sweep(context.Context) (int64, error) { c.note("changes"); return 0, nil }

func TestEveryKindHasAWorker(t *testing.T) {
	d := newDock(t, nil)
	if _, err := d.build(prometheus.NewRegistry()); err == nil || !strings.Contains(err.Error(), "HAUL has no worker") {
		t.Error(err)
	}
}

func TestTwoProcessesShareTheWorkAndEachPieceIsDoneOnce(t *testing.T) {
	d := newDock(t, nil)
	var atOnce, most atomic.Int32
	var done sync.Map
	w := haulWorker(func(ctx context.Context, run *job.Run, args haulArgs) error {
		now := atOnce.Add(1)
		defer atOnce.Add(-1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		if _, twice := done.LoadOrStore(args.Name, true); twice {
			t.Error(args.Name, "is done twice")
		}
		// The first pieces wait for each other, so that both processes have to take some.
		for tick := time.NewTicker(time.Millisecond); most.Load() < 3; {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return run.Step(ctx, func(tx store.Tx) (int64, error) {
			return 1, tx.Exec("INSERT INTO paused_queue (kind, username) VALUES (?, '')", args.Name).Error
		})
	})
	first, second := d.run(d.service(w)), d.run(d.service(w))
	var all []job.Execution
	for _, name := range strings.Split("abcdefghijkl", "") {
		all = append(all, d.haul(name, job.ByEvent))
	}
	for _, e := range all {
		d.until(e, job.Success, 30*time.Second)
	}
	if n := d.text("SELECT count(*)::text FROM paused_queue"); n != "12" {
		t.Errorf("%s of 12 pieces are there", n)
	}
	if n := d.text("SELECT count(DISTINCT worker)::text FROM task WHERE worker IN ($1, $2)", first.Pool(), second.Pool()); n != "2" {
		t.Error("one process has done it all")
	}
	pools, err := d.Pools(t.Context())
	if err != nil || len(pools) != 2 || pools[0].Concurrency != 2 || pools[0].PID != int64(os.Getpid()) {
		t.Errorf("%+v, %v", pools, err)
	}
}

func TestStoppingReachesTheWorkerInAnotherProcessWithinSeconds(t *testing.T) {
	d := newDock(t, nil)
	begun := make(chan string, 10)
	d.run(d.service(func(ctx context.Context, run *job.Run, args haulArgs) error {
		begun <- args.Name
		return untilCancelled(ctx, run, args)
	}))
	for _, how := range []string{"execution", "job", "a lost notification"} {
		e := d.haul(how, job.Manual)
		if got := <-begun; got != how {
			t.Fatal(got)
		}
		id := d.text("SELECT job_id FROM task WHERE execution_id = $1", e.ID)
		elsewhere := d.queue() // as another process has it
		var err error
		switch how {
		case "execution":
			err = elsewhere.Stop(t.Context(), boss, "HAUL", e.ID)
		case "job":
			err = elsewhere.StopJob(t.Context(), boss, id)
		default:
			d.exec("UPDATE task SET stopping = true WHERE job_id = $1", id)
		}
		if err != nil {
			t.Fatal(err)
		}
		took := d.until(e, job.Stopped, 10*time.Second)
		t.Logf("%s: %s", how, took)
		if state := d.text("SELECT r.state::text FROM river_job r JOIN task t ON t.river_id = r.id WHERE t.job_id = $1", id); state != "completed" {
			t.Errorf("River says %s", state)
		}
	}
}

func TestAnEndIsTrueEverywhereInTheSameMoment(t *testing.T) {
	d := newDock(t, func(k *job.Kind) { k.Workers = 4 })
	d.run(d.service(func(_ context.Context, run *job.Run, _ haulArgs) error { return run.Result("x") }))
	var last job.Execution
	for range 50 {
		last = d.haul("x", job.Manual)
	}
	d.await(30*time.Second, func() string {
		half := d.text(`SELECT count(*)::text FROM execution e JOIN task t ON t.execution_id = e.id JOIN river_job r ON r.id = t.river_id
			WHERE (e.status = 'Success') <> (t.status = 'Success') OR (t.status = 'Success') <> (r.state = 'completed') OR (e.ended_at IS NULL) <> (t.ended_at IS NULL)`)
		if half != "0" {
			t.Fatalf("%s have half an end", half)
		}
		if n := d.text("SELECT count(*)::text FROM execution WHERE status <> 'Success'"); n != "0" {
			return n + " are not done"
		}
		return ""
	})
	d.until(last, job.Success, time.Second)
}

func TestWhatADeadProcessHeldGoesOnInAnother(t *testing.T) {
	d := newDock(t, nil)
	e := d.haul("a", job.Manual)
	// A process that took the job up, did a step and died 21 seconds ago.
	dead := job.Pool{ID: "dead", Host: "h", PID: 1, Concurrency: 2}
	if _, _, err := d.Heartbeat(t.Context(), dead, nil); err != nil {
		t.Fatal(err)
	}
	held, err := d.Begin(t.Context(), job.Delivery{Task: 1, Attempt: 1, Of: "HAUL"}, dead.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := held.Step(t.Context(), func(store.Tx) (int64, error) { return 40, nil }); err != nil {
		t.Fatal(err)
	}
	d.exec("UPDATE river_job SET state = 'running', attempted_by = '{dead}', attempted_at = now(), attempt = 1")
	d.exec("INSERT INTO river_job (state, kind, queue, priority, max_attempts, args, attempted_by, attempted_at, unique_key, unique_states) VALUES ('running', 'fold', 'maintenance', 1, 1, '{}', '{dead}', now(), 'x', B'11111111')")
	d.exec("UPDATE task SET heartbeat_at = now() - interval '21 seconds'")
	d.exec("UPDATE worker_pool SET heartbeat_at = now() - interval '21 seconds'")
	from := make(chan int64, 1)
	d.run(d.service(func(ctx context.Context, run *job.Run, _ haulArgs) error {
		from <- run.Done()
		return run.Step(ctx, func(store.Tx) (int64, error) { return 60, nil })
	}))
	d.until(e, job.Success, 20*time.Second)
	if n := <-from; n != 40 {
		t.Errorf("it goes on at %d", n)
	}
	if got := d.text("SELECT done || ' ' || attempt || ' ' || lost FROM task"); got != "100 2 1" {
		t.Error(got)
	}
	if n := d.text("SELECT count(*)::text FROM river_job WHERE attempted_by = '{dead}' AND state = 'running'"); n != "0" {
		t.Error("upkeep of the dead process is still taken for running, and none comes after it")
	}
}

func TestAProcessThatLeavesGivesItsJobsToAnother(t *testing.T) {
	d := newDock(t, nil)
	begun := make(chan struct{}, 1)
	first := d.service(func(ctx context.Context, run *job.Run, args haulArgs) error {
		run.Progress(7, 10, 0)
		begun <- struct{}{}
		return untilCancelled(ctx, run, args)
	})
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := d.haul("a", job.Manual)
	<-begun
	d.stop(first)
	if pools, err := d.Pools(t.Context()); err != nil || len(pools) != 0 {
		t.Error(pools, err)
	}
	if got := d.text("SELECT status || ' ' || attempt || ' ' || failures FROM task"); got != "Pending 2 0" {
		t.Error(got)
	}
	from := make(chan int64, 1)
	d.run(d.service(func(_ context.Context, run *job.Run, _ haulArgs) error { from <- run.Done(); return nil }))
	d.until(e, job.Success, 20*time.Second)
	if n := <-from; n != 7 {
		t.Errorf("it goes on at %d", n)
	}
}

func TestFailuresPanicsAndTimeoutsAreTold(t *testing.T) {
	d := newDock(t, func(k *job.Kind) { k.Timeout, k.Attempts = time.Second, 2 })
	var tries atomic.Int32
	registry := prometheus.NewRegistry()
	s, err := d.build(registry, jobservice.Handle(haulWorker(func(ctx context.Context, run *job.Run, args haulArgs) error {
		switch args.Name {
		case "panic":
			panic("a nil map")
		case "slow":
			return untilCancelled(ctx, run, args)
		}
		if tries.Add(1) == 1 {
			return errors.New("the other side is away")
		}
		return nil
	})))
	if err != nil {
		t.Fatal(err)
	}
	d.run(s)
	again, panics, slow := d.haul("again", job.Manual), d.haul("panic", job.Manual), d.haul("slow", job.Manual)
	d.until(again, job.Success, 40*time.Second)
	d.until(panics, job.Error, 40*time.Second)
	d.until(slow, job.Error, 40*time.Second)
	for e, says := range map[int64]string{panics.ID: "the program failed: a nil map", slow.ID: "it took longer than 1s"} {
		if m := d.text("SELECT message FROM execution WHERE id = $1", e); !strings.HasPrefix(m, says) {
			t.Error(m)
		}
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "roadstead_job_attempts_total" {
				counted[m.GetLabel()[1].GetValue()] += m.GetCounter().GetValue()
			}
		}
	}
	if counted["Success"] != 1 || counted["Scheduled"] != 3 || counted["Error"] != 2 {
		t.Error(counted)
	}
}

func TestAPersonsJobGoesBeforeWhatRunsByItselfAndAPausedQueueWaits(t *testing.T) {
	d := newDock(t, func(k *job.Kind) { k.Workers = 1 })
	order := make(chan string, 10)
	if err := d.SyncPaused(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Pause(t.Context(), boss, "haul"); err != nil {
		t.Fatal(err)
	}
	d.run(d.service(func(_ context.Context, _ *job.Run, args haulArgs) error { order <- args.Name; return nil }))
	for _, trigger := range []string{job.BySchedule, job.ByEvent, job.Manual} {
		d.haul(trigger, trigger)
	}
	select { // upkeep runs, so the service does, and would have taken what is not paused
	case <-d.ran:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing runs")
	}
	if n := d.text("SELECT count(*)::text FROM task WHERE status = 'Pending'"); n != "3" {
		t.Errorf("%s of 3 wait", n)
	}
	if err := d.Resume(t.Context(), boss, "all"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{job.Manual, job.ByEvent, job.BySchedule} {
		if got := <-order; got != want {
			t.Errorf("%s comes before %s", got, want)
		}
	}
}

func TestAScheduleStartsOnceInTwoProcesses(t *testing.T) {
	d := newDock(t, nil)
	ran := make(chan string, 10)
	w := haulWorker(func(_ context.Context, _ *job.Run, args haulArgs) error { ran <- args.Name; return nil })
	if err := d.Schedule(t.Context(), boss, job.Plan{Args: haulArgs{"nightly"}, CronType: job.Hourly}); err != nil {
		t.Fatal(err)
	}
	d.exec("UPDATE schedule SET next_at = now() - interval '3 hours'") // the servers were down
	d.run(d.service(w))
	d.run(d.service(w))
	if got := <-ran; got != "nightly" {
		t.Error(got)
	}
	d.await(10*time.Second, func() string {
		if d.text("SELECT count(*)::text FROM execution WHERE status = 'Success' AND trigger = 'schedule'") != "1" {
			return "it has not ended"
		}
		return ""
	})
	if n := d.text("SELECT count(*)::text FROM schedule WHERE next_at > now() AND last_at IS NOT NULL"); n != "1" {
		t.Error("the next time is not set")
	}
}
