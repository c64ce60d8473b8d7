package immutable

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// MaxRules is how many rules a project may have.
const MaxRules = 100

// List returns one page of a project's rules, the oldest first unless told otherwise.
func (s *Service) List(ctx context.Context, projectID int64, p page.Page) (page.List[Rule], error) {
	db, err := p.Apply(s.db.WithContext(ctx).Model(&Rule{}).Where("project_id = ?", projectID), page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "disabled": {SQL: "disabled", Kind: page.Bool},
		"creation_time": {SQL: "created_at", Kind: page.Time}, "update_time": {SQL: "updated_at", Kind: page.Time},
	}, "id")
	if err != nil {
		return page.List[Rule]{}, err
	}
	return page.Fetch[Rule](db, p, "", "immutability rules")
}

// Create makes a rule.
func (s *Service) Create(ctx context.Context, by rbac.Subject, projectID int64, in Fields) (Rule, error) {
	if err := in.check(); err != nil {
		return Rule{}, err
	}
	var out Rule
	err := s.change(ctx, by, audit.Create, projectID, func(tx store.Tx) (int64, error) {
		var n int64
		if err := tx.Model(&Rule{}).Where("project_id = ?", projectID).Count(&n).Error; err != nil {
			return 0, fmt.Errorf("count immutability rules: %w", err)
		}
		if n >= MaxRules {
			return 0, fault.Precondition("the project has %d immutability rules already, and can have no more; change or delete one", n)
		}
		now := s.now()
		out = Rule{ProjectID: projectID, Disabled: in.Disabled, Repositories: in.Repositories, Tags: in.Tags, CreatedAt: now, UpdatedAt: now}
		err := tx.Create(&out).Error
		return out.ID, taken(err)
	})
	return out, err
}

// Update changes a rule of a project; since, when it is not nil, is the edition
// that the change was made from.
func (s *Service) Update(ctx context.Context, by rbac.Subject, projectID, id int64, since *time.Time, in Fields) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, by, audit.Update, projectID, func(tx store.Tx) (int64, error) {
		if err := lock(tx, projectID, id, since); err != nil {
			return 0, err
		}
		err := tx.Model(&Rule{ID: id}).Select("disabled", "repositories", "tags", "updated_at").
			Updates(Rule{Disabled: in.Disabled, Repositories: in.Repositories, Tags: in.Tags, UpdatedAt: s.now()}).Error
		return id, taken(err)
	})
}

// Delete removes a rule of a project.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, projectID, id int64) error {
	return s.change(ctx, by, audit.Delete, projectID, func(tx store.Tx) (int64, error) {
		if err := lock(tx, projectID, id, nil); err != nil {
			return 0, err
		}
		if err := tx.Delete(&Rule{ID: id}).Error; err != nil {
			return 0, fmt.Errorf("delete immutability rule: %w", err)
		}
		return id, nil
	})
}

// change is a transaction in which nobody pushes to the project or deletes from it.
func (s *Service) change(ctx context.Context, by rbac.Subject, operation string, projectID int64, change func(store.Tx) (int64, error)) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		name, err := project.Hold(tx, projectID)
		if err != nil {
			return err
		}
		if err := tx.Exec(holdAlone, projectID).Error; err != nil {
			return fmt.Errorf("hold immutability rules: %w", err)
		}
		id, err := change(tx)
		if err != nil {
			return err
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &projectID, Operation: operation, ResourceType: audit.ImmutableRule, Resource: fmt.Sprintf("%s/%d", name, id),
			Description: fmt.Sprintf("%s immutability rule: %d of project %s", operation, id, name),
		})
	})
}

func lock(tx store.Tx, projectID, id int64, since *time.Time) error {
	var r Rule
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Select("id", "updated_at").Where("project_id = ?", projectID).Take(&r, id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.NotFound("immutable rule %d not found", id)
	}
	if err != nil {
		return fmt.Errorf("find immutability rule: %w", err)
	}
	return store.Unchanged(since, r.UpdatedAt)
}

func taken(err error) error {
	if err == nil || store.IsUnique(err, "immutable_rule_key") {
		return store.Conflict(err, "immutable_rule_key", "immutable rule already exists")
	}
	return fmt.Errorf("store immutability rule: %w", err)
}
