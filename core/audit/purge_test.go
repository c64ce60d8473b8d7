package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// ledger is an audit log and a queue of jobs over one database.
type ledger struct {
	*audit.Service
	t    *testing.T
	db   *store.DB
	jobs *job.Queue
	now  time.Time
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{t: t, db: storetest.New(t, migrations.Files), now: time.Now().UTC()}
	l.Service = audit.NewService(l.db.Gorm, func() time.Time { return l.now })
	var err error
	if l.jobs, err = job.NewQueue(l.db.Gorm, job.Kinds(), audit.RecordJob, time.Now); err != nil {
		t.Fatal(err)
	}
	return l
}

// begin starts a purge and takes it up, as a worker does.
func (l *ledger) begin(args job.PurgeArgs) *job.Run {
	l.t.Helper()
	e, err := l.jobs.Start(l.t.Context(), job.Request{Args: args, Trigger: job.Manual, By: rbac.Subject{Kind: rbac.Human, ID: 1, Name: "boss"}})
	if err != nil {
		l.t.Fatal(err)
	}
	var d job.Delivery
	if err := l.db.Pool.QueryRow(l.t.Context(), "SELECT id, attempt, kind FROM task WHERE execution_id = $1", e.ID).Scan(&d.Task, &d.Attempt, &d.Of); err != nil {
		l.t.Fatal(err)
	}
	run, err := l.jobs.Begin(l.t.Context(), d, "test")
	if err != nil {
		l.t.Fatal(err)
	}
	return run
}

// purge does a purge to its end and returns the execution and its log.
func (l *ledger) purge(hours int64, dry bool, types ...string) (job.Execution, string) {
	l.t.Helper()
	args := job.PurgeArgs{RetentionHours: hours, EventTypes: types, DryRun: dry}
	run := l.begin(args)
	if err := l.Purge(l.t.Context(), run, args); err != nil {
		l.t.Fatal(err)
	}
	if _, err := run.End(l.t.Context(), job.Outcome{}, func(store.Tx) error { return nil }); err != nil {
		l.t.Fatal(err)
	}
	e, err := l.jobs.Get(l.t.Context(), job.PurgeAuditLog, run.ExecutionID)
	if err != nil {
		l.t.Fatal(err)
	}
	text, err := l.jobs.Log(l.t.Context(), run.JobID)
	if err != nil {
		l.t.Fatal(err)
	}
	return e, text
}

