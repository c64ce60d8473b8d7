//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const (
	retainedArtifacts = 650 // more than three of a run's steps
	retentionStep     = 200
)

const retentionPolicy = `{"algorithm": "or", "scope": {"level": "project", "ref": %d}, "rules": [{"template": "latestPushedK", "params": {"latestPushedK": 1},
"tag_selectors": [{"kind": "doublestar", "decoration": "matches", "pattern": "**"}], "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**"}]}}]}`

// TestCrashOfARetentionRun kills the process that is in the middle of deleting. The other server on the same database deletes the rest
// within a minute, and each artifact is deleted and told of once.
func TestCrashOfARetentionRun(t *testing.T) {
	ctx := t.Context()
	database := harness.Database(t)
	shared := map[string]string{
		"ROADSTEAD_DATABASE_URL": database,
		"ROADSTEAD_STORAGE_ROOT": filepath.Join(harness.Folder(t), "storage"),
		"ROADSTEAD_SECRET_KEY":   base64.StdEncoding.EncodeToString(randomBytes(t, 32)),
	}
	servers := map[int]*harness.Server{}
	var one *harness.Server
	for range 2 {
		one = harness.Prepare(t, shared)
		must(t, one.Begin())
		must(t, one.Healthy(ctx, time.Minute))
		servers[one.PID()] = one
	}
	db, err := pgx.Connect(ctx, database)
	must(t, err)
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	var project, last int64
	must(t, db.QueryRow(ctx, `SELECT id FROM project WHERE name = 'library'`).Scan(&project))
	for _, sql := range []string{
		`INSERT INTO repository (project_id, name, full_name, published_at) VALUES ($project, 'many', 'library/many', now())`,
		`INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || encode(sha256(convert_to(i::text, 'UTF8')), 'hex'), '', 2, '{}' FROM generate_series(1, $many) i`,
		`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count, pushed_at)
			SELECT $project, r.id, 'sha256:' || encode(sha256(convert_to(i::text, 'UTF8')), 'hex'), 'image', '', 1, 1, now() - i * interval '1 hour'
			FROM repository r, generate_series(1, $many) i WHERE r.full_name = 'library/many' ORDER BY i`,
		`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'v' || id, id, pushed_at FROM artifact`,
	} {
		_, err := db.Exec(ctx, strings.NewReplacer("$project", strconv.FormatInt(project, 10), "$many", strconv.Itoa(retainedArtifacts)).Replace(sql))
		must(t, err)
	}

	// The run's second step waits for this row.
	must(t, db.QueryRow(ctx, `SELECT id FROM artifact ORDER BY id OFFSET $1 LIMIT 1`, retentionStep+30).Scan(&last))
	hold, err := db.Begin(ctx)
	must(t, err)
	_, err = hold.Exec(ctx, "SELECT id FROM artifact WHERE id = $1 FOR UPDATE", last)
	must(t, err)
	made, err := one.Admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/retentions", json.RawMessage(fmt.Sprintf(retentionPolicy, project)))
	must(t, err)
	policy := made.Header.Get("Location")
	started, err := one.Admin.Want(ctx, http.StatusCreated, http.MethodPost, policy+"/executions", map[string]bool{"dry_run": false})
	must(t, err)
	id := path.Base(started.Header.Get("Location"))
	look, err := pgx.Connect(ctx, database)
	must(t, err)
	t.Cleanup(func() { _ = look.Close(context.Background()) })
	err = harness.Eventually(ctx, 30*time.Second, func() error {
		var n int
		if err := look.QueryRow(ctx, `SELECT count(*) FROM artifact WHERE deleted_at IS NOT NULL`).Scan(&n); err != nil || n != retentionStep {
			return fmt.Errorf("%d artifacts are deleted, %w", n, err)
		}
		return nil
	})
	must(t, err)
	pid := workerOf(t, one)
	var other *harness.Server
	for p, server := range servers {
		if p != pid {
			other = server
		}
	}
	must(t, syscall.Kill(pid, syscall.SIGKILL))
	began := time.Now()
	must(t, hold.Rollback(ctx))

	err = harness.Eventually(ctx, time.Minute, func() error {
		var tasks []struct {
			Status          string
			Total, Retained int
		}
		if err := other.Admin.Get(ctx, policy+"/executions/"+id+"/tasks", &tasks); err != nil {
			return err
		}
		if len(tasks) != 1 || tasks[0].Status != "Success" || tasks[0].Total != retainedArtifacts || tasks[0].Retained != 1 {
			return fmt.Errorf("the run's tasks are %+v", tasks)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, other.LogTail())
	}
	t.Logf("the other server had done it %s later", time.Since(began).Round(time.Second))
	var lost, left, told int
	must(t, look.QueryRow(ctx, `SELECT sum(t.lost), (SELECT count(*) FROM artifact WHERE deleted_at IS NULL), (SELECT count(*) FROM audit_event WHERE operation = 'delete' AND resource_type = 'artifact')
		FROM task t WHERE t.execution_id::text = $1`, id).Scan(&lost, &left, &told))
	if lost != 1 || left != 1 || told != retainedArtifacts-1 {
		t.Errorf("%d processes lost, %d artifacts left, the audit log tells of %d deletions", lost, left, told)
	}
}
