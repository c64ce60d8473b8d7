package project

import (
	"context"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

type grant struct {
	ID            int64 `gorm:"primaryKey"`
	PrincipalKind string
	PrincipalID   int64
	RoleID        rbac.Role
	ProjectID     ID
	CreatedAt     time.Time
}

// AddMember gives a user a role in a project.
func (s *Service) AddMember(ctx context.Context, by rbac.Subject, p ID, in NewMember) (Member, error) {
	var out Member
	err := store.InTx(ctx, s.db, func(tx store.Tx) error {
		project, err := Hold(tx, p)
		if err != nil {
			return err
		}
		if in.UserID == 0 && in.UserName == "" {
			return fault.Invalid("member_user", "name a user by user_id or username")
		}
		who, err := user.Find(tx, in.UserID, in.UserName)
		if err != nil {
			return err
		}
		// Harbor looks for the member first and at the role then; clients see
		// which of the two is refused.
		var there bool
		const exists = "SELECT EXISTS (SELECT FROM role_grant WHERE project_id = ? AND principal_kind = 'u' AND principal_id = ?)"
		if err := tx.Raw(exists, p, who.ID).Scan(&there).Error; err != nil {
			return fmt.Errorf("look for member: %w", err)
		}
		if there {
			return alreadyMember()
		}
		if err := checkRole(in.Role); err != nil {
			return err
		}
		row := grant{PrincipalKind: "u", PrincipalID: who.ID, RoleID: in.Role, ProjectID: p, CreatedAt: s.now()}
		if err := tx.Table("role_grant").Create(&row).Error; err != nil {
			if store.IsUnique(err, "role_grant_principal_key") {
				return alreadyMember()
			}
			return fmt.Errorf("add member: %w", err)
		}
		out = Member{ID: row.ID, ProjectID: p, EntityID: who.ID, EntityName: who.Name, EntityType: "u", Role: in.Role, RoleName: in.Role.String()}
		return recordMember(tx, by, audit.Create, project, out)
	})
	return out, err
}

func alreadyMember() error { return fault.Conflict("The project member specified already exist") }

func checkRole(r rbac.Role) error {
	if r.Valid() {
		return nil
	}
	return fault.Invalid("role_id", "Failed to update project member, role is not in 1,2,3")
}

// UpdateMember gives a member another role.
func (s *Service) UpdateMember(ctx context.Context, by rbac.Subject, p ID, id int64, role rbac.Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	return s.changeMember(ctx, by, audit.Update, p, id, func(tx store.Tx, m *Member) error {
		m.Role, m.RoleName = role, role.String()
		return tx.Exec("UPDATE role_grant SET role_id = ? WHERE id = ?", role, id).Error
	})
}

// RemoveMember takes a member's role away.
func (s *Service) RemoveMember(ctx context.Context, by rbac.Subject, p ID, id int64) error {
	return s.changeMember(ctx, by, audit.Delete, p, id, func(tx store.Tx, _ *Member) error {
		return tx.Exec("DELETE FROM role_grant WHERE id = ?", id).Error
	})
}

// changeMember changes a member that is locked, so that of two who remove it
// one is told that it is gone.
func (s *Service) changeMember(ctx context.Context, by rbac.Subject, operation string, p ID, id int64, alter func(store.Tx, *Member) error) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		project, err := Hold(tx, p)
		if err != nil {
			return err
		}
		if err := tx.Exec("SELECT FROM role_grant WHERE id = ? AND project_id = ? FOR UPDATE", id, p).Error; err != nil {
			return fmt.Errorf("lock member: %w", err)
		}
		m, err := member(tx.DB, p, id)
		if err != nil {
			return err
		}
		if err := alter(tx, &m); err != nil {
			return fmt.Errorf("%s member: %w", operation, err)
		}
		return recordMember(tx, by, operation, project, m)
	})
}

// recordMember writes down that a member came, went or has another role.
func recordMember(tx store.Tx, by rbac.Subject, operation, project string, m Member) error {
	if err := change.Note(tx.Statement.Context, store.PgxTx(tx), accessTopic(project)); err != nil {
		return err
	}
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &m.ProjectID, Operation: operation, ResourceType: audit.Member, Resource: project + "/" + m.EntityName,
		Description: fmt.Sprintf("%s member: %s of project %s as %s", operation, m.EntityName, project, m.RoleName),
	})
}
