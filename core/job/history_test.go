package job_test

import (
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// history writes n executions that ended, the newest some hours ago.
func (y *yard) history(kind string, n, ago int) {
	y.t.Helper()
	y.exec(`INSERT INTO execution (kind, trigger, username, status, single, parameters, created_at, started_at, ended_at)
		SELECT $1, 'schedule', 'boss', CASE WHEN g % 50 = 0 THEN 'Error' ELSE 'Success' END, false, '{}', t, t, t
		FROM generate_series(1, $2::int) g, LATERAL (SELECT now() - $3::int * interval '1 hour' - ($2::int - g) * interval '1 minute' AS t) at`, kind, n, ago)
	y.exec(`INSERT INTO task (execution_id, job_id, kind, parameters, priority, status, started_at, ended_at, log_seq)
		SELECT id, md5(id::text), kind, '{}', 3, status, started_at, ended_at, 1 FROM execution e WHERE kind = $1 AND NOT EXISTS (SELECT 1 FROM task WHERE execution_id = e.id)`, kind)
	y.exec(`INSERT INTO task_log (task_id, seq, at, level, text) SELECT id, 1, now(), 'INFO', 'x' FROM task WHERE kind = $1 ON CONFLICT DO NOTHING`, kind)
}

func TestHistoryIsKeptAsItsKindSays(t *testing.T) {
	y := newYard(t)
	y.history("ONE", 4, 30)  // older than a day: the newest two are kept
	y.history("MANY", 8, 2)  // younger, but too many: five are kept, without logs
	e := y.start(manyArgs{}) // and what has not ended
	if _, err := y.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := y.count("SELECT count(*) FROM execution WHERE kind = 'ONE'"); n != 2 {
		t.Errorf("%d old ones are kept", n)
	}
	if n := y.count("SELECT count(*) FROM execution WHERE kind = 'MANY'"); n != 5 {
		t.Errorf("%d young ones are kept", n)
	}
	if n := y.count("SELECT count(*) FROM task_log"); n != 0 {
		t.Errorf("%d lines are kept", n)
	}
	if y.status(e.ID) != job.Pending || y.log(y.tasks(e.ID)[0]) != "" {
		t.Error("what has not ended")
	}
}

func TestListsOfManyExecutionsTakeThreeQueriesAlongAnIndex(t *testing.T) {
	y := newYard(t)
	y.history("MANY", 100_000, 1)
	y.exec("ANALYZE execution, task")
	counter := storetest.Count(t, y.db)
	for _, q := range []string{"", "status=Error", "kind=MANY", "kind=MANY,status=Error", "trigger=schedule"} {
		p, err := page.New(1, 15, q, "-start_time")
		if err != nil {
			t.Fatal(err)
		}
		counter.Reset()
		out, err := y.List(t.Context(), job.Filter{}, p)
		if err != nil || len(out.Items) != 15 || out.Items[0].Progress.Tasks != 1 {
			t.Fatal(q, err)
		}
		if counter.Queries() != 3 {
			t.Errorf("%s: %d queries", q, counter.Queries())
		}
	}
	for _, sql := range []string{
		"SELECT * FROM execution ORDER BY id DESC LIMIT 15", "SELECT * FROM execution WHERE status = 'Running' ORDER BY id DESC LIMIT 15",
		"SELECT * FROM execution WHERE kind = 'MANY' ORDER BY id DESC LIMIT 15", "SELECT count(*) FROM execution WHERE status = 'Running'",
		"SELECT * FROM task WHERE status = 'Running'", "SELECT * FROM task WHERE execution_id = 7", "SELECT * FROM task WHERE job_id = 'x'",
		"SELECT * FROM task WHERE kind = 'MANY' AND status IN ('Pending', 'Scheduled')", "SELECT id FROM execution WHERE kind = 'MANY' ORDER BY id DESC OFFSET 4 LIMIT 1",
	} {
		storetest.NoSeqScan(t, y.db, sql)
	}
}
