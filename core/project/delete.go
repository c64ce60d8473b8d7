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

// Lost is what went with a project and does not come back when that is restored.
type Lost struct {
	Robots            int
	RobotGrants       int // what other robots were given in it
	RetentionPolicies int
}

// dispossess deletes what goes with a project: its robots, what other robots were given
// in it, its retention policy and when that ran.
func dispossess(tx store.Tx, id ID) (lost Lost, err error) {
	var schedules int
	for _, its := range []struct {
		sql string
		n   *int
	}{
		{"DELETE FROM robot WHERE project_id = ?", &lost.Robots},
		{"DELETE FROM robot_grant WHERE project_id = ?", &lost.RobotGrants},
		{"DELETE FROM schedule WHERE kind = '" + job.Retention + "' AND subject_id IN (SELECT id FROM retention_policy WHERE project_id = ?)", &schedules},
		{"DELETE FROM retention_policy WHERE project_id = ?", &lost.RetentionPolicies},
	} {
		gone := tx.Exec(its.sql, id)
		if gone.Error != nil {
			return lost, fmt.Errorf("delete what belongs to a project: %w", gone.Error)
		}
		*its.n = int(gone.RowsAffected)
	}
	return lost, nil
}

// What is in the bin may be there for longer than the project's own window says now.
const addDeletion = `
INSERT INTO project_deletion (project_id, by_name, until, robots, robot_grants, retention_policies)
SELECT ?, ?, greatest(?::timestamptz, (SELECT max(d.until) FROM repository r JOIN deletion d ON d.repository_id = r.id AND d.at = r.deleted_at
  WHERE r.project_id = ? AND r.deleted_at IS NOT NULL)), ?, ?, ?`

// Delete removes a project that has no repositories. It can be restored (Restore) until
// its recovery window ends, or what is in its recycle bin can be restored no longer; what
// Lost names cannot. Its name can be used again.
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
		lost, err := dispossess(tx, id)
		if err != nil {
			return err
		}
		window, err := Window(ctx, store.PgxTx(tx), id, s.recovery)
		if err != nil {
			return err
		}
		if err := tx.Exec(addDeletion, id, by.Name, now.Add(window), id, lost.Robots, lost.RobotGrants, lost.RetentionPolicies).Error; err != nil {
			return fmt.Errorf("note until when project %s can be restored: %w", name, err)
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
