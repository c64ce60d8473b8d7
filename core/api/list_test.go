package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// A list must not ask once for each of its rows.
func TestListsAreSetBased(t *testing.T) {
	s := newSite(t)
	gold := s.project("gold", false)
	var images []string
	add := func(from, to int) {
		for i := from; i < to; i++ {
			s.project(fmt.Sprintf("project-%d", i), true)
			s.member(gold, s.user(fmt.Sprintf("user-%d", i)), 3)
			images = append(images, s.image(fmt.Sprintf("gold/app-%d", i), "v1", fmt.Sprint(i)).String())
			s.image("gold/app", fmt.Sprintf("v%d", i), fmt.Sprint("one", i))
		}
	}
	lists := []string{
		"/projects", "/users", "/projects/gold/members", "/projects/gold/repositories", "/repositories", "/projects/gold/artifacts?with_accessory=true",
		"/projects/gold/repositories/app/artifacts?with_accessory=true", "/auditlog-exts", "/audit-logs", "/projects/gold/logs", "/search?q=o",
	}
	queries := func() map[string]int {
		out := map[string]int{}
		for _, path := range lists {
			s.want(http.StatusOK, "admin", "GET", path, "") // the password is remembered, statements are prepared
			counter := storetest.Count(t, s.db)
			r := s.want(http.StatusOK, "admin", "GET", path, "")
			out[path] = counter.Queries()
			if !strings.HasPrefix(path, "/search") && r.header.Get("X-Total-Count") == "0" {
				t.Errorf("%s is empty", path)
			}
		}
		return out
	}
	add(0, 2)
	few := queries()
	add(2, 9)
	for path, n := range queries() {
		if n > few[path] || n > 9 {
			t.Errorf("%s: %d queries for few rows, %d for many", path, few[path], n)
		}
	}
}

func TestListsHaveLinksAndTotals(t *testing.T) {
	s := newSite(t)
	for i := range 5 {
		s.project(fmt.Sprintf("p%d", i), true)
	}
	r := s.want(http.StatusOK, "", "GET", "/projects?page=2&page_size=2&q=name%3D~p&sort=-name", "")
	if got := r.header.Get("Link"); got != `</api/v2.0/projects?page=1&page_size=2&q=name=~p&sort=-name>; rel="prev" , </api/v2.0/projects?page=3&page_size=2&q=name=~p&sort=-name>; rel="next"` {
		t.Error(got)
	}
	if r.header.Get("X-Total-Count") != "5" || strings.Index(r.body, `"p2"`) > strings.Index(r.body, `"p1"`) || strings.Contains(r.body, `"p3"`) {
		t.Error(r.header, r.body)
	}
	for query, want := range map[string]string{"?public=true": "5", "?public=false": "0", "?owner=admin": "5", "?owner=x": "0", "?name=P1": "1", "?q=public%3Dfalse": "0"} {
		if got := s.want(http.StatusOK, "", "GET", "/projects"+query, "").header.Get("X-Total-Count"); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestAuditLogIsForThoseWhoMayReadIt(t *testing.T) {
	s := newSite(t)
	gold := s.project("gold", false)
	s.image("gold/app", "v1", "audit")
	alice := s.user("alice")
	s.member(gold, alice, 1)
	s.want(http.StatusCreated, "alice", "POST", "/projects", `{"project_name":"hers"}`, "X-Request-Id", "creates-hers")
	total := func(who, path string) string {
		return s.want(http.StatusOK, who, "GET", path, "").header.Get("X-Total-Count")
	}
	if got := total("alice", "/auditlog-exts"); got != "1" {
		t.Errorf("alice did one thing, the log has %s", got)
	}
	if got := total("alice", "/audit-logs"); got != "0" {
		t.Errorf("the old log has no projects, but %s", got)
	}
	if got := total("alice", "/projects/gold/logs"); got != "1" {
		t.Errorf("one push into gold, the old log has %s", got)
	}
	r := s.want(http.StatusOK, "admin", "GET", "/auditlog-exts?q=operation%3Dcreate%2Cresource_type%3Dartifact", "")
	if !strings.Contains(r.body, `"operation_description":"push artifact: gold/app@sha256:`) || !strings.Contains(r.body, `"resource":"gold/app:v1"`) {
		t.Error(r.body)
	}
	var n int
	if err := s.db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM audit_event WHERE request_id = 'creates-hers'").Scan(&n); err != nil || n != 1 {
		t.Errorf("the request's id is in %d entries, %v", n, err)
	}
}
