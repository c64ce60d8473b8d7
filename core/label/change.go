package label

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Bounds, in characters.
const (
	maxName        = 128
	maxDescription = 1024
)

// Fields are what people decide about a label.
type Fields struct {
	Name        string
	Description string
	Color       string
}

func (f Fields) check() error {
	switch {
	case strings.TrimSpace(f.Name) == "":
		return fault.Invalid("name", "label name cannot be empty")
	case utf8.RuneCountInString(f.Name) > maxName:
		return fault.Invalid("name", "label name has more than %d characters", maxName)
	case !printable(f.Name):
		return fault.Invalid("name", "label name must be UTF-8 text without control characters")
	case utf8.RuneCountInString(f.Description) > maxDescription:
		return fault.Invalid("description", "the description of a label has at most %d characters", maxDescription)
	case !utf8.ValidString(f.Description) || strings.ContainsRune(f.Description, 0):
		return fault.Invalid("description", "the description must be UTF-8 text without NUL")
	case f.Color != "" && !isColor(f.Color):
		return fault.Invalid("color", "the color of a label is #rrggbb, like #0065AB, or empty")
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func isColor(s string) bool {
	digits, ok := strings.CutPrefix(s, "#")
	return ok && len(digits) == 6 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

// Create makes a label of a project, or of all when projectID is 0.
func (s *Service) Create(ctx context.Context, by rbac.Subject, projectID int64, in Fields) (Label, error) {
	if err := in.check(); err != nil {
		return Label{}, err
	}
	now := s.now()
	out := Label{Name: in.Name, Description: in.Description, Color: in.Color, CreatedAt: now, UpdatedAt: now}
	if projectID != 0 {
		out.ProjectID = &projectID
	}
	err := store.InTx(ctx, s.db, func(tx store.Tx) error {
		out.ID = 0
		if projectID != 0 {
			if _, err := project.Hold(tx, projectID); err != nil {
				return err
			}
		}
		if err := tx.Create(&out).Error; err != nil {
			return taken(err, in.Name)
		}
		return record(tx, by, audit.Create, out)
	})
	return out, err
}

// Update changes a label; since, when it is not nil, is the edition that the change
// was made from. A label stays in its project.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id int64, since *time.Time, in Fields) error {
	if err := in.check(); err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		l, err := lock(tx, id, "NO KEY UPDATE", since)
		if err != nil {
			return err
		}
		l.Name, l.Description, l.Color, l.UpdatedAt = in.Name, in.Description, in.Color, s.now()
		if err := tx.Model(&l).Select("name", "description", "color", "updated_at").Updates(l).Error; err != nil {
			return taken(err, in.Name)
		}
		return record(tx, by, audit.Update, l)
	})
}

// Delete removes a label, also from the artifacts that have it.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id int64, since *time.Time) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		l, err := lock(tx, id, "UPDATE", since)
		if err != nil {
			return err
		}
		if err := tx.Delete(&l).Error; err != nil {
			return fmt.Errorf("delete label: %w", err)
		}
		return record(tx, by, audit.Delete, l)
	})
}

func lock(tx store.Tx, id int64, strength string, since *time.Time) (Label, error) {
	l, err := find(tx.Clauses(clause.Locking{Strength: strength}), id)
	if err != nil {
		return Label{}, err
	}
	return l, store.Unchanged(since, l.UpdatedAt)
}

func taken(err error, name string) error {
	if store.IsUnique(err, "label_name_key") {
		return fault.Conflict("label %s already exists", name)
	}
	return fmt.Errorf("store label: %w", err)
}

func record(tx store.Tx, by rbac.Subject, operation string, l Label) error {
	return audit.Record(tx, by, audit.Entry{ProjectID: l.ProjectID, Operation: operation, ResourceType: audit.Label, Resource: l.Name})
}
