package project

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

// Member is somebody with a role in a project.
type Member struct {
	ID         int64
	ProjectID  ID
	EntityID   int64
	EntityName string
	EntityType string    // u: a user
	Role       rbac.Role `gorm:"column:role_id"`
	RoleName   string
}

// NewMember names somebody by UserID or, when that is 0, by UserName.
type NewMember struct {
	UserID   int64
	UserName string
	Role     rbac.Role
}

const memberColumns = `role_grant.id, role_grant.project_id, role_grant.principal_id AS entity_id,
	account.name AS entity_name, role_grant.principal_kind AS entity_type, role_grant.role_id, role.name AS role_name`

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

// GetMember returns one member of a project.
func (s *Service) GetMember(ctx context.Context, p ID, id int64) (Member, error) {
	return member(s.db.WithContext(ctx), p, id)
}

func member(db *gorm.DB, p ID, id int64) (Member, error) {
	var out Member
	err := members(db, p).Select(memberColumns).Where("role_grant.id = ?", id).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Member{}, fault.NotFound("project member %d not found", id)
	}
	if err != nil {
		return Member{}, fmt.Errorf("get member: %w", err)
	}
	return out, nil
}

func members(db *gorm.DB, p ID) *gorm.DB {
	return db.Table("role_grant").
		Joins("JOIN account ON account.id = role_grant.principal_id").
		Joins("JOIN role ON role.id = role_grant.role_id").
		Where("role_grant.project_id = ? AND role_grant.principal_kind = 'u'", p)
}

// ListMembers returns one page of a project's members whose names contain
// entityName, by name.
func (s *Service) ListMembers(ctx context.Context, p ID, entityName string, pg page.Page) (page.List[Member], error) {
	db := members(s.db.WithContext(ctx), p)
	if entityName != "" {
		if !storable(entityName) {
			return page.List[Member]{}, nil
		}
		db = db.Where(`account.name ILIKE ? ESCAPE '\'`, "%"+page.EscapeLike(entityName)+"%")
	}
	db, err := pg.Apply(db, page.Columns{
		"id":          {SQL: "role_grant.id", Kind: page.Int},
		"entity_id":   {SQL: "role_grant.principal_id", Kind: page.Int},
		"entity_name": {SQL: "account.name", Kind: page.Text},
		"role_id":     {SQL: "role_grant.role_id", Kind: page.Int},
		"role_name":   {SQL: "role.name", Kind: page.Text},
	}, "account.name, role_grant.id")
	if err != nil {
		return page.List[Member]{}, err
	}
	db = db.Session(&gorm.Session{}) // both queries below start from it
	var out page.List[Member]
	if err := db.Count(&out.Total).Error; err != nil {
		return page.List[Member]{}, fmt.Errorf("count members: %w", err)
	}
	if err := pg.Window(db.Select(memberColumns)).Find(&out.Items).Error; err != nil {
		return page.List[Member]{}, fmt.Errorf("list members: %w", err)
	}
	return out, nil
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
func (s *Service) changeMember(ctx context.Context, by rbac.Subject, operation string, p ID, id int64, change func(store.Tx, *Member) error) error {
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
		if err := change(tx, &m); err != nil {
			return fmt.Errorf("%s member: %w", operation, err)
		}
		return recordMember(tx, by, operation, project, m)
	})
}

func recordMember(tx store.Tx, by rbac.Subject, operation, project string, m Member) error {
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &m.ProjectID, Operation: operation, ResourceType: audit.Member, Resource: project + "/" + m.EntityName,
		Description: fmt.Sprintf("%s member: %s of project %s as %s", operation, m.EntityName, project, m.RoleName),
	})
}
