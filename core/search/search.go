// Package search finds things by what people remember of them: a part of a name,
// how a tag or a digest begins. It only reads, in as many statements for a million
// tags as for ten, and shows nobody what they may not see. Lists with pages and
// filters are not its business; each noun has its own.
package search

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// MaxItems bounds what is found of each kind.
const MaxItems = 100

// Service searches.
type Service struct{ db *gorm.DB }

// NewService returns the Service over db.
func NewService(db *gorm.DB) *Service { return &Service{db: db} }

// Project is a project that was found.
type Project struct {
	ID     int64
	Name   string
	Public bool
}

// Repository is a repository that was found.
type Repository struct {
	ID          int64
	ProjectID   int64
	ProjectName string
	FullName    string // project/name
	PullCount   int64
	Artifacts   int64
	UpdatedAt   time.Time
}

// Tag is a tag that was found.
type Tag struct {
	Name      string
	ProjectID int64
	FullName  string // of the repository
	Digest    string // of the artifact
	PushedAt  time.Time
}

// Items is what was found of each kind.
type Items struct {
	Projects     []Project
	Repositories []Repository
	Tags         []Tag
	Artifacts    []artifact.Artifact // with their tags, and without what a list does not show
}

// Items finds at most limit things of each kind that the query can mean.
func (s *Service) Items(ctx context.Context, who rbac.Subject, q Query, limit int) (Items, error) {
	limit = min(max(limit, 1), MaxItems)
	var out Items
	var err error
	if q.names() && q.named() && q.Repository == "" {
		if out.Projects, err = s.projects(ctx, who, q, limit); err != nil {
			return Items{}, fmt.Errorf("search projects: %w", err)
		}
	}
	if q.narrowed() && q.named() {
		if out.Repositories, err = s.repositories(ctx, who, q.about("r", "p"), q.first(), limit); err != nil {
			return Items{}, fmt.Errorf("search repositories: %w", err)
		}
	}
	if q.Tag != "" {
		if out.Tags, err = s.tags(ctx, who, q, limit); err != nil {
			return Items{}, fmt.Errorf("search tags: %w", err)
		}
	}
	if q.Digest != "" && q.Tag == "" {
		if out.Artifacts, err = s.artifacts(ctx, who, q, limit); err != nil {
			return Items{}, fmt.Errorf("search artifacts: %w", err)
		}
	}
	return out, nil
}

// Repositories finds the repositories that have the text anywhere in their name, as
// Harbor's search does: also one letter in the middle of a word.
func (s *Service) Repositories(ctx context.Context, who rbac.Subject, text string) ([]Repository, error) {
	c := condition{}
	c.and("r.full_name ILIKE ?", "%"+page.EscapeLike(text)+"%")
	out, err := s.repositories(ctx, who, c, text, MaxItems)
	if err != nil {
		return nil, fmt.Errorf("search repositories: %w", err)
	}
	return out, nil
}

func (s *Service) projects(ctx context.Context, who rbac.Subject, q Query, limit int) ([]Project, error) {
	c := visible(who, rbac.On(rbac.Project, rbac.List))
	for _, w := range q.Words {
		c.contains("p.name", w)
	}
	if q.Project != "" {
		c.contains("p.name", q.Project)
	}
	var out []Project
	err := s.db.WithContext(ctx).Raw(`SELECT p.id, p.name, p.public FROM project p WHERE p.deleted_at IS NULL AND `+c.sql+
		` ORDER BY starts_with(p.name, ?) DESC, p.name LIMIT ?`, append(c.args, q.first(), limit)...).Scan(&out).Error
	return out, err
}

// Ordered before the artifacts are counted: only what is shown is.
const repositoriesFound = `SELECT x.*, (SELECT count(*) FROM artifact a WHERE a.repository_id = x.id
  AND a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)) AS artifacts
FROM (SELECT r.id, r.project_id, p.name AS project_name, r.full_name, r.pull_count, r.updated_at, starts_with(r.name, ?) AS begins
  FROM repository r JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL
  WHERE r.deleted_at IS NULL AND r.published_at IS NOT NULL AND %s
  ORDER BY begins DESC, r.pull_count DESC, r.full_name LIMIT ?) x
ORDER BY x.begins DESC, x.pull_count DESC, x.full_name`

func (s *Service) repositories(ctx context.Context, who rbac.Subject, c condition, first string, limit int) ([]Repository, error) {
	seen := visible(who, rbac.On(rbac.Repository, rbac.List))
	c.and(seen.sql, seen.args...)
	args := append([]any{first}, c.args...)
	var out []Repository
	err := s.db.WithContext(ctx).Raw(fmt.Sprintf(repositoriesFound, c.sql), append(args, limit)...).Scan(&out).Error
	return out, err
}

// visible is the condition that who holds a permission in the project p.
func visible(who rbac.Subject, want rbac.Permission) condition {
	sql, args := project.Visible("p", who, want)
	return condition{sql, args}
}
