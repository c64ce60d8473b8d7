package project

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Topic is noted (core/change) when the project with that name is gone. It is not for
// what changes in a project.
func Topic(name string) change.Topic { return change.Topic("project:" + name) }

const notEmpty = "the project contains repositories, can not be deleted"

// Deletable says whether a project can be deleted, and if not, why.
func (s *Service) Deletable(ctx context.Context, id ID) (bool, string, error) {
	if _, err := s.Get(ctx, id); err != nil {
		return false, "", err
	}
	filled, err := hasRepositories(s.db.WithContext(ctx), id)
	if err != nil || !filled {
		return err == nil, "", err
	}
	return false, notEmpty, nil
}

// belongings delete what goes with a project: its robots, what other robots were given
// in it, its retention policy and when that ran.
func belongings() []string {
	return []string{
		"DELETE FROM robot WHERE project_id = ?",
		"DELETE FROM robot_grant WHERE project_id = ?",
		"DELETE FROM schedule WHERE kind = '" + job.Retention + "' AND subject_id IN (SELECT id FROM retention_policy WHERE project_id = ?)",
		"DELETE FROM retention_policy WHERE project_id = ?",
	}
}

// Delete removes a project that has no repositories, and what belongs to it alone. Its
// name can be used again.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id ID) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		name, err := lock(tx, id, "FOR UPDATE")
		if err != nil {
			return err
		}
		filled, err := hasRepositories(tx.DB, id)
		if err != nil {
			return err
		}
		if filled {
			return fault.Precondition("precondition failed: %s", notEmpty)
		}
		now := s.now()
		if err := tx.Exec("UPDATE project SET deleted_at = ?, updated_at = ? WHERE id = ?", now, now, id).Error; err != nil {
			return fmt.Errorf("delete project: %w", err)
		}
		if err := change.Note(ctx, store.PgxTx(tx), Topic(name)); err != nil {
			return err
		}
		for _, its := range belongings() {
			if err := tx.Exec(its, id).Error; err != nil {
				return fmt.Errorf("delete what belongs to a project: %w", err)
			}
		}
		return record(tx, by, id, name, audit.Delete)
	})
}

// hasRepositories counts what people see: a repository that an unfinished push
// made is none.
func hasRepositories(db *gorm.DB, id ID) (bool, error) {
	const query = `SELECT EXISTS (SELECT FROM repository WHERE project_id = ? AND deleted_at IS NULL AND published_at IS NOT NULL)`
	var filled bool
	if err := db.Raw(query, id).Scan(&filled).Error; err != nil {
		return false, fmt.Errorf("look for repositories: %w", err)
	}
	return filled, nil
}
