//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const purgedEntries = 12_000

// TestCrashOfAWorker ends, or halts, the process that is in the middle of a purge. The other server on the same database goes on
// within a minute, and each entry is deleted and counted once.
func TestCrashOfAWorker(t *testing.T) {
	for name, strike := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "halted": syscall.SIGSTOP} {
		t.Run(name, func(t *testing.T) { crashOfAWorker(t, strike) })
	}
}

func crashOfAWorker(t *testing.T, strike syscall.Signal) {
	ctx := t.Context()
	database := harness.Database(t)
	shared := map[string]string{
		"ROADSTEAD_DATABASE_URL": database,
		"ROADSTEAD_STORAGE_ROOT": filepath.Join(harness.Folder(t), "storage"),
		"ROADSTEAD_SECRET_KEY":   base64.StdEncoding.EncodeToString(randomBytes(t, 32)),
	}
	servers := map[int]*harness.Server{}
	for range 2 {
		server := harness.Prepare(t, shared)
		must(t, server.Begin())
		must(t, server.Healthy(ctx, time.Minute))
		servers[server.PID()] = server
	}
	db, err := pgx.Connect(ctx, database)
	must(t, err)
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	_, err = db.Exec(ctx, `INSERT INTO audit_event (at, username, operation, resource_type, resource)
		SELECT now() - interval '48 hours', 'u', 'pull', 'artifact', 'library/app:' || g FROM generate_series(1, $1::int) g`, purgedEntries)
	must(t, err)

	// The purge's first batch waits for this row.
	hold, err := db.Begin(ctx)
	must(t, err)
	_, err = hold.Exec(ctx, "SELECT id FROM audit_tallied FOR UPDATE")
	must(t, err)
	var one *harness.Server
	for _, server := range servers {
		one = server
	}
	answer, err := one.Admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/system/purgeaudit/schedule", map[string]any{
		"schedule":   map[string]string{"type": "Manual"},
		"parameters": map[string]any{"audit_retention_hour": 24, "include_event_types": "pull_artifact"},
	})
	must(t, err)
	id := path.Base(answer.Header.Get("Location"))
	pid := workerOf(t, one)
	struck, other := servers[pid], (*harness.Server)(nil)
	for p, server := range servers {
		if p != pid {
			other = server
		}
	}
	must(t, syscall.Kill(pid, strike))
	began := time.Now()
	must(t, hold.Rollback(ctx))

	err = harness.Eventually(ctx, time.Minute, func() error {
		var run struct {
			Status     string `json:"job_status"`
			Parameters string `json:"job_parameters"`
		}
		if err := other.Admin.Get(ctx, "/api/v2.0/system/purgeaudit/"+id, &run); err != nil {
			return err
		}
		if run.Status != "Success" || !strings.Contains(run.Parameters, fmt.Sprintf(`"purged_entries":%d`, purgedEntries)) {
			return fmt.Errorf("the purge is %s: %s", run.Status, run.Parameters)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, other.LogTail())
	}
	t.Logf("the other server had done it %s later", time.Since(began).Round(time.Second))
	if strike == syscall.SIGSTOP {
		must(t, syscall.Kill(pid, syscall.SIGCONT))
		must(t, struck.Stop()) // whatever it still wanted to do is over then
	}
	var lost, left, told int
	must(t, db.QueryRow(ctx, `SELECT t.lost, (SELECT count(*) FROM audit_event WHERE operation = 'pull'), (SELECT count(*) FROM audit_event WHERE description LIKE 'purge audit log: %')
		FROM task t WHERE t.execution_id::text = $1 AND t.done = $2 AND t.status = 'Success'`, id, purgedEntries).Scan(&lost, &left, &told))
	if lost != 1 || left != 0 || told != 1 {
		t.Errorf("%d processes lost, %d entries left, the audit log tells of %d purges", lost, left, told)
	}
}

// workerOf waits until a purge runs and returns the process that does it.
func workerOf(t *testing.T, server *harness.Server) (pid int) {
	t.Helper()
	ctx := t.Context()
	err := harness.Eventually(ctx, 30*time.Second, func() error {
		var workers []struct {
			Job  string `json:"job_name"`
			Pool string `json:"pool_id"`
		}
		if err := server.Admin.Get(ctx, "/api/v2.0/jobservice/pools/all/workers", &workers); err != nil {
			return err
		}
		var pools []struct {
			ID  string `json:"worker_pool_id"`
			PID int    `json:"pid"`
		}
		if err := server.Admin.Get(ctx, "/api/v2.0/jobservice/pools", &pools); err != nil {
			return err
		}
		for _, w := range workers {
			for _, p := range pools {
				if w.Job != "" && w.Pool == p.ID {
					pid = p.PID
					return nil
				}
			}
		}
		return fmt.Errorf("nobody works: %v", workers)
	})
	must(t, err)
	return pid
}
