package rbac

import "slices"

// Grants are what a machine was given: in the system, in every project, in some
// projects. They are read only once they are part of a Subject, so that many
// requests may share them. Nil Grants are none.
type Grants struct {
	System   []Permission
	Projects []Permission           // in all projects, those of tomorrow too
	In       map[int64][]Permission // by project
}

// implies is what a permission brings along: a client that pushes has to look at
// what is there, and the roles know the settings of a project as one thing, which
// the catalogue lists and reads.
func (p Permission) implies(want Permission) bool {
	switch p {
	case want:
		return true
	case On(Repository, Push):
		return want == On(Repository, Pull)
	case On(Metadata, List):
		return want == On(Metadata, Read)
	}
	return false
}

func has(given []Permission, want Permission) bool {
	return slices.ContainsFunc(given, func(p Permission) bool { return p.implies(want) })
}

func (g *Grants) inSystem(want Permission) bool { return g != nil && has(g.System, want) }

func (g *Grants) inProject(id int64, want Permission) bool {
	return g != nil && (has(g.Projects, want) || has(g.In[id], want))
}

// Reach says where grants give a permission: in all projects, or in those. Lists
// over many projects narrow their rows by it. A project is listed for a machine
// that may do anything there, and all are with project:list in the system.
func (s Subject) Reach(want Permission) (all bool, projects []int64) {
	if s.Kind != Machine || s.Grants == nil {
		return s.SysAdmin, nil
	}
	g, listing := s.Grants, want == On(Project, List)
	if has(g.Projects, want) || listing && (len(g.Projects) > 0 || has(g.System, want)) {
		return true, nil
	}
	for id, given := range g.In {
		if has(given, want) || listing && len(given) > 0 {
			projects = append(projects, id)
		}
	}
	slices.Sort(projects)
	return false, projects
}

// Exceeds returns a permission of grants that the subject does not hold itself and
// so cannot give away, if there is one; in is the subject's standing in the
// projects that grants name. What it holds as anybody does in a public project does
// not count: the project may become private.
func (p *Policy) Exceeds(who Subject, grants Grants, in map[int64]Standing) (Permission, bool) {
	holdsInAll := func(want Permission) bool {
		return who.Kind != Machine && who.SysAdmin || who.Kind == Machine && who.Grants != nil && has(who.Grants.Projects, want)
	}
	for _, want := range grants.System {
		if !AllowedInSystem(who, want) {
			return want, true
		}
	}
	for _, want := range grants.Projects {
		if !holdsInAll(want) {
			return want, true
		}
	}
	for id, given := range grants.In {
		own := Standing{Project: id, Roles: in[id].Roles}
		for _, want := range given {
			if !p.Allowed(who, own, asHeld(want)) {
				return want, true
			}
		}
	}
	return Permission{}, false
}

// asHeld is the name under which roles hold a permission of the catalogue.
func asHeld(want Permission) Permission {
	if want == On(Metadata, List) {
		return On(Metadata, Read)
	}
	return want
}
