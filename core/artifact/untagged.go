package artifact

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Untagged is an artifact that no tag names, no living index lists, and that refers to
// nothing that lives.
type Untagged struct {
	ID         int64
	Project    string
	Repository string // without the project
	Digest     string
	Size       int64
}

const (
	untagged = `a.deleted_at IS NULL AND a.tag_count = 0 AND a.parent_count = 0 AND a.pushed_at <= $2
AND (a.accessory_type = '' OR NOT EXISTS (SELECT FROM artifact s WHERE s.repository_id = a.repository_id AND s.digest = a.subject_digest AND s.deleted_at IS NULL))`

	// The last row looked at comes along, whatever it is, so that the next batch begins
	// behind it.
	listUntagged = `
WITH looked AS MATERIALIZED (
  SELECT a.id, a.project_id, a.repository_id, a.digest, a.size, (` + untagged + `) AS garbage FROM artifact a WHERE a.id > $1 ORDER BY a.id LIMIT $3)
SELECT l.id, p.name, r.name, l.digest, l.size, l.garbage FROM looked l
JOIN repository r ON r.id = l.repository_id JOIN project p ON p.id = l.project_id
WHERE l.garbage OR l.id = (SELECT max(id) FROM looked) ORDER BY l.id`

	stillUntagged = `SELECT a.id FROM artifact a WHERE a.id = ANY($1) AND ` + untagged + ` ORDER BY a.id`
)

// ListUntagged looks at the next n artifacts after one and returns those among them
// that are untagged and were pushed before a time. next is where to go on, 0 at the end.
func (s *Service) ListUntagged(ctx context.Context, after int64, before time.Time, n int) (out []Untagged, next int64, err error) {
	rows, err := s.db.Pool.Query(ctx, listUntagged, after, before, n)
	if err != nil {
		return nil, 0, fmt.Errorf("look for untagged artifacts: %w", err)
	}
	var u Untagged
	var garbage bool
	_, err = pgx.ForEachRow(rows, []any{&u.ID, &u.Project, &u.Repository, &u.Digest, &u.Size, &garbage}, func() error {
		next = u.ID
		if garbage {
			out = append(out, u)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("look for untagged artifacts: %w", err)
	}
	return out, next, nil
}

// DeleteUntagged is DeleteArtifacts of those that are still untagged when they are
// locked: one that was given a tag or a parent meanwhile stays.
func (s *Service) DeleteUntagged(ctx context.Context, by rbac.Subject, project, repository string, ids []int64, before time.Time) (out Deleted, err error) {
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		out, err = s.deleteMany(tx, by, project, repository, ids, CauseUntagged, nil, func(d *deletion, ids []int64) ([]int64, error) {
			rows, err := d.tx.Query(d.ctx, stillUntagged, ids, before)
			if err != nil {
				return nil, err
			}
			return pgx.CollectRows(rows, pgx.RowTo[int64])
		})
		return err
	})
	return out, err
}
