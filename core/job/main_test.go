package job_test

import (
	"os"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

type oneArgs struct{ N int }

func (oneArgs) Kind() string { return "ONE" }

type manyArgs struct{ N int }

func (manyArgs) Kind() string { return "MANY" }

func kinds() []job.Kind {
	keep := job.Keep{For: 24 * time.Hour, Least: 2, Most: 5, Logs: time.Hour}
	return []job.Kind{
		{Name: "MANY", Workers: 2, Timeout: time.Minute, Attempts: 2, Pause: time.Minute, Keep: keep},
		{Name: "ONE", Single: true, Workers: 1, Timeout: time.Minute, Attempts: 1, Keep: keep},
	}
}

// record writes a change where the program's audit log is.
func record(tx store.Tx, by rbac.Subject, c job.Change) error {
	return tx.Exec("INSERT INTO audit_event (username, operation, resource_type, resource, description) VALUES (?, ?, ?, ?, ?)", by.Name, c.Operation, c.Type, c.Resource, c.Description).Error
}

// yard is a queue over a database of the test's own, and a clock.
type yard struct {
	*job.Queue
	t   *testing.T
	db  *store.DB
	now time.Time
}

var boss = rbac.Subject{Kind: rbac.Human, ID: 1, Name: "boss", SysAdmin: true}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{t: t, db: storetest.New(t, migrations.Files), now: time.Date(2026, 3, 1, 10, 30, 0, 0, time.UTC)}
	q, err := job.NewQueue(y.db.Gorm, kinds(), record, func() time.Time { return y.now })
	if err != nil {
		t.Fatal(err)
	}
	y.Queue = q
	return y
}

func (y *yard) exec(sql string, args ...any) {
	y.t.Helper()
	if _, err := y.db.Pool.Exec(y.t.Context(), sql, args...); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) count(sql string, args ...any) (n int) {
	y.t.Helper()
	if err := y.db.Pool.QueryRow(y.t.Context(), sql, args...).Scan(&n); err != nil {
		y.t.Fatal(err)
	}
	return n
}

func (y *yard) start(args job.Args) job.Execution {
	y.t.Helper()
	e, err := y.Start(y.t.Context(), job.Request{Args: args, Trigger: job.Manual, By: boss})
	if err != nil {
		y.t.Fatal(err)
	}
	return e
}

// many starts an execution of several tasks.
func (y *yard) many(n int) job.Execution {
	y.t.Helper()
	var e job.Execution
	err := store.InTx(y.t.Context(), y.db.Gorm, func(tx store.Tx) error {
		var err error
		e, err = y.StartIn(tx, job.Request{Args: manyArgs{0}, Trigger: job.ByEvent, By: boss})
		if err != nil {
			return err
		}
		for i := 1; i < n; i++ {
			if err := y.AddTasks(tx, e.ID, manyArgs{i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return e
}

func (y *yard) tasks(execution int64) []job.Task {
	y.t.Helper()
	p, err := page.New(1, 0, "", "")
	if err != nil {
		y.t.Fatal(err)
	}
	out, err := y.Tasks(y.t.Context(), execution, p)
	if err != nil {
		y.t.Fatal(err)
	}
	return out.Items
}

func (y *yard) task(execution int64) job.Task {
	y.t.Helper()
	return y.tasks(execution)[0]
}

// begin takes a task up, as a worker of a pool does.
func (y *yard) begin(t job.Task, pool string) *job.Run {
	y.t.Helper()
	run, err := y.Begin(y.t.Context(), job.Delivery{Task: t.ID, Attempt: t.Attempt, Of: t.Kind}, pool)
	if err != nil {
		y.t.Fatal(err)
	}
	return run
}

func (y *yard) end(run *job.Run, o job.Outcome) job.Task {
	y.t.Helper()
	t, err := run.End(y.t.Context(), o, func(store.Tx) error { return nil })
	if err != nil {
		y.t.Fatal(err)
	}
	return t
}

func (y *yard) status(execution int64) string {
	y.t.Helper()
	e, err := y.Get(y.t.Context(), "", execution)
	if err != nil {
		y.t.Fatal(err)
	}
	return e.Status
}

func (y *yard) log(t job.Task) string {
	y.t.Helper()
	text, err := y.Log(y.t.Context(), t.JobID)
	if err != nil {
		y.t.Fatal(err)
	}
	return text
}
