package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/label"
)

// labelCalls are the label operations on labels of a project, or of all.
func labelCalls(t *testing.T, s *site, project int64) []scopedCall {
	t.Helper()
	n := 0
	another := func() string {
		n++
		l, err := s.domain.Labels.Create(t.Context(), s.admin, project, label.Fields{Name: fmt.Sprintf("%s %d", t.Name(), n)})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("/labels/%d", l.ID)
	}
	one, scope := another(), fmt.Sprintf("scope=p&project_id=%d", project)
	body := fmt.Sprintf(`{"name":"","scope":"p","project_id":%d}`, project)
	if project == 0 {
		scope, body = "scope=g", `{"name":"","scope":"g"}`
	}
	return []scopedCall{
		{id: "ListLabels", method: "GET", path: "/labels?" + scope, open: true},
		{id: "GetLabelByID", method: "GET", path: one, open: true},
		{id: "CreateLabel", method: "POST", path: "/labels", body: body},
		{id: "UpdateLabel", method: "PUT", path: one, body: body},
		{id: "DeleteLabel", method: "DELETE", each: another},
	}
}

func TestAScopeOfLabelsIsGOrPWithAProject(t *testing.T) {
	s := newSite(t)
	for query, want := range map[string]string{"": "invalid scope: ", "?scope=x": "invalid scope: x", "?scope=p": "invalid project_id: 0", "?scope=p&project_id=-1": "invalid project_id: -1"} {
		if m := s.want(http.StatusBadRequest, "admin", "GET", "/labels"+query, "").message(t); !strings.HasPrefix(m, want) {
			t.Errorf("%q: %s", query, m)
		}
	}
	s.want(http.StatusNotFound, "admin", "GET", "/labels?scope=p&project_id=9999", "")
	s.want(http.StatusNotFound, "admin", "GET", "/labels/9999", "")
}

func TestALabelIsEditedFromTheStateThatWasRead(t *testing.T) {
	s := newSite(t)
	path := s.want(http.StatusCreated, "admin", "POST", "/labels", `{"name":"a","scope":"g","color":"#FF0000"}`).header.Get("Location")
	first := s.want(http.StatusOK, "admin", "GET", path, "").header.Get("ETag")
	s.want(http.StatusOK, "admin", "PUT", path, `{"name":"b"}`, "If-Match", first)
	if m := s.want(http.StatusPreconditionFailed, "admin", "PUT", path, `{"name":"c"}`, "If-Match", first).message(t); !strings.HasPrefix(m, "somebody has changed this") {
		t.Error(m)
	}
	s.want(http.StatusPreconditionFailed, "admin", "DELETE", path, "", "If-Match", first)
	r := s.want(http.StatusOK, "admin", "GET", path, "")
	if updated := r.json(t).(map[string]any)["update_time"]; r.header.Get("ETag") != fmt.Sprintf("%q", updated) || !strings.Contains(r.body, `"name":"b"`) {
		t.Error(r.header.Get("ETag"), r.body)
	}
	s.want(http.StatusBadRequest, "admin", "PUT", path, `{"name":"c"}`, "If-Match", "yesterday")
	s.want(http.StatusOK, "admin", "DELETE", path, "", "If-Match", r.header.Get("ETag"))
}

func TestALabelOfAnotherProjectIsUnknownToAnArtifact(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	other := s.project("other", false)
	s.image("gold/app", "v1", "one")
	s.member(s.project("third", false), s.user("alice"), 1)
	theirs := s.want(http.StatusCreated, "admin", "POST", "/labels", fmt.Sprintf(`{"name":"theirs","scope":"p","project_id":%d}`, other.ID)).header.Get("Location")
	id := theirs[strings.LastIndex(theirs, "/")+1:]
	const labels = "/projects/gold/repositories/app/artifacts/v1/labels"
	if m := s.want(http.StatusNotFound, "admin", "POST", labels, `{"id":`+id+`}`).message(t); m != "label "+id+" not found" {
		t.Error(m)
	}
	s.want(http.StatusNotFound, "admin", "DELETE", labels+"/"+id, "")
	s.want(http.StatusForbidden, "alice", "POST", labels, `{"id":`+id+`}`)
	if m := s.want(http.StatusForbidden, "alice", "GET", theirs, "").message(t); strings.Contains(m, "theirs") {
		t.Error(m)
	}
}
