package project

import (
	"context"
	"errors"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/user"
)

// Access is what decides about a subject in a project.
type Access struct {
	ProjectID ID
	Name      string
	Public    bool
	Roles     []rbac.Role
}

// One row for each role, one with NULL where there is none. The indexes are
// project_name_key, or the primary key, and role_grant_principal_key.
const accessQuery = `SELECT p.id, p.name, p.public, g.role_id
	FROM project p
	LEFT JOIN role_grant g ON g.project_id = p.id AND g.principal_kind = ? AND g.principal_id = ?
	WHERE p.deleted_at IS NULL AND `

// AccessByName is what decides about who in the project with a name.
func (s *Service) AccessByName(ctx context.Context, who rbac.Subject, name string) (Access, error) {
	if !validName(name) {
		return Access{}, missing(name)
	}
	return s.remembered(ctx, who, name)
}

// AccessByNames is AccessByName for many projects, of which more than one cost a query
// together. Those that do not exist are not in the answer.
func (s *Service) AccessByNames(ctx context.Context, who rbac.Subject, names []string) (map[string]Access, error) {
	var possible []string
	for _, name := range names {
		if validName(name) {
			possible = append(possible, name)
		}
	}
	out := map[string]Access{}
	if len(possible) == 0 {
		return out, nil
	}
	if len(possible) == 1 {
		a, err := s.remembered(ctx, who, possible[0])
		if errors.Is(err, fault.ErrNotFound) {
			return out, nil
		}
		out[a.Name] = a
		return out, err
	}
	found, err := s.accesses(ctx, who, "p.name IN ?", possible)
	for _, a := range found {
		out[a.Name] = a
	}
	return out, err
}

// rememberMost is how many subjects in projects are remembered.
const rememberMost = 16_384

// standing is by which an Access is remembered.
type standing struct {
	kind    rbac.SubjectKind
	id      int64
	project string
}

// remembered is from memory when neither the project nor who is in it has changed.
func (s *Service) remembered(ctx context.Context, who rbac.Subject, name string) (Access, error) {
	topics := func() []change.Topic { return []change.Topic{Topic(name), accessTopic(name), user.Topic(who.ID)} }
	return s.access.Get(ctx, standing{who.Kind, who.ID, name}, topics, func(ctx context.Context) (Access, error) {
		found, err := s.accesses(ctx, who, "p.name = ?", name)
		if err != nil {
			return Access{}, err
		}
		for _, a := range found {
			return a, nil
		}
		return Access{}, missing(name)
	})
}

// accessTopic is noted when others may do something in a project than before.
func accessTopic(name string) change.Topic { return change.Topic("access:" + name) }

// AccessByID is what decides about who in the project with an id.
func (s *Service) AccessByID(ctx context.Context, who rbac.Subject, id ID) (Access, error) {
	found, err := s.accesses(ctx, who, "p.id = ?", id)
	if err != nil {
		return Access{}, err
	}
	a, ok := found[id]
	if !ok {
		return Access{}, missing(id)
	}
	return a, nil
}

func (s *Service) accesses(ctx context.Context, who rbac.Subject, condition string, arg any) (map[ID]Access, error) {
	var rows []struct {
		ID     ID
		Name   string
		Public bool
		RoleID *rbac.Role
	}
	if err := s.db.WithContext(ctx).Raw(accessQuery+condition, principalKind(who), who.ID, arg).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look up access: %w", err)
	}
	out := make(map[ID]Access, len(rows))
	for _, r := range rows {
		a := Access{ProjectID: r.ID, Name: r.Name, Public: r.Public, Roles: out[r.ID].Roles}
		if r.RoleID != nil {
			a.Roles = append(a.Roles, *r.RoleID)
		}
		out[r.ID] = a
	}
	return out, nil
}

// Standing is the access as authorization knows it.
func (a Access) Standing() rbac.Standing {
	return rbac.Standing{Project: a.ProjectID, Public: a.Public, Roles: a.Roles}
}

// Allowed says whether who, with that access, may do what want asks.
func (s *Service) Allowed(a Access, who rbac.Subject, want rbac.Permission) bool {
	return s.policy.Allowed(who, a.Standing(), want)
}

// Visible is the condition that who holds want in a project, and its arguments.
// project is the name by which a statement has the table project. want is one that
// every role has, and everybody on a public project: project:list, repository:list
// or repository:pull.
func Visible(project string, who rbac.Subject, want rbac.Permission) (string, []any) {
	all, projects := who.Reach(want)
	switch {
	case all:
		return "true", nil
	case len(projects) > 0:
		return "(" + project + ".public OR " + project + ".id IN ?)", []any{projects}
	case who.Kind == rbac.Human:
		return "(" + project + ".public OR EXISTS (SELECT FROM role_grant g WHERE g.project_id = " + project +
			".id AND g.principal_kind = 'u' AND g.principal_id = ?))", []any{who.ID}
	}
	return project + ".public", nil
}

// RolesOf returns who's roles in the projects of a list, with one query.
func (s *Service) RolesOf(ctx context.Context, who rbac.Subject, ids []ID) (map[ID][]rbac.Role, error) {
	var rows []struct {
		ProjectID ID
		RoleID    rbac.Role
	}
	const query = "SELECT project_id, role_id FROM role_grant WHERE principal_kind = ? AND principal_id = ? AND project_id IN ?"
	out := map[ID][]rbac.Role{}
	if len(ids) == 0 || !who.Known() {
		return out, nil
	}
	if err := s.db.WithContext(ctx).Raw(query, principalKind(who), who.ID, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look up roles: %w", err)
	}
	for _, r := range rows {
		out[r.ProjectID] = append(out[r.ProjectID], r.RoleID)
	}
	return out, nil
}

// principalKind is the subject's letter in role_grant. Nobody's is in no row, nor is
// a machine's: what it may do is in the subject.
func principalKind(who rbac.Subject) string {
	if who.Kind == rbac.Human {
		return "u"
	}
	return ""
}
