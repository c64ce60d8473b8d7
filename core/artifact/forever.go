package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	lockBinned = `
SELECT a.id, r.full_name || '@' || a.digest FROM artifact a JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NULL
WHERE a.id = ANY($1) AND a.project_id = $2 AND a.deleted_at IS NOT NULL ORDER BY a.id FOR UPDATE OF a`

	// An index in the bin keeps what it lists.
	listedInBin = `
SELECT a.digest, i.digest FROM artifact_child e JOIN artifact a ON a.id = e.child_id JOIN artifact i ON i.id = e.parent_id
WHERE e.child_id = ANY($1) AND e.parent_id <> ALL($1) AND i.deleted_at IS NOT NULL LIMIT 1`

	withAccessories = `
WITH RECURSIVE gone AS (
  SELECT id, repository_id, digest, deleted_at FROM artifact WHERE id = ANY($1)
  UNION
  SELECT x.id, x.repository_id, x.digest, x.deleted_at FROM gone g CROSS JOIN LATERAL (
    SELECT a.id, a.repository_id, a.digest, a.deleted_at FROM artifact a
    WHERE a.repository_id = g.repository_id AND a.subject_digest = g.digest AND a.accessory_type <> '' OFFSET 0) x
  WHERE x.deleted_at = g.deleted_at)
SELECT id FROM gone ORDER BY id`

	endDeletions = `
UPDATE deletion d SET until = $2 FROM repository r WHERE r.id = ANY($1) AND d.repository_id = r.id AND d.until > $2`

	endRepositories = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT 'artifact', id, $2::timestamptz FROM artifact WHERE repository_id = ANY($1) AND deleted_at IS NOT NULL ORDER BY id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = least(gc_candidate.not_before, excluded.not_before)`

	endRepositoryCandidates = `
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'repository', unnest($1::bigint[]), $2
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = least(gc_candidate.not_before, excluded.not_before)`

	binnedOfProject = `
SELECT r.id FROM repository r JOIN deletion d ON d.repository_id = r.id AND d.at = r.deleted_at
WHERE r.project_id = $1 AND r.deleted_at IS NOT NULL AND d.until > $2 ORDER BY r.id`

	endArtifactsOfProject = `
WITH ended AS (
  INSERT INTO gc_candidate (kind, id, not_before)
  SELECT 'artifact', id, $2::timestamptz FROM artifact WHERE project_id = $1 AND deleted_at IS NOT NULL ORDER BY id
  ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before WHERE gc_candidate.not_before > excluded.not_before
  RETURNING id)
SELECT count(*) FROM ended`

	endDeletionsOfProject = `
