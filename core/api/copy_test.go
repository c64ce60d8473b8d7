package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

func TestCopyingNeedsToPullTheSourceAndToPushToTheTarget(t *testing.T) {
	s := newSite(t)
	from, to := s.project("from", false), s.project("to", false)
	s.image("from/team/app", "v1", "one")
	for _, name := range []string{"both", "reader", "writer"} {
		u := s.user(name)
		if name != "writer" {
			s.member(from, u, rbac.LimitedGuest)
		}
		if name != "reader" {
			s.member(to, u, rbac.Developer)
		}
	}
	const path = "/projects/to/repositories/team%252Fcopy/artifacts?from="
	r := s.want(http.StatusForbidden, "writer", "POST", path+"from/team/app:v1", "")
	hidden := s.want(http.StatusForbidden, "writer", "POST", path+"nosuch/team/app:v1", "")
	if strings.ReplaceAll(hidden.body, "nosuch", "from") != r.body || !strings.Contains(r.body, "limitedGuest") {
		t.Errorf("%s\n%s", r.body, hidden.body)
	}
	s.want(http.StatusForbidden, "reader", "POST", path+"from/team/app:v1", "")
	s.want(http.StatusUnauthorized, "", "POST", path+"from/team/app:v1", "")
	s.want(http.StatusNotFound, "admin", "POST", path+"nosuch/team/app:v1", "")
	r = s.want(http.StatusCreated, "both", "POST", path+"from/team/app:v1", "")
	location := r.header.Get("Location")
	if location != "/api/v2.0/projects/to/repositories/team%252Fcopy/artifacts/v1" {
		t.Fatal(location)
	}
	s.want(http.StatusOK, "both", "GET", location, "")
	for _, bad := range []string{"x", "from/team/app", "from/team/app@sha256:0", "%F0%9F%92%A9/a:b", strings.Repeat("a", 2000)} {
		s.want(http.StatusBadRequest, "both", "POST", path+bad, "")
	}
}

func TestACopyBeyondTheQuotaIsToldInHarborsWords(t *testing.T) {
	s := newSite(t)
	s.project("from", true)
	s.project("full", false)
	s.image("from/app", "v1", "one")
	if _, err := s.db.Pool.Exec(t.Context(), `UPDATE quota SET hard = 1 WHERE project_id = (SELECT id FROM project WHERE name = 'full')`); err != nil {
		t.Fatal(err)
	}
	r := s.want(http.StatusForbidden, "admin", "POST", "/projects/full/repositories/app/artifacts?from=from/app:v1", "")
	if m := r.message(t); !strings.Contains(m, "will exceed the configured upper limit") {
		t.Error(m)
	}
}
