package artifact

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// row is an artifact found by name inside a transaction, locked against
// deletion by others.
type row struct {
	id           int64
	projectID    int64
	repositoryID int64
	digest       string
	parents      int
}

const (
	findByTag = `
SELECT a.id, p.id, r.id, a.digest, a.parent_count FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN tag t ON t.repository_id = r.id AND t.name = $3
JOIN artifact a ON a.id = t.artifact_id AND a.deleted_at IS NULL
WHERE p.name = $1 AND p.deleted_at IS NULL`

	findByDigest = `
SELECT a.id, p.id, r.id, a.digest, a.parent_count FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN artifact a ON a.repository_id = r.id AND a.digest = $3 AND a.deleted_at IS NULL
WHERE p.name = $1 AND p.deleted_at IS NULL`

	// The repository before what is in it, as everywhere.
	inHeld = `
WITH r AS (SELECT r.id, r.project_id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
           WHERE p.name = $1 AND p.deleted_at IS NULL FOR KEY SHARE OF r)
SELECT a.id, r.project_id, r.id, a.digest, a.parent_count FROM r `

	lockByTag = inHeld + `
JOIN tag t ON t.repository_id = r.id AND t.name = $3
JOIN artifact a ON a.id = t.artifact_id AND a.deleted_at IS NULL
FOR NO KEY UPDATE OF a`

	lockByDigest = inHeld + `
JOIN artifact a ON a.repository_id = r.id AND a.digest = $3 AND a.deleted_at IS NULL
FOR NO KEY UPDATE OF a`
)

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// findSQL is the query for a reference and what to ask it for. A reference that
// is neither a digest nor a tag finds nothing.
func findSQL(ref string) (sql, what string) {
	if r, err := oci.ParseReference(ref); err == nil && r.IsDigest() {
		return findByDigest, r.Digest.String()
	}
	return findByTag, ref
}

func scanRow(ctx context.Context, q querier, sql, project, repository, ref, what string) (row, error) {
	var a row
	err := q.QueryRow(ctx, sql, project, repository, what).Scan(&a.id, &a.projectID, &a.repositoryID, &a.digest, &a.parents)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, fault.NotFound("artifact %s not found", reference(project+"/"+repository, ref))
	}
	if err != nil {
		return a, fmt.Errorf("find artifact %s: %w", reference(project+"/"+repository, ref), err)
	}
	return a, nil
}

// lockLiving finds the artifact that ref names and keeps it, and its repository,
// from being deleted until the transaction ends.
func lockLiving(ctx context.Context, tx pgx.Tx, project, repository, ref string) (row, error) {
	sql, what := findSQL(ref)
	if sql == findByTag {
		sql = lockByTag
	} else {
		sql = lockByDigest
	}
	return scanRow(ctx, tx, sql, project, repository, ref, what)
}

// findRow is lockLiving without a lock, for reading.
func (s *Service) findRow(ctx context.Context, project, repository, ref string) (row, error) {
	sql, what := findSQL(ref)
	return scanRow(ctx, s.db.Pool, sql, project, repository, ref, what)
}