UPDATE deletion d SET until = $2 FROM repository r WHERE r.project_id = $1 AND d.repository_id = r.id AND d.until > $2`
)

// DeleteForEver ends the time in which what is in a project's recycle bin can be
// restored, of all that is named or of none: garbage collection takes it next. It
// cannot be undone.
func (s *Service) DeleteForEver(ctx context.Context, by rbac.Subject, project string, what Selection) error {
	if err := what.check(project); err != nil {
		return err
	}
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		e := ending{ctx: ctx, tx: store.PgxTx(tx), by: by, now: s.now(), batch: &pgx.Batch{}}
		if err := e.hold(project); err != nil {
			return err
		}
		if err := e.repositories(what.Repositories); err != nil {
			return err
		}
		if err := e.artifacts(what.Artifacts); err != nil {
			return err
		}
		if err := e.tx.SendBatch(ctx, e.batch).Close(); err != nil {
			return fmt.Errorf("delete for ever in %s: %w", project, err)
		}
		return nil
	})
}

// ending is one attempt at a transaction that deletes for ever.
type ending struct {
	ctx       context.Context
	tx        pgx.Tx
	by        rbac.Subject
	now       time.Time
	projectID int64
	batch     *pgx.Batch
}

func (e *ending) hold(project string) error {
	err := e.tx.QueryRow(e.ctx, holdProject, project).Scan(&e.projectID)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.NotFound("project %s not found", project)
	}
	if err != nil {
		return fmt.Errorf("hold project %s: %w", project, err)
	}
	return nil
}

func (e *ending) repositories(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := e.tx.Exec(e.ctx, lockBinnedRepositories, ids, e.projectID); err != nil {
		return fmt.Errorf("lock deleted repositories: %w", err)
	}
	rows, err := e.tx.Query(e.ctx, binnedRepositories, ids, e.projectID)
	if err != nil {
		return fmt.Errorf("find deleted repositories: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[binnedRow])
	if err != nil {
		return fmt.Errorf("find deleted repositories: %w", err)
	}
	there := map[int64]bool{}
	for _, r := range found {
		there[r.ID] = true
		if err := e.record(audit.Repository, r.FullName); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !there[id] {
			return fault.NotFound("repository %d is not in the recycle bin: it was restored, or garbage collection has taken it", id)
		}
	}
	e.batch.Queue(endDeletions, ids, e.now)
	e.batch.Queue(endRepositories, ids, e.now)
	e.batch.Queue(endRepositoryCandidates, ids, e.now)
	return nil
}

func (e *ending) artifacts(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := e.tx.Query(e.ctx, lockBinned, ids, e.projectID)
	if err != nil {
		return fmt.Errorf("lock deleted artifacts: %w", err)
	}
	there := map[int64]bool{}
	var id int64
	var name string
	if _, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		there[id] = true
		return e.record(audit.Artifact, name)
	}); err != nil {
		return fmt.Errorf("lock deleted artifacts: %w", err)
	}
	for _, id := range ids {
		if !there[id] {
			return fault.NotFound("artifact %d is not in the recycle bin: it was restored, or garbage collection has taken it", id)
		}
	}
	var child, index string
	err = e.tx.QueryRow(e.ctx, listedInBin, ids).Scan(&child, &index)
	if err == nil {
		return fault.Precondition("artifact %s is part of the index %s, which is in the recycle bin: delete that for ever, too, or first", child, index)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("look for indexes of deleted artifacts: %w", err)
	}
	more, err := e.tx.Query(e.ctx, withAccessories, ids)
	if err != nil {
		return fmt.Errorf("find what refers to deleted artifacts: %w", err)
	}
	all, err := pgx.CollectRows(more, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("find what refers to deleted artifacts: %w", err)
	}
	e.batch.Queue(noteArtifacts, all, e.now)
	return nil
}

func (e *ending) record(kind, name string) error {
	return audit.Queue(e.ctx, e.batch, e.by, audit.Entry{
		ProjectID: &e.projectID, Operation: audit.Delete, ResourceType: kind, Resource: name,
		Description: fmt.Sprintf("delete for ever: %s %s", kind, name),
	})
}

// Emptied is what an emptied recycle bin held.
type Emptied struct{ Repositories, Artifacts int64 }

// EmptyBin deletes all for ever that is in a project's recycle bin.
func (s *Service) EmptyBin(ctx context.Context, by rbac.Subject, project string) (Emptied, error) {
	var out Emptied
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		e := ending{ctx: ctx, tx: store.PgxTx(tx), by: by, now: s.now()}
		if err := e.hold(project); err != nil {
			return err
		}
		rows, err := e.tx.Query(ctx, binnedOfProject, e.projectID, e.now)
		if err != nil {
			return fmt.Errorf("list deleted repositories of %s: %w", project, err)
		}
		repositories, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("list deleted repositories of %s: %w", project, err)
		}
		if _, err := e.tx.Exec(ctx, lockBinnedRepositories, repositories, e.projectID); err != nil {
			return fmt.Errorf("lock deleted repositories of %s: %w", project, err)
		}
		out.Repositories = int64(len(repositories))
		if err := e.tx.QueryRow(ctx, endArtifactsOfProject, e.projectID, e.now).Scan(&out.Artifacts); err != nil {
			return fmt.Errorf("empty the recycle bin of %s: %w", project, err)
		}
		batch := &pgx.Batch{}
		batch.Queue(endDeletionsOfProject, e.projectID, e.now)
		batch.Queue(endRepositoryCandidates, repositories, e.now)
		if err := e.tx.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("empty the recycle bin of %s: %w", project, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &e.projectID, Operation: audit.Delete, ResourceType: audit.Project, Resource: project,
			Description: fmt.Sprintf("empty the recycle bin of %s: %d repositories and %d artifacts for ever", project, out.Repositories, out.Artifacts),
		})
	})
	return out, err
}
