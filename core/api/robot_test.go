package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
)

// robot makes one with those permissions, of a project or, with "", of the system.
// It returns who it is to call as.
func (s *site) robot(name, project string, grants ...robot.Grant) (robot.Robot, string) {
	s.t.Helper()
	r, secret, err := s.domain.Robots.Create(s.t.Context(), s.admin, robot.New{Name: name, Project: project, Duration: -1, Grants: grants})
	if err != nil {
		s.t.Fatal(err)
	}
	return r, r.FullName + ":" + secret
}

func within(project string, permissions ...rbac.Permission) robot.Grant {
	return robot.Grant{Scope: robot.Project, Project: project, Permissions: permissions}
}

func inSystem(permissions ...rbac.Permission) robot.Grant {
	return robot.Grant{Scope: robot.System, Permissions: permissions}
}

func everywhere(permissions ...rbac.Permission) robot.Grant {
	return robot.Grant{Scope: robot.Projects, Permissions: permissions}
}

func pulling() rbac.Permission { return rbac.On(rbac.Repository, rbac.Pull) }

// newRobotBody is a request for a robot that pulls.
func newRobotBody(name, level, kind, namespace string) string {
	return fmt.Sprintf(`{"name":%q,"level":%q,"duration":-1,"permissions":[{"kind":%q,"namespace":%q,"access":[{"resource":"repository","action":"pull"}]}]}`,
		name, level, kind, namespace)
}

// robotCalls are of a robot of the project, or of the system.
func robotCalls(t *testing.T, s *site, id int64) []scopedCall {
	t.Helper()
	list, body, made := "/robots", `{"level":"system"}`, 0
	another := func() string {
		made++
		of, grant := "", everywhere(pulling())
		if id != 0 {
			p, err := s.projects.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			of, grant = p.Name, within(p.Name, pulling())
			list, body = fmt.Sprintf("/robots?q=Level%%3Dproject%%2CProjectID%%3D%d", id), newRobotBody("", "project", "project", p.Name)
		}
		r, _ := s.robot(fmt.Sprintf("scoped%d", made), of, grant)
		return fmt.Sprintf("/robots/%d", r.ID)
	}
	path := another()
	return []scopedCall{
		{id: "ListRobot", method: "GET", path: list},
		{id: "CreateRobot", method: "POST", path: "/robots", body: body},
		{id: "GetRobotByID", method: "GET", path: path},
		{id: "UpdateRobot", method: "PUT", path: path, body: `{"level":"other"}`},
		{id: "RefreshSec", method: "PATCH", path: path, body: `{"secret":"weak"}`},
		{id: "DeleteRobot", method: "DELETE", each: another},
	}
}

func TestARobotIsShownWithoutItsSecret(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	made := s.want(http.StatusCreated, "admin", "POST", "/robots", newRobotBody("ci", "project", "project", "gold"))
	var created struct {
		ID           int64
		Name, Secret string
	}
	if err := json.Unmarshal([]byte(made.body), &created); err != nil || created.Name != "robot$gold+ci" || len(created.Secret) != 32 {
		t.Fatal(made.body, err)
	}
	path := fmt.Sprintf("/robots/%d", created.ID)
	if got := made.header.Get("Location"); got != "/api/v2.0"+path {
		t.Error(got)
	}
	if r := s.want(http.StatusOK, "robot$gold+ci:"+created.Secret, "GET", "/projects", ""); !strings.Contains(r.body, `"gold"`) {
		t.Error(r.body)
	}
	if err := s.domain.Robots.WriteUsed(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, "/robots?q=Level%3Dproject%2CProjectID%3D" + fmt.Sprint(s.projectID("gold"))} {
		r := s.want(http.StatusOK, "admin", "GET", p, "")
		if strings.Contains(r.body, "secret") || !strings.Contains(r.body, `"last_used_time":"20`) || !strings.Contains(r.body, `"level":"project"`) {
			t.Error(r.body)
		}
	}
	if strings.Contains(s.log.String(), created.Secret) {
		t.Error("the secret is in the log")
	}
}

