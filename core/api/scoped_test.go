package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// scopedCall is one call of an operation whose permission is asked for in the scope
// of what it is about. project is 0 for things of the whole system.
type scopedCall struct {
	id     string
	method string
	path   string // of a thing of that scope
	body   string
	open   bool          // of the system: for everybody who is signed in
	each   func() string // instead, for a call after which the thing is gone: the path of another for each call
}

// scopedCalls makes, for a project or (0) the system, what the calls are about and
// returns one call of every scoped operation. Calls must not change what the next
// one needs: a body that decodes and is refused will do.
func scopedCalls(t *testing.T, s *site, project int64) []scopedCall {
	t.Helper()
	return slices.Concat(labelCalls(t, s, project), robotCalls(t, s, project), retentionCalls(t, s, project))
}

func TestMatrixOfScopedOperations(t *testing.T) {
	s := newSite(t)
	p := s.project("private", false)
	s.user("stranger")
	boss := s.user("boss")
	if err := s.users.SetSysAdmin(t.Context(), s.admin, boss.ID, true); err != nil {
		t.Fatal(err)
	}
	actors := []actor{{name: ""}, {name: "stranger"}, {name: "boss", sysAdmin: true}}
	for _, role := range rbac.Roles() {
		name := strings.ToLower(role.String())
		s.member(p, s.user(name), role)
		actors = append(actors, actor{name: name, roles: []rbac.Role{role}})
	}
	policy := rbac.NewPolicy()
	permissions := map[string]rbac.Permission{}
	for _, o := range operations(t, spec(t)) {
		if kind, permission, _ := strings.Cut(o.Permission, " "); kind == "scoped" {
			resource, action, _ := strings.Cut(permission, ":")
			permissions[o.ID] = rbac.On(rbac.Resource(resource), rbac.Action(action))
		}
	}
	for _, project := range []int64{0, p.ID} {
		seen := map[string]bool{}
		for _, c := range scopedCalls(t, s, project) {
			want, ok := permissions[c.id]
			if !ok {
				t.Fatalf("%s is no scoped operation", c.id)
			}
			seen[c.id] = true
			for _, a := range actors {
				path := c.path
				if c.each != nil {
					path = c.each()
				}
				r := s.call(a.name, c.method, path, c.body)
				expected := "403"
				switch {
				case a.name == "":
					expected = "401"
				case a.sysAdmin, project == 0 && c.open, project != 0 && policy.Allowed(rbac.Subject{}, rbac.Standing{Roles: a.roles}, want):
					expected = "allowed"
				}
				if got := verdict(r.status); got != expected || r.status >= http.StatusInternalServerError {
					t.Errorf("%s (%s) in project %d as %q: status %d, want %s: %s", c.id, want, project, a.name, r.status, expected, r.body)
				}
			}
		}
		for id := range permissions {
			if ofProjects := permissions[id].Resource == rbac.TagRetention; !seen[id] && !(project == 0 && ofProjects) {
				t.Errorf("%s is not called for project %d", id, project)
			}
		}
	}
}
