package project

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Content is what a project holds, for lists.
type Content struct {
	QuotaHard int64      // bytes; -1: no limit
	QuotaUsed int64      // bytes
	LastPush  *time.Time // of what lists show; nil: nothing was pushed
}

// The last push is the first entry of artifact_project_idx.
const contentQuery = `SELECT p.id, coalesce(q.hard, -1) AS quota_hard,
	coalesce(q.used, 0) + (SELECT coalesce(sum(d.bytes), 0) FROM quota_delta d WHERE d.project_id = p.id)::bigint AS quota_used,
	(SELECT a.pushed_at FROM artifact a
		WHERE a.project_id = p.id AND a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)
		ORDER BY a.pushed_at DESC, a.id DESC LIMIT 1) AS last_push
	FROM project p LEFT JOIN quota q ON q.project_id = p.id WHERE p.id IN `

// Content measures the projects of a list, with one query.
func (s *Service) Content(ctx context.Context, ids []ID) (map[ID]Content, error) {
	out := map[ID]Content{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID ID
		Content
	}
	if err := s.db.WithContext(ctx).Raw(contentQuery+"?", ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("measure projects: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Content
	}
	return out, nil
}

// A project with a limit has nothing noted in quota_delta.
const overLimit = `EXISTS (SELECT FROM quota q
	WHERE q.project_id = project.id AND q.hard > 0 AND q.used * 100 > q.hard * ?)`

// held is the condition that who has a role in a project, or, of a machine, was
// given something there. With a permission only what grants it counts, and that
// the project is public does not.
func (s *Service) held(who rbac.Subject, want *rbac.Permission) (string, []any) {
	const member = "EXISTS (SELECT FROM role_grant g WHERE g.project_id = project.id AND g.principal_kind = 'u' AND g.principal_id = ?"
	switch {
	case who.Kind == rbac.Human && want == nil:
		return member + ")", []any{who.ID}
	case who.Kind == rbac.Human:
		return member + " AND g.role_id IN ?)", []any{who.ID, s.policy.Holders(*want)}
	case who.Kind != rbac.Machine:
		return "false", nil
	}
	asked := rbac.On(rbac.Project, rbac.List)
	if want != nil {
		asked = *want
	}
	all, projects := who.Reach(asked)
	if all || len(projects) == 0 {
		return strconv.FormatBool(all), nil
	}
	return "project.id IN ?", []any{projects}
}