func (s *site) projectID(name string) int64 {
	s.t.Helper()
	p, err := s.projects.ByName(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	return p.ID
}

func TestWhatARobotCannotBeIsSaid(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	grant := func(kind, namespace, access string) string {
		return fmt.Sprintf(`{"name":"x","level":"system","duration":1,"permissions":[{"kind":%q,"namespace":%q,"access":[%s]}]}`, kind, namespace, access)
	}
	pull := `{"resource":"repository","action":"pull"}`
	for body, want := range map[string]string{
		`{"name":"x","level":"other","duration":1}`:                                            "bad request error level input: other",
		`{"name":"x","level":"project","duration":1}`:                                          "bad request empty permission",
		`{"name":"x","level":"system","duration":1}`:                                           "bad request empty permission",
		newRobotBody("x", "project", "system", "/"):                                            "bad request permission: a robot of a project",
		newRobotBody("x", "project", "project", ""):                                            "bad request permission: a robot of a project",
		newRobotBody("x", "system", "x", "gold"):                                               "bad request permission kind: x",
		newRobotBody("x", "system", "system", "gold"):                                          "bad request permission namespace: gold",
		newRobotBody("x", "system", "system", "/"):                                             "bad request permission: repository:pull",
		grant("project", "gold", `{"resource":"robot","action":"*"}`):                          "bad request permission: robot:*",
		grant("project", "gold", ""):                                                           "bad request empty access",
		grant("project", "*", `{"resource":"audit-log","action":"list"}`):                      "bad request permission: audit-log:list",
		strings.Replace(grant("project", "gold", pull), `"pull"`, `"pull","effect":"deny"`, 1): "bad request permission effect: deny",
	} {
		if r := s.want(http.StatusBadRequest, "admin", "POST", "/robots", body); !strings.HasPrefix(r.message(t), want) {
			t.Errorf("%s: %s", body, r.message(t))
		}
	}
	s.want(http.StatusNotFound, "admin", "POST", "/robots", newRobotBody("x", "system", "project", "nosuch"))
	s.want(http.StatusNotFound, "admin", "POST", "/robots", newRobotBody("x", "project", "project", "nosuch"))
	s.user("stranger")
	there := s.want(http.StatusForbidden, "stranger", "POST", "/robots", newRobotBody("x", "project", "project", "gold"))
	not := s.want(http.StatusForbidden, "stranger", "POST", "/robots", newRobotBody("x", "project", "project", "nosuch"))
	if strings.ReplaceAll(not.body, "nosuch", "gold") != there.body {
		t.Error(there.body, not.body)
	}
	for q, want := range map[string]string{
		"Level=project": "must with project ID when to query project robots", "Level=x": "bad request error level input: x", "Level=project,ProjectID=x": "ProjectID must be",
	} {
		if r := s.want(http.StatusBadRequest, "admin", "GET", "/robots?q="+strings.ReplaceAll(strings.ReplaceAll(q, "=", "%3D"), ",", "%2C"), ""); !strings.HasPrefix(r.message(t), want) {
			t.Errorf("%s: %s", q, r.message(t))
		}
	}
}

func TestARobotIsChangedFromTheStateThatWasRead(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	r, as := s.robot("ci", "gold", within("gold", pulling()))
	path := fmt.Sprintf("/robots/%d", r.ID)
	read := s.want(http.StatusOK, "admin", "GET", path, "")
	change := strings.Replace(read.body, `"disable":false`, `"disable":true`, 1)
	s.want(http.StatusOK, as, "GET", "/projects", "")
	s.want(http.StatusOK, "admin", "PUT", path, change, "If-Match", read.header.Get("ETag"))
	r401 := s.want(http.StatusUnauthorized, as, "GET", "/projects", "")
	if m := r401.message(t); m != "the robot account robot$gold+ci is disabled; ask who looks after it to enable it" {
		t.Error(m)
	}
	if m := s.want(http.StatusUnauthorized, r.FullName+":wrong", "GET", "/projects", "").message(t); m != "unauthorized" {
		t.Error(m)
	}
	if m := s.want(http.StatusPreconditionFailed, "admin", "PUT", path, read.body, "If-Match", read.header.Get("ETag")).message(t); !strings.HasPrefix(m, "somebody has changed this") {
		t.Error(m)
	}
	s.want(http.StatusOK, "admin", "PUT", path, read.body)
	s.want(http.StatusOK, as, "GET", "/projects", "")
	for _, other := range []string{`"name":"robot$gold+other"`, `"level":"system"`} {
		if m := s.want(http.StatusBadRequest, "admin", "PUT", path, "{"+other+"}").message(t); !strings.HasPrefix(m, "cannot update the level or name of robot") {
			t.Error(m)
		}
	}
}

func TestWhoMakesRobotsGivesWhatTheyHave(t *testing.T) {
	s := newSite(t)
	gold := s.project("gold", false)
	s.project("silver", false)
	s.member(gold, s.user("lead"), rbac.ProjectAdmin)
	s.member(gold, s.user("dev"), rbac.Developer)
	s.want(http.StatusCreated, "lead", "POST", "/robots", newRobotBody("a", "project", "project", "gold"))
	s.want(http.StatusForbidden, "lead", "POST", "/robots", newRobotBody("b", "project", "project", "silver"))
	s.want(http.StatusForbidden, "lead", "POST", "/robots", newRobotBody("b", "system", "project", "gold"))
	s.want(http.StatusForbidden, "dev", "POST", "/robots", newRobotBody("b", "project", "project", "gold"))
	_, maker := s.robot("maker", "gold", within("gold", rbac.On(rbac.Robot, rbac.Create), pulling()))
	s.want(http.StatusCreated, maker, "POST", "/robots", newRobotBody("c", "project", "project", "gold"))
	more := strings.Replace(newRobotBody("d", "project", "project", "gold"), `"pull"`, `"push"`, 1)
	r := s.want(http.StatusForbidden, maker, "POST", "/robots", more)
	if m := r.message(t); !strings.HasPrefix(m, "permission scope is invalid. It must be equal to or more restrictive than the creator robot's permissions: robot$gold+maker does not have repository:push") {
		t.Error(m)
	}
	s.want(http.StatusForbidden, maker, "POST", "/robots", newRobotBody("d", "system", "project", "gold"))
}
