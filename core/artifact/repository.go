package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// maxDescription is how long a repository's description may be, in characters.
const maxDescription = 64 << 10

// RepositoryFilter says whose repositories to list.
type RepositoryFilter struct {
	ProjectID *int64       // one project; nil: all that Who may see
	Who       rbac.Subject // looked at only without ProjectID
}

type repositoryRow struct {
	ID          int64
	ProjectID   int64
	ProjectName string
	Name        string
	Description string
	PullCount   int64
	Artifacts   int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (r repositoryRow) repository() Repository {
	return Repository{
		ID: r.ID, ProjectID: r.ProjectID, ProjectName: r.ProjectName, Name: r.Name, Description: r.Description,
		PullCount: r.PullCount, ArtifactCount: r.Artifacts, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

const (
	// listed is the condition under which an artifact is one that people see in
	// lists; artifact_listed_idx has the same.
	listed = `a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)`

	repositoryFields = `r.id, r.project_id, p.name AS project_name, r.name, r.description, r.pull_count, r.created_at, r.updated_at,
(SELECT count(*) FROM artifact a WHERE a.repository_id = r.id AND ` + listed + `) AS artifacts`

	visible = `(p.public OR EXISTS (SELECT 1 FROM role_grant g WHERE g.project_id = p.id AND g.principal_kind = ? AND g.principal_id = ?))`
)

func repositoryColumns() page.Columns {
	return page.Columns{
		"id": {SQL: "r.id", Kind: page.Int}, "repository_id": {SQL: "r.id", Kind: page.Int}, "project_id": {SQL: "r.project_id", Kind: page.Int},
		"name": {SQL: "(p.name || '/' || r.name)", Kind: page.Text}, "description": {SQL: "r.description", Kind: page.Text},
		"pull_count": {SQL: "r.pull_count", Kind: page.Int}, "creation_time": {SQL: "r.created_at", Kind: page.Time}, "update_time": {SQL: "r.updated_at", Kind: page.Time},
	}
}

func (s *Service) repositories(ctx context.Context) *gorm.DB {
	return s.db.Gorm.WithContext(ctx).Table("repository r").Joins("JOIN project p ON p.id = r.project_id").
		Where("r.deleted_at IS NULL AND r.published_at IS NOT NULL AND p.deleted_at IS NULL")
}

// ListRepositories lists repositories, the newest first unless told otherwise.
func (s *Service) ListRepositories(ctx context.Context, f RepositoryFilter, p page.Page) (page.List[Repository], error) {
	q := s.repositories(ctx)
	switch {
	case f.ProjectID != nil:
		q = q.Where("r.project_id = ?", *f.ProjectID)
	case !f.Who.SysAdmin:
		q = q.Where(visible, principalKind(f.Who), f.Who.ID)
	}
	q, err := p.Apply(q, repositoryColumns(), "r.updated_at DESC, r.id DESC")
	if err != nil {
		return page.List[Repository]{}, err
	}
	var out page.List[Repository]
	if err := q.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count repositories: %w", err)
	}
	var rows []repositoryRow
	if err := p.Window(q).Select(repositoryFields).Find(&rows).Error; err != nil {
		return out, fmt.Errorf("list repositories: %w", err)
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.repository())
	}
	return out, nil
}

// GetRepository returns one repository of a project.
func (s *Service) GetRepository(ctx context.Context, project, name string) (Repository, error) {
	var r repositoryRow
	err := s.repositories(ctx).Where("p.name = ? AND r.name = ?", project, name).Select(repositoryFields).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Repository{}, repositoryUnknown(project, name)
	}
	if err != nil {
		return Repository{}, fmt.Errorf("get repository %s/%s: %w", project, name, err)
	}
	return r.repository(), nil
}

const lockRepositoryByName = `
SELECT r.id, r.project_id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL AND r.published_at IS NOT NULL
WHERE p.name = $1 AND p.deleted_at IS NULL FOR UPDATE OF r`

func lockRepositoryRow(ctx context.Context, tx pgx.Tx, project, name string) (id, projectID int64, err error) {
	err = tx.QueryRow(ctx, lockRepositoryByName, project, name).Scan(&id, &projectID)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, repositoryUnknown(project, name)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("find repository %s/%s: %w", project, name, err)
	}
	return id, projectID, nil
}

// UpdateRepository changes what a repository says about itself.
func (s *Service) UpdateRepository(ctx context.Context, by rbac.Subject, project, name, description string) error {
	if utf8.RuneCountInString(description) > maxDescription {
		return fault.Invalid("description", "the description has more than %d characters", maxDescription)
	}
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		id, projectID, err := lockRepositoryRow(ctx, conn, project, name)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `UPDATE repository SET description = $2, updated_at = $3 WHERE id = $1`, id, description, s.clock()); err != nil {
			return fmt.Errorf("update repository %s/%s: %w", project, name, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &projectID, Operation: audit.Update, ResourceType: audit.Repository, Resource: project + "/" + name,
			Description: "update repository: " + project + "/" + name,
		})
	})
}

const deleteRepository = `UPDATE repository SET deleted_at = $2 WHERE id = $1`

// DeleteRepository removes a repository with all its artifacts and tags. They
// can be restored until the recovery window ends.
func (s *Service) DeleteRepository(ctx context.Context, by rbac.Subject, project, name string) error {
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		id, projectID, err := lockRepositoryRow(ctx, conn, project, name)
		if err != nil {
			return err
		}
		now := s.clock()
		if _, err := removeTags(ctx, conn, id, "$2::text IS NOT NULL", "", by.Name, causeDeleteRepository, now); err != nil {
			return err
		}
		rows, err := conn.Query(ctx, `SELECT id FROM artifact WHERE repository_id = $1 AND deleted_at IS NULL ORDER BY id`, id)
		if err != nil {
			return fmt.Errorf("list the artifacts of %s/%s: %w", project, name, err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("list the artifacts of %s/%s: %w", project, name, err)
		}
		if err := s.hide(ctx, conn, ids, now); err != nil {
			return fmt.Errorf("delete the artifacts of %s/%s: %w", project, name, err)
		}
		if _, err := conn.Exec(ctx, deleteRepository, id, now); err != nil {
			return fmt.Errorf("delete repository %s/%s: %w", project, name, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &projectID, Operation: audit.Delete, ResourceType: audit.Repository, Resource: project + "/" + name,
			Description: "delete repository: " + project + "/" + name,
		})
	})
}
