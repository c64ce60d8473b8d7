package gc

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	repositoryBatch = 20
	// eventBatch is how much of the history of a deleted repository one transaction removes.
	eventBatch = 5_000
)

const (
	// Pushes hold the repository.
	lockRepositories = `SELECT id FROM repository WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED`

	// Deleted, or made by an upload and never published; and nothing is left in it. What
	// is left notes the repository again when it goes.
	lookAtRepositories = `
SELECT r.id, (r.deleted_at IS NOT NULL OR r.published_at IS NULL)
  AND NOT EXISTS (SELECT FROM artifact a WHERE a.repository_id = r.id) AND NOT EXISTS (SELECT FROM repository_blob l WHERE l.repository_id = r.id)
FROM repository r WHERE r.id = ANY($1)`

	forgetEvents = `
WITH gone AS (DELETE FROM tag_event WHERE id IN (SELECT id FROM tag_event WHERE repository_id = ANY($1) LIMIT $2) RETURNING id),
purged AS (DELETE FROM purged_artifact WHERE id IN (SELECT id FROM purged_artifact WHERE repository_id = ANY($1) LIMIT $2) RETURNING id)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM purged)`
)

// forgetRepositories removes the rows of repositories that are gone and empty, after
// their history.
func (s *Service) forgetRepositories(ctx context.Context, p *pass) (done int, err error) {
	now := s.Clock()
	var freed Freed
	err = store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		done, freed = 0, Freed{}
		conn := store.PgxTx(tx)
		taken, err := take(ctx, conn, kindRepository, now, repositoryBatch)
		if err != nil || len(taken) == 0 {
			return err
		}
		all := ids(taken)
		empty, dropped, err := lookAtThose(ctx, conn, all)
		if err != nil {
			return err
		}
		done = len(dropped)
		if len(empty) > 0 {
			var events int64
			if err := conn.QueryRow(ctx, forgetEvents, empty, eventBatch).Scan(&events); err != nil {
				return err
			}
			if events > 0 { // the rows themselves go once there is no more of it
				done += int(events)
				_, err = conn.Exec(ctx, dropCandidates, kindRepository, dropped)
				return err
			}
			if _, err := conn.Exec(ctx, `DELETE FROM repository WHERE id = ANY($1)`, empty); err != nil {
				return err
			}
			done += len(empty)
			freed.Repositories = int64(len(empty))
		}
		if _, err := conn.Exec(ctx, dropCandidates, kindRepository, append(dropped, empty...)); err != nil {
			return err
		}
		return tally(ctx, conn, p.execution, now, freed)
	})
	if err != nil {
		return 0, fmt.Errorf("forget repositories: %w", err)
	}
	p.count(freed)
	s.metrics.count(freed)
	return done, nil
}

// lookAtThose tells which repositories are gone and empty, and which are no garbage.
func lookAtThose(ctx context.Context, tx pgx.Tx, all []int64) (empty, dropped []int64, err error) {
	locked, err := column(ctx, tx, lockRepositories, all)
	if err != nil {
		return nil, nil, err
	}
	dropped, err = column(ctx, tx, `SELECT v.id FROM unnest($1::bigint[]) v (id) WHERE NOT EXISTS (SELECT FROM repository r WHERE r.id = v.id)`, all)
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.Query(ctx, lookAtRepositories, locked)
	if err != nil {
		return nil, nil, err
	}
	var id int64
	var garbage bool
	_, err = pgx.ForEachRow(rows, []any{&id, &garbage}, func() error {
		if garbage {
			empty = append(empty, id)
		} else {
			dropped = append(dropped, id)
		}
		return nil
	})
	return empty, dropped, err
}
