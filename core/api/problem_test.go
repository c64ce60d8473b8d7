package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestProblemBodiesAreHarbors(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		message            string
	}{
		"unknown path":   {"GET", "/api/nosuch", "", nil, 404, "path /api/nosuch was not found"},
		"wrong method":   {"PATCH", "/projects", "", nil, 405, "method PATCH is not allowed, but [GET,POST,HEAD] are"},
		"malformed JSON": {"POST", "/projects", "{bad", nil, 422, "validation failure list:\nparsing project body from \"\" failed, because invalid character 'b' looking for beginning of object key string"},
		"no body":        {"POST", "/projects", "", nil, 422, "validation failure list:\nrequest body is required"},
		"NUL in a text":  {"POST", "/projects", `{"project_name":"a\u0000"}`, nil, 422, `validation failure list:` + "\n" + `parsing project body from "" failed, because it holds the character \u0000`},
		"too large":      {"POST", "/projects", `{"project_name":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "the request body is too large, at most 1 MiB is accepted"},
		"another type":   {"POST", "/projects", "a=b", []string{"Content-Type", form}, 422, "validation failure list:\nunsupported media type \"application/x-www-form-urlencoded\", only [application/json] are allowed"},
		"not acceptable": {"GET", "/projects", "", []string{"Accept", "text/plain"}, 422, "validation failure list:\nunsupported media type requested, only [application/json] are available"},
		"page too large": {"GET", "/projects?page_size=1000", "", nil, 422, "validation failure list:\npage_size in query should be less than or equal to 100"},
		"negative page":  {"GET", "/projects?page=-1", "", nil, 422, "validation failure list:\npage in query should be greater than or equal to 1"},
		"page is a word": {"GET", "/projects?page=x", "", nil, 422, "validation failure list:\npage in query must be of type int64: \"x\""},
		"bad q":          {"GET", "/projects?q=bad", "", nil, 400, `the query string must contain "=" and the key/value cannot be empty`},
		"not built":      {"GET", "/scanners", "", nil, 501, "listScanners (GET /api/v2.0/scanners) is part of the contract but is not there yet; docs/compatibility.md lists what is"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.call("admin", c.method, c.path, c.body, c.headers...)
			if r.status != c.status || r.message(t) != c.message {
				t.Errorf("status %d %q, want %d %q", r.status, r.message(t), c.status, c.message)
			}
			if ct := r.header.Get("Content-Type"); ct != "application/json; charset=utf-8" {
				t.Error(ct)
			}
			if r.header.Get("X-Request-Id") == "" || !strings.HasSuffix(r.body, "}\n") {
				t.Errorf("%v %q", r.header, r.body)
			}
		})
	}
}

func TestProblemOfTheServerIsLoggedOnceAndToldToNobody(t *testing.T) {
	s := newSite(t)
	s.broken.Store(true)
	r := s.want(http.StatusInternalServerError, "", "GET", "/health", "", "X-Request-Id", "find-me")
	if r.message(t) != "internal server error" || !strings.Contains(r.body, "UNKNOWN") {
		t.Fatal(r.body)
	}
	if text := s.log.String(); strings.Count(text, "find-me") != 1 || !strings.Contains(text, "the health check is broken") {
		t.Fatal(text)
	}
	s.want(http.StatusOK, "", "GET", "/ping", "")
	if _, err := s.db.Pool.Exec(t.Context(), "ALTER TABLE project RENAME TO gone"); err != nil {
		t.Fatal(err)
	}
	r = s.want(http.StatusInternalServerError, "", "GET", "/projects", "", "X-Request-Id", "find-me-too")
	if r.message(t) != "internal server error" || strings.Count(s.log.String(), "find-me-too") != 1 {
		t.Fatal(r.body, s.log.String())
	}
}

func TestADatabaseThatGoesAwayIsAReasonToTryAgain(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"a"}`)
	for _, sql := range []string{
		"CREATE FUNCTION away() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'terminating connection due to administrator command' USING ERRCODE = '57P01'; END $$",
		"ALTER TABLE project RENAME TO gone",
		"CREATE VIEW project AS SELECT * FROM gone WHERE away()",
	} {
		if _, err := s.db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	r := s.want(http.StatusServiceUnavailable, "admin", "GET", "/projects", "", "X-Request-Id", "find-me")
	if r.header.Get("Retry-After") != "5" || !strings.Contains(r.message(t), "try again") || strings.Contains(r.body, "administrator command") {
		t.Error(r.header, r.body)
	}
	if strings.Count(s.log.String(), "find-me") != 1 {
		t.Error(s.log.String())
	}
}

func TestReadOnlyRefusesChangesAndNothingElse(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusOK, "admin", "PUT", "/configurations", `{"read_only":true}`)
	r := s.want(http.StatusForbidden, "admin", "POST", "/projects", `{"project_name":"a"}`)
	if !strings.Contains(r.body, `"DENIED"`) || r.message(t) != "The system is in read only mode. Any modification is prohibited." {
		t.Fatal(r.body)
	}
	s.want(http.StatusOK, "admin", "GET", "/projects", "")
	if b := newBrowser(s); b.signIn("admin", password).status != http.StatusOK {
		t.Fatal("people must be able to sign in")
	}
	s.want(http.StatusOK, "admin", "PUT", "/configurations", `{"read_only":false}`)
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"a"}`)
}

func TestRequestIDIsTheCallersIfItIsHarmless(t *testing.T) {
	s := newSite(t)
	for given, kept := range map[string]bool{"my-id-1": true, strings.Repeat("a", 128): true, strings.Repeat("a", 129): false, "a b": false, "ä": false} {
		got := s.want(http.StatusOK, "", "GET", "/ping", "", "X-Request-Id", given).header.Get("X-Request-Id")
		if (got == given) != kept || got == "" {
			t.Errorf("%.20q: got %q", given, got)
		}
	}
	if got := s.want(http.StatusOK, "", "GET", "/ping", "").header.Get("X-Request-Id"); len(got) != 36 {
		t.Error(got)
	}
}
