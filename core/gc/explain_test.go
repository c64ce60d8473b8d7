package gc_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// What each pass asks costs as much as the garbage, not as the store.
func TestNoStatementOfAPassReadsAWholeTable(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	for _, sql := range []string{
		`INSERT INTO blob (digest, size, lease_until, created_at) SELECT 'sha256:' || lpad(to_hex(g * 7919), 64, '0'), 10, now(), now() - interval '3 days' + g * interval '1 second' FROM generate_series(1, 20000) g`,
		`INSERT INTO manifest (digest, media_type, size, payload) SELECT digest, 'x', 2, '{}' FROM blob WHERE id % 4 = 0 ON CONFLICT DO NOTHING`,
		`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size)
			SELECT r.project_id, r.id, b.digest, 'image', 'x', 10 FROM repository r, blob b WHERE b.id % 4 = 0 ON CONFLICT DO NOTHING`,
		`INSERT INTO artifact_blob (artifact_id, blob_id, role) SELECT a.id, b.id + k, 'layer' FROM artifact a JOIN blob b ON b.digest = a.digest, generate_series(1, 3) k
			WHERE EXISTS (SELECT FROM blob x WHERE x.id = b.id + k) ON CONFLICT DO NOTHING`,
		`INSERT INTO repository_blob (repository_id, blob_id, lease_until) SELECT r.id, b.id, now() FROM repository r, blob b ON CONFLICT DO NOTHING`,
		`INSERT INTO artifact_child (parent_id, child_id, position) SELECT id, id - 1, 0 FROM artifact WHERE id - 1 IN (SELECT id FROM artifact)`,
		`INSERT INTO project_blob (project_id, blob_id) SELECT p.id, b.id FROM project p, blob b ON CONFLICT DO NOTHING`,
		`INSERT INTO blob_content (blob_id, content) SELECT id, 'x' FROM blob`,
		`INSERT INTO gc_candidate (kind, id, scope_id, not_before) SELECT 'repository_blob', blob_id, repository_id, now() + blob_id * interval '1 second' FROM repository_blob`,
		`INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, now() + id * interval '1 second' FROM blob`,
	} {
		y.exec(sql)
	}
	some, repositories := []int64{}, []int64{}
	for i := range int64(20) {
		some, repositories = append(some, 100+i), append(repositories, 1)
	}
	now := time.Now()
	storetest.NoSeqScans(t, y.db,
		storetest.Statement{SQL: gc.TakeCandidatesSQL, Args: []any{"blob", now, 100}},
		storetest.Statement{SQL: gc.LookAtArtifactsSQL, Args: []any{some}},
		storetest.Statement{SQL: gc.LastOfProjectSQL, Args: []any{some}},
		storetest.Statement{SQL: gc.LookAtLinksSQL, Args: []any{some, repositories}},
		storetest.Statement{SQL: gc.LookAtBlobsSQL, Args: []any{some}},
		storetest.Statement{SQL: gc.OldEnoughSQL, Args: []any{int64(19000), now.Add(-48 * time.Hour), 50}},
		storetest.Statement{SQL: gc.NoteYoungLinksSQL, Args: []any{int64(100), int64(150)}},
		storetest.Statement{SQL: gc.OldestDueSQL, Args: []any{now}},
		storetest.Statement{SQL: gc.ListKnownSQL, Args: []any{fmt.Sprintf("sha256:%02x", 7)}},
	)
}
