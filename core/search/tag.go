package search

import (
	"context"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// tagWindow is how many tags with the beginning are looked at before the question is
// turned around: which of the repositories that somebody sees has such a tag. The
// first answers in a moment where most is visible, the second where little is.
const tagWindow = 2_000

// There is always one row, which says how many were looked at.
const tagsInWindow = `WITH beginning AS MATERIALIZED (
  SELECT t.name, t.repository_id, t.artifact_id, t.since FROM tag t WHERE t.name >= ? AND t.name < ? ORDER BY t.name LIMIT ?)
SELECT c.looked, x.* FROM (SELECT count(*) AS looked FROM beginning) c LEFT JOIN (
  SELECT t.name, r.project_id, r.full_name, a.digest, t.since AS pushed_at FROM beginning t
  JOIN repository r ON r.id = t.repository_id AND r.deleted_at IS NULL AND r.published_at IS NOT NULL
  JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL
  JOIN artifact a ON a.id = t.artifact_id
  WHERE %s ORDER BY t.name, r.full_name LIMIT ?) x ON true ORDER BY x.name, x.full_name`

const tagsOfRepositories = `SELECT x.name, x.project_id, x.full_name, a.digest, x.since AS pushed_at FROM (
  SELECT t.*, r.project_id, r.full_name FROM repository r
  JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL
  CROSS JOIN LATERAL (SELECT t.name, t.artifact_id, t.since FROM tag t
    WHERE t.repository_id = r.id AND t.name >= ? AND t.name < ? ORDER BY t.name LIMIT ?) t
  WHERE r.deleted_at IS NULL AND r.published_at IS NOT NULL AND %s ORDER BY t.name, r.full_name LIMIT ?) x
JOIN artifact a ON a.id = x.artifact_id ORDER BY x.name, x.full_name`

func (s *Service) tags(ctx context.Context, who rbac.Subject, q Query, limit int) ([]Tag, error) {
	db, end := s.db.WithContext(ctx), after(q.Tag)
	c := q.about("r", "p")
	seen := visible(who, rbac.On(rbac.Repository, rbac.List))
	c.and(seen.sql, seen.args...)
	if !q.narrowed() {
		var rows []struct {
			Tag
			Looked int
		}
		args := append([]any{q.Tag, end, tagWindow}, c.args...)
		if err := db.Raw(fmt.Sprintf(tagsInWindow, c.sql), append(args, limit)...).Scan(&rows).Error; err != nil {
			return nil, err
		}
		if len(rows) == limit || rows[0].Looked < tagWindow {
			out := make([]Tag, 0, len(rows))
			for _, r := range rows {
				if r.Name != "" {
					out = append(out, r.Tag)
				}
			}
			return out, nil
		}
	}
	var out []Tag
	args := append([]any{q.Tag, end, limit}, c.args...)
	return out, db.Raw(fmt.Sprintf(tagsOfRepositories, c.sql), append(args, limit)...).Scan(&out).Error
}
