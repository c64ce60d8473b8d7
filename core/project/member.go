package project

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
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
	return page.Fetch[Member](db, pg, memberColumns, "members")
}
