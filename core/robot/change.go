package robot

import (
	"context"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// New is what a new robot is made from.
type New struct {
	Name        string
	Project     string // whose robot it is; "": the system's
	Description string
	Disabled    bool
	Duration    int64 // days; -1: for ever
	Grants      []Grant
}

// Create makes a robot and returns its secret, which nobody can read again.
func (s *Service) Create(ctx context.Context, by rbac.Subject, in New) (Robot, string, error) {
	if err := checkName(in.Name); err != nil {
		return Robot{}, "", err
	}
	if err := checkDescription(in.Description); err != nil {
		return Robot{}, "", err
	}
	if err := checkDuration(in.Duration); err != nil {
		return Robot{}, "", err
	}
	grants, err := checkGrants(in.Grants, in.Project)
	if err != nil {
		return Robot{}, "", err
	}
	projects, err := s.entitle(ctx, by, grants)
	if err != nil {
		return Robot{}, "", err
	}
	secret, err := newSecret()
	if err != nil {
		return Robot{}, "", err
	}
	var out Robot
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		if err := hold(tx, grants, projects); err != nil {
			return err
		}
		var of *project.ID
		if id := projects[in.Project]; in.Project != "" {
			of = &id
		}
		now := s.now()
		const insert = `INSERT INTO robot (name, project_id, description, secret_hash, disabled, duration, expires_at, creator_kind, creator_id, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
		var id ID
		err := tx.Raw(insert, in.Name, of, in.Description, hash(secret), in.Disabled, in.Duration, expiry(now, in.Duration),
			by.Kind, by.ID, now, now).Scan(&id).Error
		if err != nil {
			return store.Conflict(err, "robot_name_key", "robot account %d:%s already exists", projects[in.Project], in.Name)
		}
		if err := give(tx, id, grants, projects); err != nil {
			return err
		}
		if out, err = s.get(tx.DB, id); err != nil {
			return err
		}
		return record(tx, by, out, audit.Create, "")
	})
	if err != nil {
		return Robot{}, "", err
	}
	return out, secret, nil
}

func expiry(from time.Time, days int64) *time.Time {
	if days == forEver {
		return nil
	}
	at := from.AddDate(0, 0, int(days))
	return &at
}

// Update is what a robot becomes; its name and whose it is stay.
type Update struct {
	Description string
	Disabled    bool
	Duration    *int64 // days from when it was made; nil: as it is
	Grants      []Grant
	Since       *time.Time // the state that the change was made from; nil: whatever it is
}

// Update changes a robot.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id ID, in Update) error {
	if err := checkDescription(in.Description); err != nil {
		return err
	}
	if in.Duration != nil {
		if err := checkDuration(*in.Duration); err != nil {
			return err
		}
	}
	before, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	grants, err := checkGrants(in.Grants, before.ProjectName)
	if err != nil {
		return err
	}
	projects, err := s.entitle(ctx, by, grants)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		if err := hold(tx, grants, projects); err != nil {
			return err
		}
		r, err := s.lock(tx, id)
		if err != nil {
			return err
		}
		if err := store.Unchanged(in.Since, r.UpdatedAt); err != nil {
			return err
		}
		days := r.Duration
		if in.Duration != nil {
			days = *in.Duration
		}
		const update = "UPDATE robot SET description = ?, disabled = ?, duration = ?, expires_at = ?, updated_at = ? WHERE id = ?"
		if err := tx.Exec(update, in.Description, in.Disabled, days, expiry(r.CreatedAt, days), s.now(), id).Error; err != nil {
			return fmt.Errorf("update robot %d: %w", id, err)
		}
		if err := tx.Exec("DELETE FROM robot_grant WHERE robot_id = ?", id).Error; err != nil {
			return fmt.Errorf("take robot %d its permissions: %w", id, err)
		}
		if err := give(tx, id, grants, projects); err != nil {
			return err
		}
		return record(tx, by, r, audit.Update, "")
	})
}

// Refresh gives a robot another secret: the one that was chosen, or with "" a new
// one, which it returns. The old one is good for nothing from then on.
func (s *Service) Refresh(ctx context.Context, by rbac.Subject, id ID, chosen string) (generated string, err error) {
	secret := chosen
	if chosen == "" {
		if secret, err = newSecret(); err != nil {
			return "", err
		}
		generated = secret
	}
	if err := checkSecret(secret); err != nil {
		return "", err
	}
	return generated, store.InTx(ctx, s.db, func(tx store.Tx) error {
		r, err := s.lock(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE robot SET secret_hash = ?, updated_at = ? WHERE id = ?", hash(secret), s.now(), id).Error; err != nil {
			return fmt.Errorf("refresh secret of robot %d: %w", id, err)
		}
		return record(tx, by, r, audit.Update, "refresh secret of robot: "+r.FullName)
	})
}

// Delete removes a robot. Its name can be used again.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id ID) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		r, err := s.lock(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM robot WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("delete robot %d: %w", id, err)
		}
		return record(tx, by, r, audit.Delete, "")
	})
}

// Renames says whether a name that a client sends with an update is another than
// the robot's. Harbor's clients send the full name, the short one or none.
func (r Robot) Renames(name string) error {
	if name == "" || name == r.Name || name == r.FullName {
		return nil
	}
	return fault.Invalid("name", "cannot update the level or name of robot; delete it and make another")
}