func (l *ledger) count(where string) (n int64) {
	l.t.Helper()
	if err := l.db.Pool.QueryRow(l.t.Context(), "SELECT count(*) FROM audit_event WHERE "+where).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// exact compares what lists say that there is with what there is.
func (l *ledger) exact() {
	l.t.Helper()
	one := int64(1)
	for where, scope := range map[string]audit.Scope{"true": {}, "project_id = 1": {ProjectID: &one}, "username = 'user1'": {Username: "user1"}} {
		if got, want := all(l.t, l.Service, scope, "").Total, l.count(where); got != want {
			l.t.Errorf("lists say %d entries with %s, there are %d", got, where, want)
		}
	}
}

func (l *ledger) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func TestAPurgeDeletesWhatIsOldAndOfItsKindsAndListsStayExact(t *testing.T) {
	l := newLedger(t)
	entries(t, l.db, 6000, 48*time.Hour) // pulls, one in a hundred a delete_artifact, a few robots
	l.tally()
	entries(t, l.db, 300, 47*time.Hour) // not tallied yet
	entries(t, l.db, 200, 0)
	pulls := l.count("operation = 'pull' AND resource_type = 'artifact' AND at < now() - interval '24 hours'")
	dry, text := l.purge(24, true, "pull_artifact")
	if dry.Progress.Done != pulls || !strings.Contains(text, fmt.Sprintf("dry run: %d entries would be deleted", pulls)) || l.count("operation = 'pull'") < pulls {
		t.Errorf("%+v\n%s", dry, text)
	}
	e, text := l.purge(24, false, "pull_artifact", "create_robot")
	if e.Status != job.Success || e.Progress.Done != pulls || e.Progress.Total != pulls || e.Result == nil || !strings.Contains(string(*e.Result), fmt.Sprintf(`"purged_entries": %d`, pulls)) {
		t.Errorf("%+v\n%s", e, text)
	}
	if n := l.count("operation = 'pull' AND resource_type = 'artifact' AND at < now() - interval '24 hours'"); n != 0 {
		t.Errorf("%d are left", n)
	}
	if l.count("operation = 'delete' AND resource_type = 'artifact'") == 0 || l.count("resource_type = 'robot'") == 0 || l.count("at > now() - interval '1 hour' AND operation = 'pull'") == 0 {
		t.Error("more is gone than was asked for")
	}
	l.exact()
	l.tally()
	l.exact()
	if n := l.count("operation = 'delete' AND resource_type = 'auditlog' AND username = 'boss' AND description LIKE 'purge audit log: % entries before %'"); n != 1 {
		t.Errorf("%d entries tell of the purge", n)
	}
	l.purge(24, false, audit.OtherEvents)
	if l.count("resource_type = 'robot' AND operation = 'pull' AND at < now() - interval '24 hours'") != 0 || l.count("operation = 'delete' AND resource_type = 'artifact' AND at < now() - interval '24 hours'") == 0 {
		t.Error("other is what has no name, and nothing else")
	}
	l.exact()
}

func (l *ledger) tally() {
	l.t.Helper()
	_, err := l.Tally(l.t.Context())
	l.must(err)
}

func (l *ledger) ensure(months int) {
	l.t.Helper()
	_, err := l.EnsurePartitions(l.t.Context(), months)
	l.must(err)
}

// months writes entries into partitions of past months.
func (l *ledger) months(n int) (names []string) {
	l.t.Helper()
	real := l.now
	for ago := n; ago > 0; ago-- {
		l.now = time.Date(real.Year(), real.Month(), 10, 0, 0, 0, 0, time.UTC).AddDate(0, -ago, 0)
		l.ensure(0)
		names = append(names, "audit_event_"+l.now.Format("2006_01"))
		entries(l.t, l.db, 700, real.Sub(l.now))
	}
	l.now = real
	l.ensure(1)
	return names
}

func (l *ledger) partitions() (n int) {
	l.t.Helper()
	l.must(l.db.Pool.QueryRow(l.t.Context(), "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass").Scan(&n))
	return n
}

func TestAMonthOfWhichNothingIsKeptGoesWhole(t *testing.T) {
	l := newLedger(t)
	names := l.months(3)
	l.tally()
	entries(t, l.db, 50, 0)
	everything := append(audit.EventTypes(), audit.OtherEvents)
	// Of the second month one entry is kept: a writer of today has named it so.
	if _, err := l.db.Pool.Exec(t.Context(), "UPDATE "+names[1]+" SET operation = 'create', resource_type = 'project' WHERE id = (SELECT min(id) FROM "+names[1]+")"); err != nil {
		t.Fatal(err)
	}
	before := l.partitions()
	e, text := l.purge(24, false, withoutType(everything, "create_project")...)
	if e.Progress.Done != 2099 || before-l.partitions() != 2 || l.count("at < now() - interval '2 days'") != 1 {
		t.Errorf("%d deleted, %d partitions dropped\n%s", e.Progress.Done, before-l.partitions(), text)
	}
	if !strings.Contains(text, "dropped "+names[0]+" whole") || strings.Contains(text, "dropped "+names[1]) {
		t.Error(text)
	}
	l.exact()
	l.now = time.Now().UTC()
	l.purge(0, false, everything...)
	if l.count("at < '"+l.now.Format(time.RFC3339Nano)+"'") != 0 || l.partitions() != before-3 {
		t.Errorf("%d entries, %d of %d partitions: that of this month has to stay", l.count("true"), l.partitions(), before)
	}
	l.exact()
	l.tally()
	l.exact()
}

func withoutType(types []string, gone string) (out []string) {
	for _, t := range types {
		if t != gone {
			out = append(out, t)
		}
	}
	return out
}

func TestAMonthThatSomebodyReadsIsDeletedAndNotDropped(t *testing.T) {
	l := newLedger(t)
	names := l.months(1)
	tx, err := l.db.Pool.Begin(t.Context())
	l.must(err)
	defer func() { _ = tx.Rollback(context.Background()) }()
	if _, err := tx.Exec(t.Context(), "SELECT count(*) FROM audit_event"); err != nil {
		t.Fatal(err)
	}
	before := l.partitions()
	e, text := l.purge(24, false, append(audit.EventTypes(), audit.OtherEvents)...)
	if e.Progress.Done != 700 || l.partitions() != before || strings.Contains(text, "dropped "+names[0]) {
		t.Errorf("%+v\n%s", e, text)
	}
}

func TestAPurgeThatIsBrokenOffGoesOnAndCountsEachEntryOnce(t *testing.T) {
	l := newLedger(t)
	entries(t, l.db, 12_000, 48*time.Hour)
	l.tally()
	args := job.PurgeArgs{RetentionHours: 24, EventTypes: append(audit.EventTypes(), audit.OtherEvents)}
	run := l.begin(args)
	// It is given to another process after its first batch.
	err := run.Step(t.Context(), func(tx store.Tx) (int64, error) {
		return 5000, tx.Exec("WITH gone AS (DELETE FROM audit_event WHERE id <= 5000 RETURNING coalesce(project_id, 0) AS p, username AS u) UPDATE audit_tally t SET entries = entries - n FROM (SELECT p, u, count(*) AS n FROM gone GROUP BY 1, 2) g WHERE t.project_id = p AND t.username = u").Error
	})
	l.must(err)
	if _, err := l.db.Pool.Exec(t.Context(), "UPDATE task SET heartbeat_at = now() - interval '1 minute'"); err != nil {
		t.Fatal(err)
	}
	if moved, err := l.jobs.Rescue(t.Context()); err != nil || moved != 1 {
		t.Fatal(moved, err)
	}
	if err := l.Purge(t.Context(), run, args); !errors.Is(err, job.ErrLost) {
		t.Errorf("the first process goes on: %v", err)
	}
	second, err := l.jobs.Begin(t.Context(), job.Delivery{Task: run.TaskID, Attempt: 2, Of: job.PurgeAuditLog}, "other")
	l.must(err)
	l.must(l.Purge(t.Context(), second, args))
	task, err := second.End(t.Context(), job.Outcome{}, func(store.Tx) error { return nil })
	if err != nil || task.Done != 12_000 || task.Total != 12_000 {
		t.Errorf("%+v, %v", task, err)
	}
	l.exact()
}

func TestABadPurgeIsRefusedWithTheNameOfWhatIsWrong(t *testing.T) {
	for field, args := range map[string]job.PurgeArgs{
		"audit_retention_hour": {RetentionHours: -1, EventTypes: []string{"pull_artifact"}},
		"include_event_types":  {RetentionHours: 24, EventTypes: []string{"pull_artifact", "pull_everything"}},
	} {
		f, ok := fault.As(audit.CheckPurge(args))
		if !ok || f.Field != field || f.Kind != fault.KindInvalid {
			t.Errorf("%+v: %v", args, f)
		}
	}
	if audit.CheckPurge(job.PurgeArgs{RetentionHours: 240_001, EventTypes: audit.EventTypes()}) == nil || audit.CheckPurge(job.PurgeArgs{}) == nil {
		t.Error("taken")
	}
}
