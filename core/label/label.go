// Package label is the marks that people put on artifacts: of one project, or of
// all. It must not know artifacts; who has which label is core/artifact's.
package label

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Label is a mark of a project, or of all projects.
type Label struct {
	ID          int64 `gorm:"primaryKey"`
	Name        string
	Description string
	Color       string // #rrggbb, or ''
	ProjectID   *int64 // nil: of all projects
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName is the table of the rows.
func (Label) TableName() string { return "label" }

// Project is the project's id, 0 of a label of all projects.
func (l Label) Project() int64 {
	if l.ProjectID == nil {
		return 0
	}
	return *l.ProjectID
}

// FitsIn says whether the label can be put on artifacts of a project.
func (l Label) FitsIn(projectID int64) bool { return l.ProjectID == nil || *l.ProjectID == projectID }

// Service answers for the labels. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Get returns the label with an id.
func (s *Service) Get(ctx context.Context, id int64) (Label, error) {
	return find(s.db.WithContext(ctx), id)
}

// Find is Get that keeps the label from being deleted until the transaction ends.
func Find(tx store.Tx, id int64) (Label, error) {
	return find(tx.Clauses(clause.Locking{Strength: "KEY SHARE"}), id)
}

// living leaves out what a deleted project had.
const living = `(project_id IS NULL OR EXISTS (SELECT FROM project p WHERE p.id = label.project_id AND p.deleted_at IS NULL))`

func find(db *gorm.DB, id int64) (Label, error) {
	var out Label
	err := db.Where(living).Take(&out, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Label{}, unknown(id)
	}
	if err != nil {
		return Label{}, fmt.Errorf("find label: %w", err)
	}
	return out, nil
}

func unknown(id int64) error { return fault.NotFound("label %d not found", id) }

// Filter says which labels to list.
type Filter struct {
	ProjectID int64  // 0: those of all projects
	Name      string // contained in the name, whatever the case
}

// List returns one page of the labels of a project, or of all, by name unless told
// otherwise.
func (s *Service) List(ctx context.Context, f Filter, p page.Page) (page.List[Label], error) {
	// The expression is label_name_key's, which serves filter and order.
	db := s.db.WithContext(ctx).Model(&Label{}).Where("coalesce(project_id, 0) = ?", f.ProjectID)
	if f.Name != "" {
		db = db.Where(`name ILIKE ? ESCAPE '\'`, "%"+page.EscapeLike(f.Name)+"%")
	}
	db, err := p.Apply(db, page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "name": {SQL: "name", Kind: page.Text}, "description": {SQL: "description", Kind: page.Text},
		"color": {SQL: "color", Kind: page.Text}, "creation_time": {SQL: "created_at", Kind: page.Time}, "update_time": {SQL: "updated_at", Kind: page.Time},
	}, "name, id")
	if err != nil {
		return page.List[Label]{}, err
	}
	return page.Fetch[Label](db, p, "", "labels")
}
