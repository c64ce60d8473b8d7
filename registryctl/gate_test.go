package registryctl_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// token asks the token service, as docker does.
func (s *server) token(user string, scopes ...string) string {
	s.t.Helper()
	q := url.Values{"service": {"harbor-registry"}, "scope": scopes}
	c := s.as(user)
	a := c.want(c.do(http.MethodGet, "/service/token?"+q.Encode(), nil), http.StatusOK, "")
	var body struct{ Token string }
	if err := json.Unmarshal(a.body, &body); err != nil || body.Token == "" {
		s.t.Fatalf("token: %s, %v", a.body, err)
	}
	return body.Token
}

func TestWithoutCredentialsTheClientIsSentForAToken(t *testing.T) {
	s := newServer(t)
	s.project("library", true)
	c := s.as("")
	bearer := func(scope string) string {
		challenge := `Bearer realm="http://` + s.host() + `/service/token",service="harbor-registry"`
		if scope != "" {
			challenge += `,scope="` + scope + `"`
		}
		return challenge
	}
	for _, e := range []struct{ method, path, scope string }{
		{"GET", "/v2/", ""},
		{"GET", "/v2/library/app/manifests/v1", "repository:library/app:pull"}, // though it is public
		{"HEAD", "/v2/library/app/manifests/v1", "repository:library/app:pull"},
		{"GET", "/v2/library/app/tags/list", "repository:library/app:pull"},
		{"POST", "/v2/library/app/blobs/uploads/", "repository:library/app:pull,push"},
		{"POST", "/v2/library/app/blobs/uploads/?mount=sha256:1&from=a/b", "repository:library/app:pull,push repository:a/b:pull"},
		{"PUT", "/v2/library/app/manifests/v1", "repository:library/app:pull,push"},
		{"DELETE", "/v2/library/app/manifests/v1", "repository:library/app:pull,delete"},
	} {
		a := c.do(e.method, e.path, nil)
		if a.status != http.StatusUnauthorized || a.header.Get("Www-Authenticate") != bearer(e.scope) {
			t.Errorf("%s %s: %d, %q", e.method, e.path, a.status, a.header.Get("Www-Authenticate"))
		}
		if e.method != "HEAD" && a.code() != "UNAUTHORIZED" {
			t.Errorf("%s %s: %s", e.method, e.path, a.body)
		}
	}
	c.auth = "Bearer " + s.token("", "repository:library/app:pull")
	c.want(c.do(http.MethodGet, "/v2/library/app/tags/list", nil), http.StatusNotFound, "NAME_UNKNOWN")
	c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/", nil), http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestThePingAnswersWhoIsKnown(t *testing.T) {
	s := newServer(t)
	c := s.as("admin")
	a := c.want(c.do(http.MethodGet, "/v2/", nil), http.StatusOK, "")
	if strings.TrimSpace(string(a.body)) != "{}" {
		t.Errorf("got %s", a.body)
	}
	c.auth = "Bearer " + s.token("admin")
	c.want(c.do(http.MethodGet, "/v2/", nil), http.StatusOK, "")
	for _, header := range []string{"Basic " + "YWRtaW46bm9wZQ==", "Basic nonsense", "Bearer abc.def.ghi", "Bearer "} {
		c.auth = header
		a := c.want(c.do(http.MethodGet, "/v2/", nil), http.StatusUnauthorized, "UNAUTHORIZED")
		if got := a.header.Get("Www-Authenticate"); got != `Basic realm="harbor"` {
			t.Errorf("%s: WWW-Authenticate is %q", header, got)
		}
	}
	c.auth = "Digest nonsense"
	c.want(c.do(http.MethodGet, "/v2/", nil), http.StatusUnauthorized, "UNAUTHORIZED")
}

