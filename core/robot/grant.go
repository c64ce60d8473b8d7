package robot

import (
	"context"
	"fmt"
	"slices"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Scope is where a grant holds.
type Scope string

// The scopes, as the database has them.
const (
	System   Scope = "system"
	Project  Scope = "project"
	Projects Scope = "projects" // all of them, also those of tomorrow
)

// Grant is what a robot may do in one scope.
type Grant struct {
	Scope       Scope
	Project     string // the project's name
	Permissions []rbac.Permission
}

const (
	maxGrants      = 500
	maxPermissions = 200 // in one grant, before they are joined
)

// checkGrants joins grants of one scope, and refuses what is not in the catalogue.
// A robot of a project has one grant, in that project.
func checkGrants(grants []Grant, ofProject string) ([]Grant, error) {
	switch {
	case len(grants) == 0:
		return nil, fault.Invalid("permissions", "bad request empty permission")
	case len(grants) > maxGrants:
		return nil, fault.Invalid("permissions", "bad request permission: a robot can have permissions in at most %d places; use the namespace * for all projects", maxGrants)
	}
	catalogues := map[Scope][]rbac.Permission{System: rbac.SystemCatalogue(), Project: rbac.ProjectCatalogue(), Projects: rbac.ProjectCatalogue()}
	var out []Grant
	for _, g := range grants {
		if ofProject != "" && (g.Scope != Project || g.Project != ofProject) {
			return nil, fault.Invalid("permissions", "bad request permission: a robot of a project can only have permissions in that project, which is %s", ofProject)
		}
		if err := checkPermissions(g.Permissions, catalogues[g.Scope]); err != nil {
			return nil, err
		}
		out = join(out, g)
	}
	return out, nil
}

func checkPermissions(given, catalogue []rbac.Permission) error {
	switch {
	case len(given) == 0:
		return fault.Invalid("permissions", "bad request empty access")
	case len(given) > maxPermissions:
		return fault.Invalid("permissions", "bad request access: at most %d in one place", maxPermissions)
	}
	for _, p := range given {
		if !slices.Contains(catalogue, p) {
			return fault.Invalid("permissions", "bad request permission: %.64s:%.64s", p.Resource, p.Action)
		}
	}
	return nil
}

// join adds a grant to those before it, once each permission.
func join(grants []Grant, g Grant) []Grant {
	at := slices.IndexFunc(grants, func(o Grant) bool { return o.Scope == g.Scope && o.Project == g.Project })
	if at < 0 {
		at = len(grants)
		grants = append(grants, Grant{Scope: g.Scope, Project: g.Project})
	}
	for _, p := range g.Permissions {
		if !slices.Contains(grants[at].Permissions, p) {
			grants[at].Permissions = append(grants[at].Permissions, p)
		}
	}
	return grants
}

// entitle refuses to let by give away what by does not have, and returns the ids of
// the projects that the grants name. A project where by has nothing is told as one
// that is not there.
func (s *Service) entitle(ctx context.Context, by rbac.Subject, grants []Grant) (map[string]project.ID, error) {
	var names []string
	for _, g := range grants {
		if g.Scope == Project {
			names = append(names, g.Project)
		}
	}
	found, err := s.projects.AccessByNames(ctx, by, names)
	if err != nil {
		return nil, err
	}
	ids := map[string]project.ID{}
	for _, g := range grants {
		a, there := found[g.Project]
		if lacks, exceeds := s.policy.Exceeds(by, g.asGiven(a.ProjectID), map[int64]rbac.Standing{a.ProjectID: a.Standing()}); exceeds {
			return nil, tooMuch(by, lacks, g)
		}
		if g.Scope == Project && !there {
			return nil, fault.NotFound("project %.255s not found", g.Project)
		}
		ids[g.Project] = a.ProjectID
	}
	return ids, nil
}

func tooMuch(by rbac.Subject, lacks rbac.Permission, g Grant) error {
	creator := "creator"
	if by.Kind == rbac.Machine {
		creator = "creator robot" // Harbor's words
	}
	return fault.Denied("permission scope is invalid. It must be equal to or more restrictive than the %s's permissions: %s does not have %s %s",
		creator, by.Name, lacks, g.where())
}

func (g Grant) asGiven(id project.ID) rbac.Grants {
	switch g.Scope {
	case System:
		return rbac.Grants{System: g.Permissions}
	case Projects:
		return rbac.Grants{Projects: g.Permissions}
	}
	return rbac.Grants{In: map[int64][]rbac.Permission{id: g.Permissions}}
}

func (g Grant) where() string {
	switch g.Scope {
	case System:
		return "in the system"
	case Projects:
		return "in all projects"
	}
	return fmt.Sprintf("in project %.255s", g.Project)
}
