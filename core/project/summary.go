package project

import (
	"context"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Summary is a project at a glance. Bytes are those of distinct blobs.
type Summary struct {
	Repositories int64
	Members      map[rbac.Role]int64
	QuotaHard    int64 // bytes; -1: no limit
	QuotaUsed    int64 // bytes
}

// Summary counts what a project has.
func (s *Service) Summary(ctx context.Context, id ID) (Summary, error) {
	const counts = `SELECT
		(SELECT count(*) FROM repository r WHERE r.project_id = p.id AND r.deleted_at IS NULL AND r.published_at IS NOT NULL) AS repositories,
		coalesce(q.hard, -1) AS quota_hard,
		coalesce(q.used, 0) + (SELECT coalesce(sum(d.bytes), 0) FROM quota_delta d WHERE d.project_id = p.id) AS quota_used
		FROM project p LEFT JOIN quota q ON q.project_id = p.id WHERE p.id = ? AND p.deleted_at IS NULL`
	db := s.db.WithContext(ctx)
	var found []struct{ Repositories, QuotaHard, QuotaUsed int64 }
	if err := db.Raw(counts, id).Scan(&found).Error; err != nil {
		return Summary{}, fmt.Errorf("summarise project: %w", err)
	}
	if len(found) == 0 {
		return Summary{}, missing(id)
	}
	const members = "SELECT role_id, count(*) AS members FROM role_grant WHERE project_id = ? AND principal_kind = 'u' GROUP BY role_id"
	var roles []struct {
		RoleID  rbac.Role
		Members int64
	}
	if err := db.Raw(members, id).Scan(&roles).Error; err != nil {
		return Summary{}, fmt.Errorf("count members: %w", err)
	}
	out := Summary{Repositories: found[0].Repositories, QuotaHard: found[0].QuotaHard, QuotaUsed: found[0].QuotaUsed, Members: map[rbac.Role]int64{}}
	for _, r := range roles {
		out.Members[r.RoleID] = r.Members
	}
	return out, nil
}

// RepositoryCounts counts the repositories of each project of a list, with one
// query. A project without any is not in the answer.
func (s *Service) RepositoryCounts(ctx context.Context, ids []ID) (map[ID]int64, error) {
	out := map[ID]int64{}
	if len(ids) == 0 {
		return out, nil
	}
	const query = `SELECT project_id, count(*) AS repositories FROM repository
		WHERE project_id IN ? AND deleted_at IS NULL AND published_at IS NOT NULL GROUP BY project_id`
	var rows []struct{ ProjectID, Repositories int64 }
	if err := s.db.WithContext(ctx).Raw(query, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count repositories: %w", err)
	}
	for _, r := range rows {
		out[r.ProjectID] = r.Repositories
	}
	return out, nil
}
