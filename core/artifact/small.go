package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/store"
)

// ErrBlobDeleting says that garbage collection has the blob in hand: CommitBlob waits
// until that is over.
var ErrBlobDeleting = errors.New("the blob is being deleted at this moment")

const (
	// One statement, and so one commit: the repository is held or made, the blob made or its
	// lease put off, the link made, the content kept unless the storage has it, and
	// the upload's row goes.
	commitSmall = `
WITH p AS (SELECT id, name FROM project WHERE name = $1 AND deleted_at IS NULL FOR KEY SHARE),
held AS (
  SELECT r.id FROM p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL FOR KEY SHARE OF r),
made AS (
  INSERT INTO repository (project_id, name, full_name) SELECT id, $2, name || '/' || $2 FROM p WHERE NOT EXISTS (SELECT FROM held)
  ON CONFLICT (project_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id),
at AS (SELECT id FROM held UNION ALL SELECT id FROM made),
had AS (SELECT FROM blob WHERE digest = $3 AND state = 'live' AND stored),
b AS (
  INSERT INTO blob (digest, size, lease_until, stored, created_at) SELECT $3, octet_length($5::bytea), $4::timestamptz, true, $7 FROM at
  ON CONFLICT (digest) DO UPDATE SET lease_until = greatest(blob.lease_until, excluded.lease_until), stored = true WHERE blob.state = 'live'
  RETURNING id, (xmax = 0) AS inserted),
linked AS (
  INSERT INTO repository_blob (repository_id, blob_id, lease_until) SELECT at.id, b.id, $4::timestamptz FROM at, b
  ON CONFLICT (repository_id, blob_id) DO UPDATE SET lease_until = greatest(repository_blob.lease_until, excluded.lease_until)
  RETURNING repository_id, blob_id, (xmax = 0) AS inserted),
noted AS ( -- as linkOldBlob
  INSERT INTO gc_candidate (kind, id, scope_id, not_before)
  SELECT 'repository_blob', l.blob_id, l.repository_id, $4::timestamptz FROM linked l, b WHERE l.inserted AND NOT b.inserted
  ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before),
kept AS (
  INSERT INTO blob_content (blob_id, content) SELECT b.id, $5::bytea FROM b WHERE b.inserted OR NOT EXISTS (SELECT FROM had)
  ON CONFLICT (blob_id) DO NOTHING),
done AS (DELETE FROM upload WHERE id = $6)
SELECT (SELECT count(*) FROM at), (SELECT count(*) FROM b), EXISTS (SELECT FROM had) AND NOT EXISTS (SELECT FROM b WHERE inserted)`

	unsettled = `
SELECT b.digest, c.content, c.at FROM blob_content c JOIN blob b ON b.id = c.blob_id AND b.state = 'live'
WHERE ($1 = '' OR b.digest > $1) ORDER BY b.digest LIMIT $2`

	settle = `DELETE FROM blob_content WHERE blob_id IN (SELECT id FROM blob WHERE digest = ANY($1))`
)

// CommitSmall is CommitBlob for a blob of few bytes, which Postgres keeps until the
// storage has them for certain (SettleBlobs): it waits for one commit and nothing else.
// stored says that the storage has had the blob before; else the caller writes it
// there next. While the blob is being deleted it is ErrBlobDeleting.
func (s *Service) CommitSmall(ctx context.Context, repository string, d digest.Digest, content []byte, uploadID string) (stored bool, err error) {
	project, name, err := split(repository)
	if err != nil {
		return false, err
	}
	now := s.clock()
	commit := func(q interface {
		QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	}) (found bool, err error) {
		var at, made int
		if err := q.QueryRow(ctx, commitSmall, project, name, d.String(), now.Add(Lease), content, uploadID, now).Scan(&at, &made, &stored); err != nil {
			return false, fmt.Errorf("commit blob %s: %w", d, err)
		}
		if at > 0 && made == 0 {
			return true, ErrBlobDeleting
		}
		return at > 0, nil
	}
	found := false
	err = store.Retried(ctx, func() (err error) {
		found, err = commit(s.db.Pool)
		return err
	})
	if found || err != nil {
		return stored, err
	}
	// There is no such project, or somebody has just made the repository.
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		if _, err := lockTarget(ctx, conn, project, name, ""); err != nil {
			return err
		}
		_, err := commit(conn)
		return err
	})
	return stored, err
}

// Unsettled is a small blob that Postgres keeps the bytes of.
type Unsettled struct {
	Digest  digest.Digest
	Content []byte
	Since   time.Time
}

// UnsettledBlobs lists up to n small blobs that Postgres keeps the bytes of, by digest
// after the one given.
func (s *Service) UnsettledBlobs(ctx context.Context, after digest.Digest, n int) ([]Unsettled, error) {
	rows, err := s.db.Pool.Query(ctx, unsettled, after.String(), n)
	if err != nil {
		return nil, fmt.Errorf("list unsettled blobs: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Unsettled])
	if err != nil {
		return nil, fmt.Errorf("list unsettled blobs: %w", err)
	}
	return out, nil
}

// SettleBlobs lets go of the bytes of small blobs, which the storage has durably now.
func (s *Service) SettleBlobs(ctx context.Context, digests []digest.Digest) error {
	if _, err := s.db.Pool.Exec(ctx, settle, digests); err != nil {
		return fmt.Errorf("settle blobs: %w", err)
	}
	return nil
}
