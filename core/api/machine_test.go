package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
)

// needs is what an operation asks for, and where; "" for one without a permission.
func needs(o operation) (where string, want rbac.Permission) {
	for word := range strings.FieldsSeq(o.Permission) {
		if resource, action, ok := strings.Cut(strings.TrimSuffix(word, ","), ":"); ok {
			where, _, _ = strings.Cut(o.Permission, " ")
			return where, rbac.On(rbac.Resource(resource), rbac.Action(action))
		}
	}
	return "", rbac.Permission{}
}

// forPeople are the operations by which a machine could become somebody else.
func forPeople() []string { return []string{"setUserSysAdmin", "updateUserPassword", "setCliSecret"} }

// brings says whether a permission of the catalogue opens what another asks for.
func brings(given, want rbac.Permission) bool {
	return given == want || given == rbac.On(rbac.Repository, rbac.Push) && want == pulling() ||
		given == rbac.On(rbac.Metadata, rbac.List) && want == rbac.On(rbac.Metadata, rbac.Read)
}

// machineCall is one call of an operation, in the system or in the project private.
type machineCall struct {
	scopedCall
	inProject bool
	want      rbac.Permission
}

// machineCalls are calls of every operation that has a permission.
func machineCalls(t *testing.T, s *site, project int64) []machineCall {
	t.Helper()
	var out []machineCall
	permissions := map[string]rbac.Permission{}
	for _, o := range operations(t, spec(t)) {
		where, want := needs(o)
		switch where {
		case "":
		case "scoped":
			permissions[o.ID] = want
		default:
			call := scopedCall{id: o.ID, method: o.Method, path: fill(o.Path, "private"), body: body(o.Method)}
			out = append(out, machineCall{call, where == "project", want})
		}
	}
	for _, id := range []int64{0, project} {
		for _, c := range scopedCalls(t, s, id) {
			out = append(out, machineCall{c, id != 0, permissions[c.id]})
		}
	}
	return out
}

// allows calls as a robot and says whether it got past the guard.
func (s *site) allows(as string, c machineCall) bool {
	s.t.Helper()
	path := c.path
	if c.each != nil {
		path = c.each()
	}
	r := s.call(as, c.method, path, c.body)
	if r.status >= http.StatusInternalServerError && r.status != http.StatusNotImplemented {
		s.t.Errorf("%s as %s: status %d", c.id, as, r.status)
	}
	return verdict(r.status) == "allowed"
}

// It makes one robot for each permission of the catalogues, and one with every other,
// and calls all that has to do with it.
func TestARobotIsAllowedExactlyWhatItWasGiven(t *testing.T) {
	s := newSite(t)
	p := s.project("private", false)
	s.image("private/app", "v1", "keeps the project from being deleted")
	calls := machineCalls(t, s, p.ID)
	number := 0
	as := func(grants ...robot.Grant) string {
		number++
		_, as := s.robot(fmt.Sprint("m", number), "", grants...)
		return as
	}
	for _, scope := range []struct {
		inProject bool
		catalogue []rbac.Permission
		grant     func(...rbac.Permission) robot.Grant
	}{
		{false, rbac.SystemCatalogue(), inSystem},
		{true, rbac.ProjectCatalogue(), func(p ...rbac.Permission) robot.Grant { return within("private", p...) }},
	} {
		for _, given := range scope.catalogue {
			others := slices.DeleteFunc(slices.Clone(scope.catalogue), func(p rbac.Permission) bool { return brings(p, given) })
			one, without := as(scope.grant(given)), as(scope.grant(others...))
			for _, c := range calls {
				if c.want.Resource != given.Resource || ownLabels(c) {
					continue
				}
				expected := c.inProject == scope.inProject && brings(given, c.want) && !slices.Contains(forPeople(), c.id)
				if got := s.allows(one, c); got != expected {
					t.Errorf("%s (%s, in the project: %v) given %s alone: allowed is %v", c.id, c.want, c.inProject, given, got)
				}
				if c.inProject == scope.inProject && c.want == given && s.allows(without, c) {
					t.Errorf("%s (%s) is allowed to who was given all but that", c.id, c.want)
				}
			}
		}
	}
}

// ownLabels are the labels of the whole system, which everybody known reads.
func ownLabels(c machineCall) bool {
	return !c.inProject && (c.id == "ListLabels" || c.id == "GetLabelByID")
}

func TestARobotIsKeptFromAnotherProject(t *testing.T) {
	s := newSite(t)
	p := s.project("private", false)
	s.project("own", false)
	_, as := s.robot("all", "own", within("own", rbac.ProjectCatalogue()...))
	for _, c := range machineCalls(t, s, p.ID) {
		if !ownLabels(c) && s.allows(as, c) {
			t.Errorf("%s (%s, in the project: %v)", c.id, c.want, c.inProject)
		}
	}
}