// Every role, with password and with token, against pull, push and delete.
func TestRolesDecideOverPullPushAndDelete(t *testing.T) {
	s := newServer(t)
	private, public := s.project("private", false), s.project("public", true)
	for _, p := range []string{"private", "public"} {
		s.as("admin").push(p+"/app", "v1", "one")
	}
	roles := map[string]rbac.Role{"stranger": 0}
	for _, r := range rbac.Roles() {
		roles[strings.ToLower(r.String())] = r
	}
	policy := rbac.NewPolicy()
	for name, role := range roles {
		s.member(name, private, role)
		if role != 0 {
			u, err := s.users.FindByName(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			s.grant(u.ID, public, role)
		}
		for project, isPublic := range map[string]bool{"private": false, "public": true} {
			for action, request := range map[rbac.Action][2]string{
				rbac.Pull:   {"GET", "/manifests/v1"},
				rbac.Push:   {"POST", "/blobs/uploads/"},
				rbac.Delete: {"DELETE", "/manifests/none"},
			} {
				var held []rbac.Role
				if role != 0 {
					held = []rbac.Role{role}
				}
				want := policy.Allowed(rbac.Subject{Kind: rbac.Human, Name: name}, rbac.Standing{Roles: held, Public: isPublic}, rbac.On(rbac.Repository, action))
				withToken := s.as("")
				withToken.auth = "Bearer " + s.token(name, "repository:"+project+"/app:"+string(action))
				for how, c := range map[string]client{"password": s.as(name), "token": withToken} {
					a := c.do(request[0], "/v2/"+project+"/app"+request[1], nil)
					if got := a.status != http.StatusUnauthorized; got != want {
						t.Errorf("%s, %s %s with %s: %d, allowed should be %v: %s", name, action, project, how, a.status, want, a.body)
					}
				}
			}
		}
	}
}

func TestARefusalSaysWhyAndWhoCanHelp(t *testing.T) {
	s := newServer(t)
	p := s.project("private", false)
	s.project("public", true)
	s.member("guest", p, rbac.Guest)
	s.member("stranger", p, 0)
	const start = "unauthorized to access repository: "
	message := func(user, repository string, method, path string) string {
		t.Helper()
		scope := "repository:" + repository + ":pull,push"
		withToken := s.as("")
		withToken.auth = "Bearer " + s.token(user, scope)
		_, byToken := withToken.want(withToken.do(method, path, nil), http.StatusUnauthorized, "UNAUTHORIZED").errors()
		if user == "" {
			return byToken
		}
		_, byPassword := s.as(user).want(s.as(user).do(method, path, nil), http.StatusUnauthorized, "UNAUTHORIZED").errors()
		if byToken != byPassword && user != "admin" {
			t.Errorf("with a token %q, with a password %q", byToken, byPassword)
		}
		return byPassword
	}
	push := func(user, repository string) string {
		return message(user, repository, http.MethodPost, "/v2/"+repository+"/blobs/uploads/")
	}
	for got, want := range map[string][]string{
		push("guest", "private/app"):    {start + "private/app, action: push: ", "you are guest in project private", "projectAdmin, maintainer or developer", "ask an administrator of the project"},
		push("stranger", "public/app"):  {start + "public/app, action: push: ", "public for pulling only"},
		push("stranger", "nowhere/app"): {start + "nowhere/app, action: push: ", "project nowhere does not exist", "create it at http://" + s.host() + "/projects"},
		push("admin", "nowhere/app"):    {"project nowhere does not exist; create it at http://" + s.host() + "/projects"},
		push("", "public/app"):          {"log in with docker login " + s.host()},
	} {
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%q lacks %q", got, part)
			}
		}
	}
	missing := strings.ReplaceAll(push("stranger", "nowhere/app"), "nowhere", "private")
	if there := push("stranger", "private/app"); there != missing {
		t.Errorf("a stranger can tell a private project from none: %q, %q", there, missing)
	}
}

func TestAnExpiredTokenIsReplacedNotRefused(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("")
	c.auth = "Bearer eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjEwMDB9.c2ln" // exp: 1000
	a := c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil), http.StatusUnauthorized, "UNAUTHORIZED")
	if got := a.header.Get("Www-Authenticate"); !strings.HasPrefix(got, "Bearer realm=") || !strings.HasSuffix(got, `error="invalid_token"`) {
		t.Errorf("WWW-Authenticate is %q", got)
	}
}

func TestABlobIsMountedOnlyFromWhereTheCallerMayPull(t *testing.T) {
	s := newServer(t)
	one, two := s.project("one", false), s.project("two", false)
	s.member("both", one, rbac.Guest)
	s.member("onlytwo", two, rbac.Developer)
	u, err := s.users.FindByName(t.Context(), "both")
	if err != nil {
		t.Fatal(err)
	}
	s.grant(u.ID, two, rbac.Developer)
	d := s.as("admin").blob("one/app", []byte("shared")).String()

	mount := func(c client, to, from string) answer {
		q := url.Values{"mount": {d}}
		if from != "" {
			q.Set("from", from)
		}
		return c.do(http.MethodPost, "/v2/"+to+"/blobs/uploads/?"+q.Encode(), nil)
	}
	for i, c := range []client{s.as("onlytwo"), s.withToken("onlytwo", "repository:two/app:pull,push", "repository:one/app:pull")} {
		for _, from := range []string{"one/app", "", "one/none", "not a name"} {
			if a := mount(c, "two/app", from); a.status != http.StatusAccepted || a.location() == "" {
				t.Errorf("%d: from %q: %d %s", i, from, a.status, a.body)
			}
		}
		c.want(c.do(http.MethodHead, "/v2/two/app/blobs/"+d, nil), http.StatusNotFound, "")
	}
	for i, c := range []client{
		s.as("both"), s.as("admin"),
		s.withToken("both", "repository:two/app:pull,push", "repository:one/app:pull"),
		s.withToken("both", "repository:two/app:pull,push"),
		s.withToken("admin", "repository:two/app:pull,push", "repository:one/app:pull"),
	} {
		for _, from := range []string{"one/app", ""} {
			to := "two/app" + string(rune('a'+i))
			if c.auth != "" {
				to = "two/app"
			}
			a := c.want(mount(c, to, from), http.StatusCreated, "")
			if a.header.Get("Docker-Content-Digest") != d || a.location() != "/v2/"+to+"/blobs/"+d {
				t.Errorf("%d: %v", i, a.header)
			}
		}
	}
	c := s.as("admin")
	c.want(c.do(http.MethodPost, "/v2/two/app/blobs/uploads/?mount=md5:x", nil), http.StatusBadRequest, "DIGEST_INVALID")
	c.want(c.do(http.MethodPost, "/v2/two/app/blobs/uploads/?from=one/app&mount="+digest.FromString("none").String(), nil), http.StatusAccepted, "")
}

func (s *server) withToken(user string, scopes ...string) client {
	c := s.as("")
	c.auth = "Bearer " + s.token(user, scopes...)
	return c
}
