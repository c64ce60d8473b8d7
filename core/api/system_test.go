package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

type permission struct{ Action, Resource string }

func permissions(t *testing.T, r response) []permission {
	t.Helper()
	var out []permission
	if err := json.Unmarshal([]byte(r.body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPermissionsOfTheCurrentUserAreTheirRoles(t *testing.T) {
	s := newSite(t)
	p, open := s.project("gold", false), s.project("open", true)
	for role, count := range map[rbac.Role]int{rbac.ProjectAdmin: 75 + 3, rbac.Maintainer: 53 + 2, rbac.Developer: 36, rbac.Guest: 20, rbac.LimitedGuest: 14} {
		u := s.user(strings.ToLower(role.String()))
		s.member(p, u, role)
		got := permissions(t, s.want(http.StatusOK, u.Name, "GET", fmt.Sprintf("/users/current/permissions?scope=/project/%d&relative=true", p.ID), ""))
		if len(got) != count || got[0] != (permission{"read", "."}) {
			t.Errorf("%s: %d permissions, want %d: %v", role, len(got), count, got)
		}
	}
	s.user("stranger")
	get := func(who, query string) []permission {
		return permissions(t, s.want(http.StatusOK, who, "GET", "/users/current/permissions"+query, ""))
	}
	if got := get("stranger", fmt.Sprintf("?scope=/project/%d", p.ID)); len(got) != 0 {
		t.Error(got)
	}
	if got := get("stranger", "?scope=/project/999999"); len(got) != 0 {
		t.Error(got)
	}
	got := get("stranger", fmt.Sprintf("?scope=/project/%d", open.ID))
	if len(got) != 12 || got[0] != (permission{"read", fmt.Sprintf("/project/%d", open.ID)}) || !strings.HasPrefix(got[1].Resource, got[0].Resource+"/") {
		t.Error(got)
	}
	if len(get("admin", "")) != 70 || len(get("stranger", "")) != 0 {
		t.Error("the system's permissions are the administrator's")
	}
	s.want(http.StatusBadRequest, "admin", "GET", "/users/current/permissions?scope=/moon/1", "")
}

func TestPermissionCatalogueHasBothHalves(t *testing.T) {
	var got struct{ Project, System []permission }
	if err := json.Unmarshal([]byte(newSite(t).want(http.StatusOK, "admin", "GET", "/permissions", "").body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Project) != 70 || len(got.System) != 70 || got.Project[0] != (permission{"list", "log"}) || got.System[0] != (permission{"list", "audit-log"}) {
		t.Fatalf("%d and %d: %v", len(got.Project), len(got.System), got)
	}
}

func TestSystemInfoTellsStrangersLess(t *testing.T) {
	s := newSite(t)
	anonymous := s.want(http.StatusOK, "", "GET", "/systeminfo", "")
	if strings.Contains(anonymous.body, "version") || strings.Contains(anonymous.body, "url") {
		t.Fatal(anonymous.body)
	}
	known := s.want(http.StatusOK, "admin", "GET", "/systeminfo", "").json(t).(map[string]any)
	if known["harbor_version"] != "v2.16.0-roadstead.1.2.3" || known["external_url"] != s.url || "http://"+fmt.Sprint(known["registry_url"]) != s.url || known["read_only"] != false {
		t.Fatal(known)
	}
}

func TestWrongPasswordIsRefusedEvenWhereNobodyNeedBeKnown(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusUnauthorized, "admin:bad", "GET", "/projects", "")
	s.want(http.StatusOK, "admin:bad", "GET", "/ping", "")
	s.want(http.StatusOK, "", "GET", "/projects", "", "Cookie", "sid=of-a-session-that-is-over")
}