func TestListsShowARobotWhatItWasGiven(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"gold", "silver", "copper"} {
		s.project(name, name == "copper")
		s.image(name+"/app", "v1", name)
	}
	list, log := rbac.On(rbac.Repository, rbac.List), rbac.On(rbac.AuditLog, rbac.List)
	robots := map[string]string{}
	for name, grants := range map[string][]robot.Grant{
		"pulls": {within("gold", pulling())}, "lists": {within("gold", list)}, "everywhere": {everywhere(list)},
		"projects": {inSystem(rbac.On(rbac.Project, rbac.List))}, "log": {inSystem(log)},
	} {
		_, robots[name] = s.robot(name, "", grants...)
	}
	for _, c := range []struct{ who, path, want string }{
		{"pulls", "/projects?sort=name", "copper gold"},
		{"lists", "/projects?sort=name", "copper gold"},
		{"everywhere", "/projects?sort=name", "copper gold silver"},
		{"projects", "/projects?sort=name", "copper gold silver"},
		{"log", "/projects?sort=name", "copper"},
		{"pulls", "/repositories?sort=name", "copper/app"},
		{"lists", "/repositories?sort=name", "copper/app gold/app"},
		{"everywhere", "/repositories?sort=name", "copper/app gold/app silver/app"},
		{"projects", "/repositories?sort=name", "copper/app"},
	} {
		r := s.want(http.StatusOK, robots[c.who], "GET", c.path, "")
		var names []string
		for _, row := range r.json(t).([]any) {
			names = append(names, row.(map[string]any)["name"].(string))
		}
		if got := strings.Join(names, " "); got != c.want || r.header.Get("X-Total-Count") != fmt.Sprint(len(names)) {
			t.Errorf("%s %s: %s, want %s", c.who, c.path, got, c.want)
		}
	}
	found := func(who string) string { return s.want(http.StatusOK, robots[who], "GET", "/search?q=gold", "").body }
	if body := found("pulls"); !strings.Contains(body, `"name":"gold"`) || strings.Contains(body, "gold/app") {
		t.Error(body)
	}
	if body := found("log"); strings.Contains(body, `"name":"gold"`) || strings.Contains(body, "gold/app") {
		t.Error(body)
	}
	if body := s.want(http.StatusOK, robots["lists"], "GET", "/statistics", "").body; !strings.Contains(body, `"private_project_count":1`) || strings.Contains(body, `"total_project_count":3`) {
		t.Error(body)
	}
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"new"}`)
	if body := s.want(http.StatusOK, robots["log"], "GET", "/auditlog-exts", "").body; !strings.Contains(body, `"create project: new"`) {
		t.Error(body)
	}
	if body := s.want(http.StatusOK, robots["pulls"], "GET", "/auditlog-exts", "").body; body != "[]\n" {
		t.Error(body)
	}
}

func TestARobotMakesProjectsIfItWasGivenThat(t *testing.T) {
	s := newSite(t)
	_, makes := s.robot("makes", "", inSystem(rbac.On(rbac.Project, rbac.Create)))
	_, does := s.robot("does", "", everywhere(rbac.ProjectCatalogue()...))
	s.want(http.StatusForbidden, does, "POST", "/projects", `{"project_name":"one"}`)
	s.want(http.StatusCreated, makes, "POST", "/projects", `{"project_name":"one"}`)
	if body := s.want(http.StatusOK, "admin", "GET", "/projects/one", "").body; !strings.Contains(body, `"owner_name":"admin"`) {
		t.Error(body)
	}
	s.want(http.StatusForbidden, makes, "GET", "/projects/one", "")
	s.want(http.StatusOK, does, "GET", "/projects/one", "")
}

func TestARobotIsToldItsPermissions(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	_, as := s.robot("ci", "", within("gold", rbac.On(rbac.Repository, rbac.Push)), inSystem(rbac.On(rbac.Catalog, rbac.Read)))
	for scope, want := range map[string]string{
		"": `[{"action":"read","resource":"catalog"}]` + "\n",
		fmt.Sprintf("?scope=/project/%d&relative=true", p.ID): `[{"action":"push","resource":"repository"},{"action":"pull","resource":"repository"}]` + "\n",
	} {
		if got := s.want(http.StatusOK, as, "GET", "/users/current/permissions"+scope, "").body; got != want {
			t.Errorf("%s: %s", scope, got)
		}
	}
	m := s.want(http.StatusForbidden, as, "GET", "/projects/gold/members", "").message(t)
	if m != "forbidden: member:list in project gold needs that permission there; ask who looks after the robot account to give it" {
		t.Error(m)
	}
}

func TestARobotHasNoSession(t *testing.T) {
	s := newSite(t)
	r, as := s.robot("ci", "", everywhere(pulling()))
	_, secret, _ := strings.Cut(as, ":")
	got := newBrowser(s).signIn(r.FullName, secret)
	if got.status != http.StatusForbidden || !strings.Contains(got.message(t), "is a robot account, which has no session") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if cookies := got.header.Values("Set-Cookie"); strings.Contains(strings.Join(cookies, " "), "sid=") {
		t.Errorf("it gets %v", cookies)
	}
	if got := newBrowser(s).signIn(r.FullName, "wrong"); got.status != http.StatusUnauthorized || got.body != "" {
		t.Errorf("a wrong secret: %d %s", got.status, got.body)
	}
}
