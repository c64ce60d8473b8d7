package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Upload is the state of a blob upload that has received bytes. It lets an
// upload survive a restart and move between processes.
type Upload struct {
	ID         string
	Repository string // project/name
	Owner      string
	Size       int64  // bytes received
	HashState  []byte // of SHA-256 after Size bytes
	StartedAt  time.Time
	ExpiresAt  time.Time
}

const saveUpload = `
INSERT INTO upload (id, repository, owner, size, hash_state, started_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET size = excluded.size, hash_state = excluded.hash_state, expires_at = excluded.expires_at`

// SaveUpload records how far an upload has come.
func (s *Service) SaveUpload(ctx context.Context, u Upload) error {
	_, err := s.db.Pool.Exec(ctx, saveUpload, u.ID, u.Repository, u.Owner, u.Size, u.HashState, u.StartedAt, u.ExpiresAt)
	if err != nil {
		return fmt.Errorf("save upload %s: %w", u.ID, err)
	}
	return nil
}

// LoadUpload returns an upload that has received bytes and has not expired.
func (s *Service) LoadUpload(ctx context.Context, id string) (Upload, error) {
	u := Upload{ID: id}
	err := s.db.Pool.QueryRow(ctx, `SELECT repository, owner, size, hash_state, started_at, expires_at FROM upload WHERE id = $1 AND expires_at > $2`, id, s.clock()).
		Scan(&u.Repository, &u.Owner, &u.Size, &u.HashState, &u.StartedAt, &u.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Upload{}, fault.NotFound("upload %s is not known: it was finished, cancelled or has expired; start a new one", id)
	}
	if err != nil {
		return Upload{}, fmt.Errorf("load upload %s: %w", id, err)
	}
	return u, nil
}

// DropUpload forgets an upload; one that is not there is no error.
func (s *Service) DropUpload(ctx context.Context, id string) error {
	if _, err := s.db.Pool.Exec(ctx, `DELETE FROM upload WHERE id = $1`, id); err != nil {
		return fmt.Errorf("drop upload %s: %w", id, err)
	}
	return nil
}

// ExpiredUploads lists up to limit uploads whose time has passed, so that their
// bytes can be removed before their rows.
func (s *Service) ExpiredUploads(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.db.Pool.Query(ctx, `SELECT id FROM upload WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2`, s.clock(), limit)
	if err != nil {
		return nil, fmt.Errorf("list expired uploads: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
