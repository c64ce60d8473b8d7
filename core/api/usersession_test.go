package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestAPersonSeesAndEndsTheirSessions(t *testing.T) {
	s := newSite(t)
	s.user("alice")
	here, there, other := newBrowser(s), newBrowser(s), newBrowser(s)
	for _, b := range []*browser{here, there} {
		b.signIn("alice", password)
	}
	other.signIn("admin", password)
	list := func() []any {
		r, _ := here.do("GET", "/api/v2.0/users/current/sessions", "", "", false)
		if r.status != http.StatusOK || strings.Contains(r.body, here.cookies["sid"]) {
			t.Fatal(r.body)
		}
		return r.json(t).([]any)
	}
	sessions := list()
	if len(sessions) != 2 {
		t.Fatalf("%v", sessions)
	}
	current, id := 0, ""
	for _, row := range sessions {
		if v := row.(map[string]any); v["current"] == true {
			current++
		} else {
			id = fmt.Sprint(v["id"])
		}
	}
	if current != 1 || len(id) != 64 {
		t.Fatalf("%v", sessions)
	}
	if r, _ := other.do("DELETE", "/api/v2.0/users/current/sessions/"+id, "", "", true); r.status != http.StatusNotFound {
		t.Error("somebody else's session", r.status)
	}
	s.set(`{"read_only":true}`) // who is worried signs out whatever the system's state
	if r, _ := here.do("DELETE", "/api/v2.0/users/current/sessions/"+id, "", "", true); r.status != http.StatusOK {
		t.Error(r.status, r.body)
	}
	if r, _ := there.do("GET", "/api/v2.0/users/current", "", "", false); r.status != http.StatusUnauthorized {
		t.Error("it goes on", r.status)
	}
	there.signIn("alice", password)
	if r, _ := here.do("DELETE", "/api/v2.0/users/current/sessions", "", "", true); r.status != http.StatusOK || len(list()) != 1 {
		t.Error(r.status, r.body)
	}
	s.want(http.StatusUnauthorized, "", "GET", "/users/current/sessions", "")
}

func TestPreferencesFollowThePerson(t *testing.T) {
	s := newSite(t)
	s.user("alice")
	if body := s.want(http.StatusOK, "alice", "GET", "/users/current/preferences", "").body; body != `{"language":"","theme":"","pull_client":"","pinned_projects":[]}`+"\n" {
		t.Error(body)
	}
	s.want(http.StatusOK, "alice", "PUT", "/users/current/preferences", `{"language":"zh-CN","pinned_projects":[4,2]}`)
	if body := s.want(http.StatusOK, "alice", "GET", "/users/current/preferences", "").body; body != `{"language":"zh-CN","theme":"","pull_client":"","pinned_projects":[4,2]}`+"\n" {
		t.Error(body)
	}
	s.want(http.StatusBadRequest, "alice", "PUT", "/users/current/preferences", `{"theme":"pink"}`)
	s.want(http.StatusUnprocessableEntity, "alice", "PUT", "/users/current/preferences", `{"pinned_projects":["a"]}`)
	s.want(http.StatusUnauthorized, "", "GET", "/users/current/preferences", "")
}

func TestAProfileIsChangedFromWhatWasSeen(t *testing.T) {
	s := newSite(t)
	u := s.user("alice")
	path := fmt.Sprintf("/users/%d", u.ID)
	seen := s.want(http.StatusOK, "alice", "GET", "/users/current", "").header.Get("ETag")
	if seen == "" || s.want(http.StatusOK, "admin", "GET", path, "").header.Get("ETag") != seen {
		t.Fatal(seen)
	}
	s.want(http.StatusOK, "alice", "PUT", path, `{"realname":"A","email":"a@example.com"}`, "If-Match", seen)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", path, `{"realname":"B","email":"b@example.com"}`, "If-Match", seen)
	s.want(http.StatusBadRequest, "admin", "PUT", path, `{"realname":"B"}`, "If-Match", `"yesterday"`)
	s.want(http.StatusOK, "admin", "PUT", path, `{"realname":"B","email":"b@example.com"}`)
}
