package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// actor is a column of the permission matrix.
type actor struct {
	name     string
	sysAdmin bool
	roles    []rbac.Role
}

// TestMatrix drives every operation as everybody and compares 401, 403 and neither
// with the permission that the operation names and the table of core/rbac.
func TestMatrixOfEveryOperationAndEveryRole(t *testing.T) {
	s := newSite(t)
	private, open := s.project("private", false), s.project("open", true)
	s.image("private/app", "v1", "keeps the project from being deleted")
	s.image("open/app", "v1", "keeps the project from being deleted")
	actors := []actor{{name: ""}, {name: "stranger"}, {name: "boss", sysAdmin: true}}
	s.user("stranger")
	boss := s.user("boss")
	if err := s.users.SetSysAdmin(t.Context(), s.admin, boss.ID, true); err != nil {
		t.Fatal(err)
	}
	for _, role := range rbac.Roles() {
		name := strings.ToLower(role.String())
		u := s.user(name)
		s.member(private, u, role)
		s.member(open, u, role)
		actors = append(actors, actor{name: name, roles: []rbac.Role{role}})
	}
	policy := rbac.NewPolicy()
	for _, o := range operations(t, spec(t)) {
		for _, p := range []struct {
			name   string
			public bool
		}{{"private", false}, {"open", true}} {
			if p.public && !strings.HasPrefix(o.Permission, "project ") {
				continue
			}
			path := fill(o.Path, p.name)
			for _, a := range actors {
				r := s.call(a.name, o.Method, path, body(o.Method))
				want := expected(t, policy, o, a, p.public)
				if got := verdict(r.status); got != want {
					t.Errorf("%s (%s) on %s as %q: status %d, want %s: %s", o.ID, o.Permission, p.name, a.name, r.status, want, r.body)
				}
				if r.status >= 500 && r.status != http.StatusNotImplemented {
					t.Errorf("%s as %q: status %d", o.ID, a.name, r.status)
				}
			}
		}
	}
}

// fill makes a path of things that are not there, so that no call changes what the
// next one needs.
func fill(path, project string) string {
	path = strings.NewReplacer("{project_name}", project, "{project_name_or_id}", project,
		"{user_id}", "999999", "{repository_name}", "nosuch", "{reference}", "nosuch", "{addition}", "build_history",
		"{digest}", "sha256:"+strings.Repeat("0", 64)).Replace(path)
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + "999999" + after
	}
	return path
}

// body is one that decodes and does nothing: every required name is missing.
func body(method string) string {
	if method == http.MethodGet || method == http.MethodHead || method == http.MethodDelete {
		return ""
	}
	return `{"auto_scan": 1, "metadata": 1, "public": 1, "project_name": 1, "role_id": "x", "name": 1, "description": 1, "username": 1, "email": 1, "sysadmin_flag": 1, "new_password": 1, "secret": 1}`
}

func verdict(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "401"
	case http.StatusForbidden:
		return "403"
	}
	return "allowed"
}

func expected(t *testing.T, policy *rbac.Policy, o operation, a actor, public bool) string {
	t.Helper()
	denied := "403"
	if a.name == "" {
		denied = "401"
	}
	if o.Planned && a.name == "" {
		return "401"
	}
	kind, permission, _ := strings.Cut(o.Permission, " ")
	allowed := false
	switch kind {
	case "public":
		allowed = true
	case "nobody":
		return "401"
	case "authenticated", "scoped": // nothing is there to be of a scope; scoped_test.go has the rest
		allowed = a.name != "" && (o.ID != "ListRobot" || a.sysAdmin) // which are the system's when no project is named
	case "system", "self": // the path names somebody else
		allowed = a.sysAdmin
	case "project":
		resource, action, _ := strings.Cut(permission, ":")
		who := rbac.Subject{SysAdmin: a.sysAdmin}
		allowed = policy.Allowed(who, rbac.Standing{Roles: a.roles, Public: public}, rbac.On(rbac.Resource(resource), rbac.Action(action)))
	default:
		t.Fatalf("%s has the permission %q", o.ID, o.Permission)
	}
	if allowed {
		return "allowed"
	}
	return denied
}

func TestOneselfIsAllowedWhatOthersAreNot(t *testing.T) {
	s := newSite(t)
	a, b := s.user("alice"), s.user("bob")
	own, others := fmt.Sprintf("/users/%d", a.ID), fmt.Sprintf("/users/%d", b.ID)
	profile := `{"email":"alice@example.org","realname":"Alice","comment":""}`
	s.want(http.StatusOK, "alice", "GET", own, "")
	s.want(http.StatusForbidden, "alice", "GET", others, "")
	s.want(http.StatusOK, "alice", "PUT", own, profile)
	s.want(http.StatusForbidden, "alice", "PUT", others, profile)
	s.want(http.StatusForbidden, "alice", "PUT", others+"/password", `{"new_password":"Passw0rd2"}`)
	s.want(http.StatusForbidden, "alice", "PUT", own+"/sysadmin", `{"sysadmin_flag":true}`)
	s.want(http.StatusForbidden, "alice", "DELETE", own, "")
	r := s.want(http.StatusForbidden, "alice", "PUT", own+"/password", `{"old_password":"bad","new_password":"Passw0rd2"}`)
	if m := r.message(t); m != "Current password is incorrect" {
		t.Fatal(m)
	}
	s.want(http.StatusOK, "alice", "PUT", own+"/password", `{"old_password":"Passw0rd1","new_password":"Passw0rd2"}`)
}

func TestARefusalDoesNotTellWhetherAProjectExists(t *testing.T) {
	s := newSite(t)
	s.project("secret", false)
	s.user("stranger")
	there := s.want(http.StatusForbidden, "stranger", "GET", "/projects/secret", "")
	not := s.want(http.StatusForbidden, "stranger", "GET", "/projects/nosuch", "")
	if a, b := there.body, strings.ReplaceAll(not.body, "nosuch", "secret"); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
	if m := there.message(t); !strings.HasPrefix(m, "forbidden") || !strings.Contains(m, "limitedGuest") {
		t.Fatal(m)
	}
	s.want(http.StatusUnauthorized, "", "GET", "/projects/secret", "")
	s.want(http.StatusUnauthorized, "", "GET", "/projects/nosuch", "")
	s.want(http.StatusNotFound, "admin", "GET", "/projects/nosuch", "")
}
