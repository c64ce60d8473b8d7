package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Member is somebody with a role in a project.
type Member struct {
	EntityID   int64  `json:"entity_id" doc:"The user's id"`
	EntityName string `json:"entity_name"`
	EntityType string `json:"entity_type" doc:"u: a user"`
	ID         int64  `json:"id" doc:"Of the membership"`
	ProjectID  int64  `json:"project_id"`
	RoleID     int64  `json:"role_id" doc:"1 projectAdmin, 2 developer, 3 guest, 4 maintainer, 5 limitedGuest"`
	RoleName   string `json:"role_name"`
}

func showMember(m project.Member) Member {
	return Member{
		EntityID: m.EntityID, EntityName: m.EntityName, EntityType: m.EntityType, ID: m.ID,
		ProjectID: m.ProjectID, RoleID: int64(m.Role), RoleName: m.RoleName,
	}
}

type MemberPath struct {
	ProjectPath
	ID int64 `path:"mid"`
}

func (s *server) listMembers(ctx context.Context, in *struct {
	ProjectPath
	Paged
	EntityName string `query:"entityname"`
}) (*list[Member], error) {
	rows, err := s.Projects.ListMembers(ctx, access(ctx).ProjectID, in.EntityName, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showMember), nil
}

type newMember struct {
	RoleID int64        `json:"role_id"`
	User   *memberUser  `json:"member_user,omitempty" doc:"By id or by name"`
	Group  *memberGroup `json:"member_group,omitempty" doc:"There are no groups yet"`
}

type memberUser struct {
	UserID   int64  `json:"user_id,omitempty"`
	Username string `json:"username,omitempty"`
}

type memberGroup struct {
	ID        int64  `json:"id,omitempty"`
	GroupName string `json:"group_name,omitempty"`
}

func (s *server) createMember(ctx context.Context, in *struct {
	ProjectPath
	Body newMember
}) (*created, error) {
	b := in.Body
	switch {
	case b.Group != nil && b.User == nil:
		return nil, fault.NotFound("%.255s not found: not supported: groups come with LDAP and OIDC, which are not there yet; add people by name", b.Group.GroupName)
	case b.User == nil:
		return nil, fault.Invalid("member_user", "name somebody: member_user with user_id or username")
	}
	m, err := s.Projects.AddMember(ctx, subject(ctx), access(ctx).ProjectID, project.NewMember{
		UserID: b.User.UserID, UserName: b.User.Username, Role: rbac.Role(b.RoleID),
	})
	if err != nil {
		return nil, err
	}
	return located("projects", in.Project, "members", m.ID), nil
}

func (s *server) getMember(ctx context.Context, in *MemberPath) (*struct{ Body Member }, error) {
	m, err := s.Projects.GetMember(ctx, access(ctx).ProjectID, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Member }{showMember(m)}, nil
}

type memberRole struct {
	RoleID int64 `json:"role_id"`
}

func (s *server) updateMember(ctx context.Context, in *struct {
	MemberPath
	Body memberRole
}) (*done, error) {
	return &done{}, s.Projects.UpdateMember(ctx, subject(ctx), access(ctx).ProjectID, in.ID, rbac.Role(in.Body.RoleID))
}

func (s *server) deleteMember(ctx context.Context, in *MemberPath) (*done, error) {
	return &done{}, s.Projects.RemoveMember(ctx, subject(ctx), access(ctx).ProjectID, in.ID)
}
