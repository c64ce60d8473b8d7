package artifact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
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
	FullName    string
	Description string
	PullCount   int64
	Artifacts   int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (r repositoryRow) repository() Repository {
	in, name, _ := strings.Cut(r.FullName, "/")
	return Repository{
		ID: r.ID, ProjectID: r.ProjectID, ProjectName: in, Name: name, Description: r.Description,
		PullCount: r.PullCount, ArtifactCount: r.Artifacts, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

const (
	repositoryFields = `r.id, r.project_id, r.full_name, r.description, r.pull_count, r.created_at, r.updated_at,
(SELECT count(*) FROM artifact a WHERE a.repository_id = r.id AND ` + listed + `) AS artifacts`

	// A project with a repository that people see is a living one: deleting a project
	// that has any is refused.
	shown = `r.deleted_at IS NULL AND r.published_at IS NOT NULL`

	visible = `r.project_id IN (SELECT p.id FROM project p WHERE p.deleted_at IS NULL AND %s)`

	newestChange = `r.updated_at DESC, r.id DESC` // the order of repository_recent_idx and repository_newest_idx
)

func repositoryColumns() page.Columns {
	return page.Columns{
		"id": {SQL: "r.id", Kind: page.Int}, "repository_id": {SQL: "r.id", Kind: page.Int}, "project_id": {SQL: "r.project_id", Kind: page.Int},
		"name": {SQL: "r.full_name", Kind: page.Text}, "description": {SQL: "r.description", Kind: page.Text},
		"pull_count": {SQL: "r.pull_count", Kind: page.Int}, "creation_time": {SQL: "r.created_at", Kind: page.Time}, "update_time": {SQL: "r.updated_at", Kind: page.Time},
	}
}

// ListRepositories lists repositories, the newest first unless told otherwise.
func (s *Service) ListRepositories(ctx context.Context, f RepositoryFilter, p page.Page) (page.List[Repository], error) {
	all, rows, err := s.listingOfRepositories(ctx, f, p)
	if err != nil {
		return page.List[Repository]{}, err
	}
	var out page.List[Repository]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count repositories: %w", err)
	}
	var found []repositoryRow
	if err := rows.Find(&found).Error; err != nil {
		return out, fmt.Errorf("list repositories: %w", err)
	}
	for _, r := range found {
		out.Items = append(out.Items, r.repository())
	}
	return out, nil
}

// listingOfRepositories is two statements, as listing is: only what is on the page
// is read, and its artifacts counted.
func (s *Service) listingOfRepositories(ctx context.Context, f RepositoryFilter, p page.Page) (all, rows *gorm.DB, err error) {
	db := s.db.Gorm.WithContext(ctx)
	q := db.Table("repository r").Where(shown)
	switch {
	case f.ProjectID != nil:
		q = q.Where("r.project_id = ?", *f.ProjectID)
	case !f.Who.SysAdmin:
		condition, args := project.Visible("p", f.Who, rbac.On(rbac.Repository, rbac.List))
		q = q.Where(fmt.Sprintf(visible, condition), args...)
	}
	columns := repositoryColumns()
	if all, err = (page.Page{Query: p.Query}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestChange)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("r.id")).Joins("JOIN repository r ON r.id = page.id").Select(repositoryFields)
	rows, err = order.Apply(rows, columns, newestChange)
	return all, rows, err
}

// GetRepository returns one repository of a project.
func (s *Service) GetRepository(ctx context.Context, project, name string) (Repository, error) {
	var r repositoryRow
	err := s.db.Gorm.WithContext(ctx).Table("repository r").Joins("JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL").
		Where(shown).Where("p.name = ? AND r.name = ?", project, name).Select(repositoryFields).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Repository{}, repositoryUnknown(project, name)
	}
	if err != nil {
		return Repository{}, fmt.Errorf("get repository %s/%s: %w", project, name, err)
	}
	return r.repository(), nil
}

const lockRepositoryByName = `
SELECT r.id, r.project_id, coalesce(r.edited_at, 'epoch') FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL AND r.published_at IS NOT NULL
WHERE p.name = $1 AND p.deleted_at IS NULL FOR UPDATE OF r`

type lockedRepository struct {
	id        int64
	projectID int64
	editedAt  time.Time
}

func lockRepositoryRow(ctx context.Context, tx pgx.Tx, project, name string) (r lockedRepository, err error) {
	err = tx.QueryRow(ctx, lockRepositoryByName, project, name).Scan(&r.id, &r.projectID, &r.editedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, repositoryUnknown(project, name)
	}
	if err != nil {
		return r, fmt.Errorf("find repository %s/%s: %w", project, name, err)
	}
	return r, nil
}

// UpdateRepository changes what a repository says about itself; since, when it is
// not nil, is the edition that the change was made from.
func (s *Service) UpdateRepository(ctx context.Context, by rbac.Subject, project, name string, since *time.Time, description string) error {
	switch {
	case utf8.RuneCountInString(description) > maxDescription:
		return fault.Invalid("description", "the description has more than %d characters", maxDescription)
	case !utf8.ValidString(description) || strings.ContainsRune(description, 0):
		return fault.Invalid("description", "the description must be UTF-8 text without NUL")
	}
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		r, err := lockRepositoryRow(ctx, conn, project, name)
		if err != nil {
			return err
		}
		if err := store.Unchanged(since, r.editedAt); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `UPDATE repository SET description = $2, updated_at = $3, edited_at = $3 WHERE id = $1`, r.id, description, s.clock()); err != nil {
			return fmt.Errorf("update repository %s/%s: %w", project, name, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &r.projectID, Operation: audit.Update, ResourceType: audit.Repository, Resource: project + "/" + name,
			Description: "update repository: " + project + "/" + name,
		})
	})
}

const deleteRepository = `
WITH gone AS (UPDATE repository SET deleted_at = $2 WHERE id = $1 RETURNING id)
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'repository', id, $3 FROM gone
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`

// DeleteRepository removes a repository with all its artifacts and tags. They
// can be restored until the recovery window ends.
func (s *Service) DeleteRepository(ctx context.Context, by rbac.Subject, project, name string) error {
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		rules, err := holdRules(ctx, conn, project)
		if err != nil {
			return err
		}
		r, err := lockRepositoryRow(ctx, conn, project, name)
		if err != nil {
			return err
		}
		window, err := s.window(ctx, conn, r.projectID)
		if err != nil {
			return err
		}
		gone := removal{rules: rules, repositoryID: r.id, repository: name, by: by.Name, cause: causeDeleteRepository, at: s.now()}
		if err := gone.open(ctx, conn, window); err != nil {
			return err
		}
		if err := removeTags(ctx, conn, gone, "$2::text IS NOT NULL", ""); err != nil {
			return err
		}
		rows, err := conn.Query(ctx, `SELECT id FROM artifact WHERE repository_id = $1 AND deleted_at IS NULL ORDER BY id`, r.id)
		if err != nil {
			return fmt.Errorf("list the artifacts of %s/%s: %w", project, name, err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("list the artifacts of %s/%s: %w", project, name, err)
		}
		if err := hide(ctx, conn, gone, ids); err != nil {
			return fmt.Errorf("delete the artifacts of %s/%s: %w", project, name, err)
		}
		if _, err := conn.Exec(ctx, deleteRepository, r.id, gone.at, gone.until); err != nil {
			return fmt.Errorf("delete repository %s/%s: %w", project, name, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &r.projectID, Operation: audit.Delete, ResourceType: audit.Repository, Resource: project + "/" + name,
			Description: "delete repository: " + project + "/" + name,
		})
	})
}
