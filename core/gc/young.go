package gc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/store"
)

// youngBatch is how many new blobs one transaction looks at.
const youngBatch = 5_000

const (
	lockCursor = `SELECT at FROM gc_cursor WHERE name = $1 FOR UPDATE SKIP LOCKED`
	moveCursor = `UPDATE gc_cursor SET at = $2, since = $3 WHERE name = $1`

	// The next new blobs, up to the first that is too young. Their ids are in the order
	// in which they came, but for transactions of a second; a lease is a day.
	oldEnough = `
WITH next AS MATERIALIZED (SELECT id, created_at FROM blob WHERE id > $1 ORDER BY id LIMIT $3)
SELECT coalesce(max(id), 0), count(*) FROM next WHERE created_at <= $2 AND id < coalesce((SELECT min(id) FROM next WHERE created_at > $2), 9223372036854775807)`

	// Links that no artifact of the repository uses, and blobs that have not even a link.
	noteYoungLinks = `
INSERT INTO gc_candidate (kind, id, scope_id, not_before)
SELECT 'repository_blob', l.blob_id, l.repository_id, l.lease_until FROM blob b JOIN repository_blob l ON l.blob_id = b.id
WHERE b.id > $1 AND b.id <= $2 AND NOT EXISTS (
  SELECT FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id WHERE e.blob_id = b.id AND a.repository_id = l.repository_id)
ORDER BY l.blob_id, l.repository_id ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`

	noteYoungBlobs = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT 'blob', b.id, b.lease_until FROM blob b
WHERE b.id > $1 AND b.id <= $2 AND NOT EXISTS (SELECT FROM repository_blob l WHERE l.blob_id = b.id) AND NOT EXISTS (SELECT FROM artifact_blob e WHERE e.blob_id = b.id)
ORDER BY b.id ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`
)

// lookAtYoung looks at each blob once, when it is as old as a lease: what an upload
// left that nobody pushed a manifest for becomes a candidate. So uploads need not write
// one.
func (s *Service) lookAtYoung(ctx context.Context, _ *pass) (looked int, err error) {
	now := s.Clock()
	err = store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		looked = 0
		conn := store.PgxTx(tx)
		var at, last int64
		err := conn.QueryRow(ctx, lockCursor, "blob").Scan(&at)
		if errors.Is(err, pgx.ErrNoRows) { // somebody else is looking
			return nil
		}
		if err != nil {
			return err
		}
		if err := conn.QueryRow(ctx, oldEnough, at, now.Add(-artifact.Lease), youngBatch).Scan(&last, &looked); err != nil || looked == 0 {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(noteYoungLinks, at, last)
		batch.Queue(noteYoungBlobs, at, last)
		batch.Queue(moveCursor, "blob", last, now)
		return send(ctx, conn, batch)
	})
	if err != nil {
		return 0, fmt.Errorf("look at new blobs: %w", err)
	}
	return looked, nil
}

// tally counts what a transaction has freed, as its last statement: so what a day or
// an execution has freed is true however often it was broken off.
func tally(ctx context.Context, tx pgx.Tx, execution int64, at time.Time, f Freed) error {
	if f == (Freed{}) {
		return nil
	}
	_, err := tx.Exec(ctx, `
INSERT INTO gc_tally AS t (day, execution_id, repositories, artifacts, links, blobs, manifests, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (day, execution_id) DO UPDATE SET repositories = t.repositories + excluded.repositories, artifacts = t.artifacts + excluded.artifacts,
  links = t.links + excluded.links, blobs = t.blobs + excluded.blobs, manifests = t.manifests + excluded.manifests, bytes = t.bytes + excluded.bytes`,
		at.UTC(), execution, f.Repositories, f.Artifacts, f.Links, f.Blobs, f.Manifests, f.Bytes)
	return err
}
