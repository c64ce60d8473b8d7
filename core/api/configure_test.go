package api_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// set changes settings as the administrator.
func (s *site) set(body string) {
	s.t.Helper()
	s.want(http.StatusOK, "admin", "PUT", "/configurations", body)
}

func TestSettingsAreReadAndChangedUnderHarborsKeys(t *testing.T) {
	s := newSite(t)
	s.set(`{"banner_message":"{\"message\":\"<b>\"}","self_registration":true,"no_such_key":1,"ldap_url":""}`)
	r := s.want(http.StatusOK, "admin", "GET", "/configurations", "")
	for _, part := range []string{
		`"banner_message":{"value":"{\"message\":\"<b>\"}","editable":true}`, `"self_registration":{"value":true,"editable":true}`,
		`"ldap_timeout":{"value":5,"editable":false}`, `"scan_all_policy":{}`, `"storage_per_project":{"value":-1,"editable":true}`,
	} {
		if !strings.Contains(r.body, part) {
			t.Errorf("%s is not in %s", part, r.body)
		}
	}
	if strings.Contains(r.body, "ldap_search_password") || r.header.Get("ETag") == "" {
		t.Error(r.header, r.body)
	}
	anonymous := s.want(http.StatusOK, "", "GET", "/systeminfo", "").body
	if !strings.Contains(anonymous, `"self_registration":true`) || !strings.Contains(anonymous, `<b>`) || strings.Contains(anonymous, "read_only") {
		t.Error(anonymous)
	}
	for body, want := range map[string]int{
		`{"read_only":"yes"}`: http.StatusUnprocessableEntity, `{"session_timeout":0}`: http.StatusBadRequest, `{"oidc_name":"x"}`: http.StatusBadRequest, `[]`: http.StatusUnprocessableEntity,
	} {
		s.want(want, "admin", "PUT", "/configurations", body)
	}
	s.want(http.StatusPreconditionFailed, "admin", "PUT", "/configurations", `{"banner_message":""}`, "If-Match", `"2001-01-01T00:00:00.000Z"`)
	s.want(http.StatusOK, "admin", "PUT", "/configurations", `{"banner_message":""}`, "If-Match", r.header.Get("ETag"))
	s.want(http.StatusPreconditionFailed, "admin", "PUT", "/configurations", `{"banner_message":"x"}`, "If-Match", r.header.Get("ETag"))
}

func TestOnlyAdministratorsMakeProjectsWhenThatIsRestricted(t *testing.T) {
	s := newSite(t)
	s.user("alice")
	s.want(http.StatusCreated, "alice", "POST", "/projects", `{"project_name":"before"}`)
	s.set(`{"project_creation_restriction":"adminonly","storage_per_project":2048}`)
	if m := s.want(http.StatusForbidden, "alice", "POST", "/projects", `{"project_name":"after"}`).message(t); !strings.HasPrefix(m, "Only system admin can create project") {
		t.Error(m)
	}
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"after"}`)
	if body := s.want(http.StatusOK, "admin", "GET", "/projects/after", "").body; !strings.Contains(body, `"storage_limit":2048`) {
		t.Error(body)
	}
	s.set(`{"project_creation_restriction":"everyone"}`)
	s.want(http.StatusCreated, "alice", "POST", "/projects", `{"project_name":"again","storage_limit":-1}`)
	if body := s.want(http.StatusOK, "alice", "GET", "/projects/again", "").body; !strings.Contains(body, `"storage_limit":2048`) {
		t.Error("a limit that only an administrator can set was taken", body)
	}
}

func TestPeopleRegisterThemselvesWhileThatIsSwitchedOn(t *testing.T) {
	s := newSite(t)
	person := func(name string) string {
		return fmt.Sprintf(`{"username":%q,"email":"%s@example.com","realname":"R","password":%q,"sysadmin_flag":true}`, name, name, password)
	}
	s.want(http.StatusUnauthorized, "", "POST", "/users", person("alice"))
	s.set(`{"self_registration":true}`)
	at := s.want(http.StatusCreated, "", "POST", "/users", person("alice")).header.Get("Location")
	if body := s.want(http.StatusOK, "alice", "GET", at, "").body; !strings.Contains(body, `"sysadmin_flag":false`) {
		t.Error(body)
	}
	s.want(http.StatusForbidden, "alice", "POST", "/users", person("bob"))
	s.want(http.StatusConflict, "", "POST", "/users", person("alice"))
	s.want(http.StatusBadRequest, "", "POST", "/users", `{"username":"c","realname":"R","password":"short"}`)
	last := 0
	for i := 0; i < 30 && last != http.StatusTooManyRequests; i++ {
		r := s.call("", "POST", "/users", `{"username":"c","realname":"R","password":"short"}`)
		if last = r.status; last == http.StatusTooManyRequests && r.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if last != http.StatusTooManyRequests {
		t.Error("an address may register without end")
	}
}

func TestTheCertificateToTrustIsOfferedWhenThereIsOne(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusNotFound, "", "GET", "/systeminfo/getcert", "")
	if body := s.want(http.StatusOK, "admin", "GET", "/systeminfo", "").body; !strings.Contains(body, `"has_ca_root":false`) {
		t.Error(body)
	}
	if err := os.WriteFile(s.caCert, []byte("-----BEGIN CERTIFICATE-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.want(http.StatusOK, "", "GET", "/systeminfo/getcert", "")
	if r.body != "-----BEGIN CERTIFICATE-----\n" || r.header.Get("Content-Type") != "application/octet-stream" || !strings.Contains(r.header.Get("Content-Disposition"), "ca.crt") {
		t.Error(r.header, r.body)
	}
	if body := s.want(http.StatusOK, "admin", "GET", "/systeminfo", "").body; !strings.Contains(body, `"has_ca_root":true`) {
		t.Error(body)
	}
	if body := s.want(http.StatusOK, "admin", "GET", "/systeminfo/volumes", "").body; body != `{"storage":[{"total":1000,"free":400}]}`+"\n" {
		t.Error(body)
	}
}
