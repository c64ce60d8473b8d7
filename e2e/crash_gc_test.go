//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const garbageBlobs = 20_000

// TestCrashOfGarbageCollection kills the process that is in the middle of a collection. The other server goes on: no row and no byte is left, and
// nothing is counted twice.
func TestCrashOfGarbageCollection(t *testing.T) {
	ctx := t.Context()
	database := harness.Database(t)
	root := filepath.Join(harness.Folder(t), "storage")
	shared := map[string]string{
		"ROADSTEAD_DATABASE_URL": database,
		"ROADSTEAD_STORAGE_ROOT": root,
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
	blobs := filepath.Join(root, "docker/registry/v2/blobs/sha256")
	makeGarbage(t, db, blobs)

	var one *harness.Server
	for _, server := range servers {
		one = server
	}
	answer, err := one.Admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/system/gc/schedule", map[string]any{
		"schedule": map[string]string{"type": "Manual"}, "parameters": map[string]any{"workers": 1},
	})
	must(t, err)
	id := path.Base(answer.Header.Get("Location"))
	pid := workerOf(t, one)
	must(t, harness.Eventually(ctx, time.Minute, func() error {
		var left int
		if err := db.QueryRow(ctx, "SELECT count(*) FROM blob WHERE state = 'live'").Scan(&left); err != nil {
			return err
		}
		if left > garbageBlobs-1000 {
			return fmt.Errorf("%d blobs are left", left)
		}
		return nil
	}))
	must(t, syscall.Kill(pid, syscall.SIGKILL))
	began := time.Now()
	var other *harness.Server
	for p, server := range servers {
		if p != pid {
			other = server
		}
	}
	err = harness.Eventually(ctx, 2*time.Minute, func() error {
		var run struct {
			Status string `json:"job_status"`
		}
		if err := other.Admin.Get(ctx, "/api/v2.0/system/gc/"+id, &run); err != nil {
			return err
		}
		var left int
		if err := db.QueryRow(ctx, "SELECT count(*) FROM blob").Scan(&left); err != nil {
			return err
		}
		if run.Status != "Success" || left > 0 {
			return fmt.Errorf("the run is %s, %d blobs are left", run.Status, left)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, other.LogTail())
	}
	t.Logf("the other server had done it %s later", time.Since(began).Round(time.Second))
	var freed, bytes, candidates int
	must(t, db.QueryRow(ctx, `SELECT coalesce(sum(blobs), 0), coalesce(sum(bytes), 0), (SELECT count(*) FROM gc_candidate) FROM gc_tally`).Scan(&freed, &bytes, &candidates))
	if freed != garbageBlobs || bytes != 4*garbageBlobs || candidates != 0 {
		t.Errorf("%d blobs with %d bytes were counted, %d candidates are left", freed, bytes, candidates)
	}
	files := 0
	must(t, filepath.WalkDir(blobs, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files++
		}
		return err
	}))
	if files != 0 {
		t.Errorf("%d files are left", files)
	}
}

// makeGarbage makes blobs that nothing names, with their files.
func makeGarbage(t *testing.T, db *pgx.Conn, blobs string) {
	t.Helper()
	for i := range garbageBlobs {
		hex := fmt.Sprintf("%02x%062x", i%256, i)
		folder := filepath.Join(blobs, hex[:2], hex)
		must(t, os.MkdirAll(folder, 0o750))
		must(t, os.WriteFile(filepath.Join(folder, "data"), []byte("blob"), 0o600))
	}
	for _, sql := range []string{
		`INSERT INTO blob (digest, size, lease_until, created_at) SELECT 'sha256:' || lpad(to_hex(g % 256), 2, '0') || lpad(to_hex(g), 62, '0'), 4, now(), now() - interval '2 days'
			FROM generate_series(0, $1::int - 1) g`,
		`INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, now() FROM blob WHERE $1::int > 0`,
	} {
		_, err := db.Exec(t.Context(), strings.TrimSpace(sql), garbageBlobs)
		must(t, err)
	}
}
