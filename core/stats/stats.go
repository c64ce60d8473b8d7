// Package stats counts what the system holds, for the front page and the
// statistics operation. It only reads, across tables that other packages own, and
// must not grow with what it counts beyond one statement.
package stats

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Counts are what somebody can see. The totals are for a system administrator and
// 0 for others, as in Harbor.
type Counts struct {
	PrivateProjects     int64 // for others than an administrator: those they are a member of
	PrivateRepositories int64
	PublicProjects      int64
	PublicRepositories  int64
	TotalProjects       int64
	TotalRepositories   int64
	StorageBytes        int64 // distinct blobs of each project
}

// Service counts.
type Service struct{ db *gorm.DB }

// NewService returns the Service over db.
func NewService(db *gorm.DB) *Service { return &Service{db: db} }

const (
	counts = `SELECT
  count(*) FILTER (WHERE NOT p.public) AS private_projects,
  coalesce(sum(r.n) FILTER (WHERE NOT p.public), 0) AS private_repositories,
  count(*) FILTER (WHERE p.public) AS public_projects,
  coalesce(sum(r.n) FILTER (WHERE p.public), 0) AS public_repositories
FROM project p
LEFT JOIN (SELECT project_id, count(*) AS n FROM repository
  WHERE deleted_at IS NULL AND published_at IS NOT NULL GROUP BY project_id) r ON r.project_id = p.id
WHERE p.deleted_at IS NULL AND `

	storage = `SELECT coalesce((SELECT sum(q.used) FROM quota q JOIN project p ON p.id = q.project_id WHERE p.deleted_at IS NULL), 0)
  + coalesce((SELECT sum(d.bytes) FROM quota_delta d JOIN project p ON p.id = d.project_id WHERE p.deleted_at IS NULL), 0)`
)

// Count counts what who can see.
func (s *Service) Count(ctx context.Context, who rbac.Subject) (Counts, error) {
	db := s.db.WithContext(ctx)
	visible, args := project.Visible("p", who, rbac.On(rbac.Project, rbac.List))
	var out Counts
	if err := db.Raw(counts+visible, args...).Scan(&out).Error; err != nil {
		return Counts{}, fmt.Errorf("count projects and repositories: %w", err)
	}
	if !who.SysAdmin {
		return out, nil
	}
	out.TotalProjects = out.PrivateProjects + out.PublicProjects
	out.TotalRepositories = out.PrivateRepositories + out.PublicRepositories
	if err := db.Raw(storage).Scan(&out.StorageBytes).Error; err != nil {
		return Counts{}, fmt.Errorf("count storage: %w", err)
	}
	return out, nil
}
