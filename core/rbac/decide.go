package rbac

import "slices"

// Policy decides on a project's permissions. It is built once and read only, so
// it is safe for concurrent use.
type Policy struct {
	rules []rule
	index map[Permission]holders
}

// NewPolicy returns the policy of the built-in roles.
func NewPolicy() *Policy {
	p := &Policy{rules: projectRules(), index: map[Permission]holders{}}
	for _, r := range p.rules {
		p.index[r.Permission] |= r.holders
	}
	return p
}

// Standing is what a project has to do with a subject.
type Standing struct {
	Project int64
	Public  bool
	Roles   []Role // that the subject holds there
}

// Allowed says whether the subject may do in a project what want asks. A system
// administrator may do everything, a machine what it was given; on a public
// project anybody, known or not, holds the public permissions.
func (p *Policy) Allowed(who Subject, in Standing, want Permission) bool {
	if who.Kind == Machine {
		return p.index[want]&held(nil, in.Public) != 0 || who.Grants.inProject(in.Project, want)
	}
	if who.SysAdmin {
		_, known := p.index[want]
		return known
	}
	return p.index[want]&held(in.Roles, in.Public) != 0
}

// AllowedInSystem says whether the subject may do in the whole system what want
// asks: a system administrator, and a machine that was given it.
func AllowedInSystem(who Subject, want Permission) bool {
	if who.Kind == Machine {
		return who.Grants.inSystem(want)
	}
	return who.SysAdmin
}

// Granted lists what the subject may do in a project, in the table's order.
func (p *Policy) Granted(who Subject, in Standing) []Permission {
	var out []Permission
	for _, r := range p.rules {
		if p.Allowed(who, in, r.Permission) {
			out = append(out, r.Permission)
		}
	}
	return out
}

// Holders lists the built-in roles that have a permission, strongest first, so
// that a refusal can say which role would help.
func (p *Policy) Holders(want Permission) []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return p.index[want]&r.bit() == 0 })
}

// Permissions lists every permission that exists in a project.
func (p *Policy) Permissions() []Permission {
	out := make([]Permission, len(p.rules))
	for i, r := range p.rules {
		out[i] = r.Permission
	}
	return out
}

func held(roles []Role, isPublic bool) holders {
	var have holders
	for _, r := range roles {
		have |= r.bit()
	}
	if isPublic {
		have |= public
	}
	return have
}
