package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/project"
)

const addDeletion = `
INSERT INTO deletion (repository_id, at, by_name, cause, until) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING at`

// Always is the same recovery window at all times.
func Always(window time.Duration) func(context.Context) (time.Duration, error) {
	return func(context.Context) (time.Duration, error) { return window, nil }
}

func (s *Service) window(ctx context.Context, q querier, projectID int64) (time.Duration, error) {
	return project.Window(ctx, q, projectID, s.recovery)
}

// Window is how long what is deleted in a project from now on can be restored; 0
// is not at all.
func (s *Service) Window(ctx context.Context, projectID int64) (time.Duration, error) {
	return s.window(ctx, s.db.Pool, projectID)
}

// open begins a deletion: its time is its name, by which what it takes is found
// again, so that no two of a repository have the same.
func (r *removal) open(ctx context.Context, tx pgx.Tx, window time.Duration) error {
	for {
		r.until = r.at.Add(window)
		err := tx.QueryRow(ctx, addDeletion, r.repositoryID, r.at, r.by, r.cause, r.until).Scan(nil)
		if err == nil {
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("begin a deletion: %w", err)
		}
		r.at = r.at.Add(time.Microsecond)
	}
}
