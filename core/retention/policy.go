package retention

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Get returns a policy with its schedule.
func (s *Service) Get(ctx context.Context, id int64) (Policy, error) {
	out, err := find(s.db.Gorm.WithContext(ctx), id)
	if err != nil {
		return Policy{}, err
	}
	plan, err := s.jobs.ScheduleOf(ctx, job.Retention, id)
	switch {
	case err == nil:
		out.Cron, out.NextAt = plan.Cron, &plan.NextAt
	case !errors.Is(err, fault.ErrNotFound):
		return Policy{}, err
	}
	return out, nil
}

func find(db *gorm.DB, id int64) (out Policy, err error) {
	err = db.Take(&out, id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Policy{}, unknown(id)
	}
	if err != nil {
		return Policy{}, fmt.Errorf("get retention policy: %w", err)
	}
	return out, nil
}

func unknown(id int64) error { return fault.NotFound("no such Retention policy with id %d", id) }

// Create makes the policy of a project that has none.
func (s *Service) Create(ctx context.Context, by rbac.Subject, projectID int64, in Fields) (Policy, error) {
	if err := in.check(); err != nil {
		return Policy{}, err
	}
	var out Policy
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		name, err := project.Hold(tx, projectID)
		if err != nil {
			return err
		}
		now := s.now()
		out = Policy{ProjectID: projectID, Rules: in.rules(), CreatedAt: now, UpdatedAt: now}
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&out)
		if made.Error != nil {
			return fmt.Errorf("store retention policy: %w", made.Error)
		}
		if made.RowsAffected == 0 {
			return taken(tx, projectID)
		}
		const note = `UPDATE project SET metadata = metadata || jsonb_build_object('` + project.RetentionID + `', ?::text) WHERE id = ?`
		if err := tx.Exec(note, strconv.FormatInt(out.ID, 10), projectID).Error; err != nil {
			return fmt.Errorf("note the project's retention policy: %w", err)
		}
		if err := s.schedule(tx, by, out.ID, in.Cron); err != nil {
			return err
		}
		return record(tx, by, out, name, audit.Create)
	})
	return out, err
}

func taken(tx store.Tx, projectID int64) error {
	var ids []int64
	if err := tx.Raw("SELECT id FROM retention_policy WHERE project_id = ?", projectID).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find the project's retention policy: %w", err)
	}
	if len(ids) == 0 {
		return fault.Conflict("somebody else makes or deletes the policy of project %d at this moment: look again", projectID)
	}
	return fault.Invalid("scope", "bad request: project %d already has retention policy %d", projectID, ids[0])
}

// Update changes a policy; since, when it is not nil, is the edition that the change
// was made from. What runs goes on with the rules that it began with.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id int64, since *time.Time, in Fields) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, by, id, audit.Update, func(tx store.Tx, p Policy) error {
		if err := store.Unchanged(since, p.UpdatedAt); err != nil {
			return err
		}
		err := tx.Model(&Policy{ID: id}).Select("rules", "updated_at").Updates(Policy{Rules: in.rules(), UpdatedAt: s.now()}).Error
		if err != nil {
			return fmt.Errorf("store retention policy: %w", err)
		}
		return s.schedule(tx, by, id, in.Cron)
	})
}

// Delete removes a policy and its schedule. A run of it that is under way ends after
// what it deletes at the moment.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id int64) error {
	return s.change(ctx, by, id, audit.Delete, func(tx store.Tx, p Policy) error {
		if err := s.schedule(tx, by, id, ""); err != nil {
			return err
		}
		if err := tx.Delete(&Policy{ID: id}).Error; err != nil {
			return fmt.Errorf("delete retention policy: %w", err)
		}
		const note = `UPDATE project SET metadata = metadata - '` + project.RetentionID + `' WHERE id = ?`
		if err := tx.Exec(note, p.ProjectID).Error; err != nil {
			return fmt.Errorf("note that the project has no retention policy: %w", err)
		}
		return nil
	})
}

// change locks the project, then its policy, and changes it with an audit entry.
func (s *Service) change(ctx context.Context, by rbac.Subject, id int64, operation string, change func(store.Tx, Policy) error) error {
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		p, err := find(tx.DB, id)
		if err != nil {
			return err
		}
		name, err := project.Hold(tx, p.ProjectID)
		if err != nil {
			return err
		}
		if p, err = find(tx.Clauses(clause.Locking{Strength: "UPDATE"}), id); err != nil {
			return err
		}
		if err := change(tx, p); err != nil {
			return err
		}
		return record(tx, by, p, name, operation)
	})
}

// schedule sets when a policy runs by itself; "" is never.
func (s *Service) schedule(tx store.Tx, by rbac.Subject, id int64, cron string) error {
	if cron == "" {
		return s.jobs.UnscheduleIn(tx, by, job.Retention, id)
	}
	return s.jobs.ScheduleIn(tx, by, job.Plan{Args: job.RetentionArgs{PolicyID: id}, SubjectID: id, CronType: job.TypeOf(cron), Cron: cron})
}

func record(tx store.Tx, by rbac.Subject, p Policy, project, operation string) error {
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &p.ProjectID, Operation: operation, ResourceType: audit.RetentionPolicy, Resource: fmt.Sprintf("%s/%d", project, p.ID),
		Description: fmt.Sprintf("%s retention policy: %d of project %s", operation, p.ID, project),
	})
}

// Start makes a run of a policy, which deletes nothing when it is dry. It is a
// conflict while another run of the policy has not ended.
func (s *Service) Start(ctx context.Context, by rbac.Subject, id int64, dryRun bool) (job.Execution, error) {
	return s.jobs.Start(ctx, job.Request{Args: job.RetentionArgs{PolicyID: id, DryRun: dryRun}, SubjectID: id, Trigger: job.Manual, By: by})
}

// Execution returns a run of a policy.
func (s *Service) Execution(ctx context.Context, policy, id int64) (job.Execution, error) {
	e, err := s.jobs.Get(ctx, job.Retention, id)
	if err == nil && e.SubjectID != policy {
		err = fault.NotFound("execution %d not found", id)
	}
	return e, err
}
