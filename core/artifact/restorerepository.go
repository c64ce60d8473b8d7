package artifact

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	lockBinnedRepositories = `
SELECT FROM repository WHERE id = ANY($1) AND project_id = $2 AND deleted_at IS NOT NULL ORDER BY id FOR UPDATE`

	// Looked at once they are locked: 'delete for ever' locks them, too.
	binnedRepositories = `
SELECT r.id, r.name, r.full_name, r.deleted_at, coalesce(d.until, r.deleted_at)
FROM repository r LEFT JOIN deletion d ON d.repository_id = r.id AND d.at = r.deleted_at
WHERE r.id = ANY($1) AND r.project_id = $2 AND r.deleted_at IS NOT NULL ORDER BY r.id`

	lockNamesake = `
SELECT id, published_at IS NOT NULL FROM repository WHERE project_id = $1 AND name = $2 AND deleted_at IS NULL FOR UPDATE`

	// An upload has made the name again and published nothing: what it linked is the
	// restored repository's.
	takeOverLinks = `
INSERT INTO repository_blob (repository_id, blob_id, lease_until)
SELECT $2, blob_id, lease_until FROM repository_blob WHERE repository_id = $1 ORDER BY blob_id
ON CONFLICT (repository_id, blob_id) DO UPDATE SET lease_until = greatest(repository_blob.lease_until, excluded.lease_until)`

	restoreRepository = `
WITH unnoted AS (DELETE FROM gc_candidate WHERE kind = 'repository' AND id = $1)
UPDATE repository SET deleted_at = NULL, updated_at = $2, name = $3, full_name = $4 WHERE id = $1`

	endedDeletion = `
SELECT d.repository_id FROM unnest($1::bigint[], $2::timestamptz[]) AS w(id, at) JOIN deletion d ON d.repository_id = w.id AND d.at = w.at
WHERE d.until <= $3 ORDER BY 1 LIMIT 1`

	artifactsOfDeletion = `
SELECT a.id FROM artifact a LEFT JOIN gc_candidate c ON c.kind = 'artifact' AND c.id = a.id AND c.scope_id = 0
WHERE a.repository_id = $1 AND a.deleted_at = $2 AND (c.not_before IS NULL OR c.not_before > $3)`
)

// repositories takes whole repositories out of the bin and returns what came with them.
func (r *restoring) repositories(project string, what Selection, out *Restored) (roots []int64, err error) {
	ids := what.Repositories
	if len(ids) == 0 {
		return nil, nil
	}
	if _, err := r.tx.Exec(r.ctx, lockBinnedRepositories, ids, r.projectID); err != nil {
		return nil, fmt.Errorf("lock deleted repositories: %w", err)
	}
	rows, err := r.tx.Query(r.ctx, binnedRepositories, ids, r.projectID)
	if err != nil {
		return nil, fmt.Errorf("lock deleted repositories: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[binnedRow])
	if err != nil {
		return nil, fmt.Errorf("lock deleted repositories: %w", err)
	}
	found = slices.DeleteFunc(found, func(b binnedRow) bool { return !b.Until.After(r.now) })
	for _, id := range ids {
		if !slices.ContainsFunc(found, func(b binnedRow) bool { return b.ID == id }) {
			return nil, fault.NotFound(notBinned, id)
		}
	}
	r.whole = found
	for _, b := range found {
		name, full := b.Name, b.FullName
		if as, given := what.Names[b.ID]; given && as != b.Name {
			name, full = as, project+"/"+as
			r.renamed[full] = b.FullName
		}
		if err := r.makeRoom(b, name); err != nil {
			return nil, err
		}
		if _, err := r.tx.Exec(r.ctx, restoreRepository, b.ID, r.now, name, full); err != nil {
			return nil, store.Conflict(err, "repository_name_key", "%s", b.taken(name))
		}
		rows, err := r.tx.Query(r.ctx, artifactsOfDeletion, b.ID, b.DeletedAt, r.now)
		if err != nil {
			return nil, fmt.Errorf("list the artifacts of %s: %w", b.FullName, err)
		}
		of, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, fmt.Errorf("list the artifacts of %s: %w", b.FullName, err)
		}
		roots = append(roots, of...)
		out.Repositories = append(out.Repositories, full)
	}
	return roots, nil
}

const notBinned = "repository %d is not in the recycle bin: it was restored, its time has passed, or it was deleted for ever"

// inTime looks, once all is locked, whether the time of a repository has ended meanwhile:
// garbage collection may have been at its artifacts then, and half of it is not restored.
func (r *restoring) inTime() error {
	if len(r.whole) == 0 {
		return nil
	}
	ids, times := make([]int64, len(r.whole)), make([]time.Time, len(r.whole))
	for i, b := range r.whole {
		ids[i], times[i] = b.ID, b.DeletedAt
	}
	var late int64
	err := r.tx.QueryRow(r.ctx, endedDeletion, ids, times, r.Service.now()).Scan(&late)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look until when repositories can be restored: %w", err)
	}
	return fault.NotFound(notBinned, late)
}

type binnedRow struct {
	ID        int64
	Name      string
	FullName  string
	DeletedAt time.Time
	Until     time.Time
}

// taken says what to do about a name that another repository has.
func (b binnedRow) taken(name string) string {
	if name == b.Name {
		return fmt.Sprintf("there is a repository %s again: restore the deleted one under another name, or delete that one first, which can be undone too", b.FullName)
	}
	return fmt.Sprintf("there is a repository named %s already: restore %s under another name", name, b.FullName)
}

// makeRoom looks at who has the name now that a deleted repository is to have.
func (r *restoring) makeRoom(b binnedRow, name string) error {
	var id int64
	var published bool
	err := r.tx.QueryRow(r.ctx, lockNamesake, r.projectID, name).Scan(&id, &published)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look who is named %s: %w", name, err)
	case published:
		return fault.Conflict("%s", b.taken(name))
	}
	batch := &pgx.Batch{}
	batch.Queue(takeOverLinks, id, b.ID)
	batch.Queue(noteRepository, id)
	batch.Queue(deleteRepository, id, r.now, r.now)
	if err := r.tx.SendBatch(r.ctx, batch).Close(); err != nil {
		return fmt.Errorf("make room for %s: %w", b.FullName, err)
	}
	return nil
}
