package project

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

// New is what a new project is made from. A metadata key public wins over the
// field.
type New struct {
	Name         string
	Public       bool
	Metadata     map[string]string
	StorageLimit int64 // bytes; -1 and 0: no limit
	CVEAllowlist *CVEAllowlist
}

// Create makes a project. The person who makes it becomes its administrator; a
// project made by a machine belongs to the first administrator.
func (s *Service) Create(ctx context.Context, by rbac.Subject, in New) (Project, error) {
	var out Project
	err := store.InTx(ctx, s.db, func(tx store.Tx) (err error) {
		out, err = s.CreateIn(tx, by, in)
		return err
	})
	return out, err
}

// CreateIn is Create in a transaction that makes more.
func (s *Service) CreateIn(tx store.Tx, by rbac.Subject, in New) (Project, error) {
	row, err := in.project()
	if err != nil {
		return Project{}, err
	}
	owner := user.AdminID
	if by.Kind == rbac.Human {
		owner = by.ID
	}
	who, err := user.Find(tx, owner, "")
	if err != nil {
		return Project{}, err
	}
	now := s.now()
	row.OwnerID, row.CreatedAt, row.UpdatedAt = who.ID, now, now
	if in.CVEAllowlist != nil {
		row.CVEAllowlist = in.CVEAllowlist.at(nil, now)
	}
	if err := tx.Create(&row).Error; err != nil {
		return Project{}, store.Conflict(err, "project_name_key", "The project named %s already exists", in.Name)
	}
	row.OwnerName = who.Name
	limit := in.StorageLimit
	if limit == 0 {
		limit = noLimit
	}
	if err := s.furnish(tx, by, row, limit); err != nil {
		return Project{}, err
	}
	return row, record(tx, by, row.ID, row.Name, audit.Create)
}

// project checks what a new project is made from.
func (in New) project() (Project, error) {
	if err := checkName(in.Name); err != nil {
		return Project{}, err
	}
	metadata, public, err := split(in.Metadata)
	if err != nil {
		return Project{}, err
	}
	if public == nil {
		public = &in.Public
	}
	if in.StorageLimit != 0 {
		if err := checkStorage(in.StorageLimit); err != nil {
			return Project{}, err
		}
	}
	return Project{Name: in.Name, Public: *public, Metadata: metadata}, in.CVEAllowlist.check()
}

// furnish gives a new project its quota and its first member.
func (s *Service) furnish(tx store.Tx, by rbac.Subject, p Project, limit int64) error {
	const quota = "INSERT INTO quota (project_id, hard, created_at, updated_at) VALUES (?, ?, ?, ?)"
	if err := tx.Exec(quota, p.ID, limit, p.CreatedAt, p.CreatedAt).Error; err != nil {
		return fmt.Errorf("make quota: %w", err)
	}
	if by.Kind != rbac.Human {
		return nil
	}
	const grant = "INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id, created_at) VALUES ('u', ?, ?, ?, ?)"
	if err := tx.Exec(grant, by.ID, rbac.ProjectAdmin, p.ID, p.CreatedAt).Error; err != nil {
		return fmt.Errorf("make first member: %w", err)
	}
	return nil
}

// Update is what changes; what is nil stays.
type Update struct {
	Public       *bool
	Metadata     map[string]string // keys that are not named stay
	StorageLimit *int64            // bytes; -1: no limit
	CVEAllowlist *CVEAllowlist
	Since        *time.Time // the UpdatedAt that the change was made from; another one refuses
}

// Update changes a project's settings.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id ID, in Update) error {
	metadata, public, err := split(in.Metadata)
	if err != nil {
		return err
	}
	if public == nil {
		public = in.Public
	}
	if err := in.CVEAllowlist.check(); err != nil {
		return err
	}
	added, err := json.Marshal(metadata)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		now := s.now()
		if in.StorageLimit != nil { // first: it waits for pushes
			if err := SetLimit(tx, by, id, Limit{Hard: *in.StorageLimit, At: now}); err != nil {
				return err
			}
		}
		have, err := s.hold(tx, id, in.Since)
		if err != nil {
			return err
		}
		list := have.CVEAllowlist
		if in.CVEAllowlist != nil {
			list = in.CVEAllowlist.at(list, now)
		}
		accepted, err := json.Marshal(list)
		if err != nil {
			return err
		}
		const update = `UPDATE project SET public = coalesce(?, public), metadata = metadata || ?::jsonb,
			cve_allowlist = nullif(?::jsonb, 'null'), updated_at = ? WHERE id = ?`
		if err := tx.Exec(update, public, string(added), string(accepted), now, id).Error; err != nil {
			return fmt.Errorf("update project: %w", err)
		}
		if err := change.Note(ctx, store.PgxTx(tx), accessTopic(have.Name)); err != nil {
			return err
		}
		return record(tx, by, id, have.Name, audit.Update)
	})
}

// hold locks a project for a change made from the state of since.
func (s *Service) hold(tx store.Tx, id ID, since *time.Time) (Project, error) {
	if _, err := lock(tx, id, "FOR NO KEY UPDATE"); err != nil {
		return Project{}, err
	}
	have, err := one(tx.DB, "project.id = ?", id)
	if err != nil {
		return Project{}, err
	}
	return have, store.Unchanged(since, have.UpdatedAt)
}

// DeleteMetadata takes one setting back to its default.
func (s *Service) DeleteMetadata(ctx context.Context, by rbac.Subject, id ID, key string) error {
	if key == "public" {
		return fault.Invalid("metadata", "project metadata public cannot be deleted; set it to true or false")
	}
	if key == RetentionID {
		return fault.Invalid("metadata", "project metadata %s names the project's retention policy; delete the policy, and it goes", RetentionID)
	}
	if _, known := settings()[key]; !known {
		return fault.NotFound("project metadata %.64q not found", key)
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		name, err := Hold(tx, id)
		if err != nil {
			return err
		}
		const remove = "UPDATE project SET metadata = metadata - ?::text, updated_at = ? WHERE id = ? AND jsonb_exists(metadata, ?)"
		removed := tx.Exec(remove, key, s.now(), id, key)
		if removed.Error != nil {
			return fmt.Errorf("delete project metadata: %w", removed.Error)
		}
		if removed.RowsAffected == 0 {
			return fault.NotFound("project metadata %s not found", key)
		}
		return record(tx, by, id, name, audit.Update)
	})
}

// split checks the settings and takes public, which is a column, out of them.
func split(metadata map[string]string) (rest map[string]string, public *bool, err error) {
	rest, err = normalise(metadata)
	if err != nil {
		return nil, nil, err
	}
	if text, ok := rest["public"]; ok {
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, nil, err
		}
		public = &value
		delete(rest, "public")
	}
	delete(rest, RetentionID)
	return rest, public, nil
}

func record(tx store.Tx, by rbac.Subject, id ID, name, operation string) error {
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &id, Operation: operation, ResourceType: audit.Project, Resource: name,
	})
}
