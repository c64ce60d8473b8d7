package token_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/token"
)

func scope(scopes ...string) string {
	return url.Values{"service": {"harbor-registry"}, "scope": scopes}.Encode()
}

func TestTheAnswerHasHarborsShape(t *testing.T) {
	f := start(t)
	w := f.get(t, client{name: "admin", password: "Admin12345"}, scope("repository:p/app:pull"))
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
	if body["access_token"] != "" || body["expires_in"] != 1800.0 || body["issued_at"] != "2026-11-21T06:00:00Z" || len(body) != 4 {
		t.Errorf("body %v", body)
	}
	header, claims := decode(t, body["token"].(string))
	if header["alg"] != "ES256" || header["typ"] != "JWT" || header["kid"] == "" {
		t.Errorf("header %v", header)
	}
	issued := float64(f.clock.Read().Unix())
	for name, want := range map[string]any{"iss": "harbor-token-issuer", "sub": "admin", "aud": "harbor-registry", "iat": issued, "nbf": issued, "exp": issued + 1800} {
		if claims[name] != want {
			t.Errorf("claim %s is %v, want %v", name, claims[name], want)
		}
	}
	if id, _ := claims["jti"].(string); len(id) != 16 {
		t.Errorf("jti %q", id)
	}
	if _, has := claims["sysadmin"]; has {
		t.Error("a token says who is an administrator")
	}
	// access is null without a scope, and actions are never null.
	for query, want := range map[string]string{"service=harbor-registry": "null", scope("bad"): `[{"actions":[],"name":"","type":"bad"}]`, scope("repository:nosuch/a:push,pull"): `[{"actions":[],"name":"nosuch/a","type":"repository"}]`} {
		w := f.get(t, client{name: "admin", password: "Admin12345"}, query)
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		_, claims := decode(t, body["token"].(string))
		if got, err := json.Marshal(claims["access"]); err != nil || string(got) != want {
			t.Errorf("%s: access is %s", query, got)
		}
	}
}

func TestATokenCarriesWhatWasAskedForAndIsAllowed(t *testing.T) {
	f := start(t)
	private := f.project(t, "private", false)
	f.project(t, "public", true)
	guest := f.person(t, "guest")
	f.member(t, private, guest, rbac.Guest)
	session, err := f.authn.Login(t.Context(), "guest", right, auth.Source{})
	if err != nil {
		t.Fatal(err)
	}
	root, known := client{name: "admin", password: "Admin12345"}, client{name: "guest", password: right}
	repo := func(name string, actions ...string) token.Access {
		return token.Access{Type: "repository", Name: name, Actions: actions}
	}
	for name, c := range map[string]struct {
		client client
		scopes []string
		want   []token.Access
	}{
		"less than allowed":         {root, []string{"repository:private/app:pull"}, []token.Access{repo("private/app", "pull")}},
		"more than allowed":         {known, []string{"repository:private/app:push,pull,delete"}, []token.Access{repo("private/app", "pull")}},
		"only what is not allowed":  {known, []string{"repository:private/app:push"}, []token.Access{repo("private/app")}},
		"all":                       {root, []string{"repository:private/app:*"}, []token.Access{repo("private/app", "pull", "push", "delete")}},
		"two scopes":                {known, []string{"repository:private/a:pull", "repository:public/b/c:pull"}, []token.Access{repo("private/a", "pull"), repo("public/b/c", "pull")}},
		"two in one parameter":      {known, []string{"repository:private/a:pull repository:public/b:pull"}, []token.Access{repo("private/a", "pull"), repo("public/b", "pull")}},
		"one resource twice":        {root, []string{"repository:private/a:push", "repository:private/a:pull"}, []token.Access{repo("private/a", "pull", "push")}},
		"a session":                 {client{cookie: session.Cookie}, []string{"repository:private/a:pull"}, []token.Access{repo("private/a", "pull")}},
		"a session that is none":    {client{cookie: "nosuch"}, []string{"repository:private/a:pull"}, []token.Access{repo("private/a")}},
		"nobody, public":            {client{}, []string{"repository:public/app:pull,push"}, []token.Access{repo("public/app", "pull")}},
		"nobody, private":           {client{}, []string{"repository:private/app:pull"}, []token.Access{repo("private/app")}},
		"no project":                {root, []string{"repository:nosuch/app:push,pull"}, []token.Access{repo("nosuch/app")}},
		"no repository":             {root, []string{"repository:private:pull", "repository:private/:pull"}, []token.Access{repo("private"), repo("private/")}},
		"an unknown action":         {root, []string{"repository:private/app:fly"}, []token.Access{repo("private/app")}},
		"an unknown type":           {root, []string{"helm:private/app:pull"}, []token.Access{{Type: "helm", Name: "private/app", Actions: []string{}}}},
		"the catalogue":             {root, []string{"registry:catalog:*"}, []token.Access{{Type: "registry", Name: "catalog", Actions: []string{"*"}}}},
		"the catalogue, not admin":  {known, []string{"registry:catalog:*"}, []token.Access{{Type: "registry", Name: "catalog", Actions: []string{}}}},
		"the catalogue, no actions": {root, []string{"registry:catalog:"}, []token.Access{{Type: "registry", Name: "catalog", Actions: []string{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := f.granted(t, f.get(t, c.client, scope(c.scopes...))); !sameAccess(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestManyProjectsAreOneQuery(t *testing.T) {
	f := start(t)
	who := f.person(t, "alice")
	var asked []token.Access
	for _, name := range []string{"a", "b", "c", "d"} {
		f.member(t, f.project(t, name, false), who, rbac.Developer)
		asked = append(asked, token.Access{Type: "repository", Name: name + "/x", Actions: []string{"push"}})
	}
	queries := storetest.Count(t, f.db)
	raw, _, err := f.Issue(t.Context(), who, asked)
	if err != nil || queries.Queries() != 1 {
		t.Fatalf("%v, %q", err, queries.Statements())
	}
	queries.Reset()
	claims, err := f.Verify(raw)
	if err != nil || queries.Queries() != 0 || !claims.Allows("d/x", "push") || claims.Allows("d/x", "pull") {
		t.Errorf("%+v, %v, %q", claims, err, queries.Statements())
	}
}

func TestWhoIsNotLetInIsToldWhy(t *testing.T) {
	f := start(t)
	f.person(t, "alice")
	for name, c := range map[string]struct {
		client client
		query  string
		status int
		body   string
	}{
		"nobody without a scope": {client{}, "service=harbor-registry", 401, `"code":"UNAUTHORIZED","message":"sign in, or ask for a scope`},
		"a wrong password":       {client{name: "alice", password: "bad"}, scope("repository:p/a:pull"), 401, `{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}`},
		"an unknown name":        {client{name: "nosuch", password: "bad"}, scope("repository:p/a:pull"), 401, `{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}`},
		"another service":        {client{}, "service=nosuch&scope=repository:a/b:pull", 400, "Unable to handle service: nosuch"},
		"no service":             {client{}, "", 400, "Unable to handle service: "},
		"a broken query":         {client{}, "service=harbor-registry&scope=%zz", 400, `"code":"BAD_REQUEST"`},
		"a semicolon":            {client{}, "service=harbor-registry;x", 400, `"code":"BAD_REQUEST"`},
		"too many scopes":        {client{}, scope(strings.Repeat("repository:p/a:pull ", 101)), 400, `at most 100 scopes`},
		"a long name":            {client{}, scope("repository:p/" + strings.Repeat("a", 600) + ":pull"), 400, `must not be longer than 512 bytes`},
		"a long query":           {client{}, strings.Repeat("a", 70_000), 400, `ask for fewer scopes`},
		"bad UTF-8":              {client{}, scope("repository:\xff/a:pull"), 400, `UTF-8`},
	} {
		t.Run(name, func(t *testing.T) {
			w := f.get(t, c.client, c.query)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			if asks := w.Header().Get("WWW-Authenticate"); (asks == `Basic realm="harbor"`) != (w.Code == 401) {
				t.Errorf("WWW-Authenticate: %q", asks)
			}
		})
	}
	if w := f.get(t, client{}, "service=nosuch"); w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || w.Body.String() != "Unable to handle service: nosuch" {
		t.Errorf("got %q, %q", w.Header(), w.Body)
	}
}

func TestOnlyGetIsAnswered(t *testing.T) {
	f := start(t)
	for _, method := range []string{http.MethodPost, http.MethodHead, http.MethodPut, http.MethodDelete} {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/service/token?"+scope("repository:p/a:pull"), strings.NewReader("grant_type=password")))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" || !strings.Contains(w.Body.String(), "METHOD_NOT_ALLOWED") {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
	}
}

func TestAForeignAuthorizationIsRefused(t *testing.T) {
	f := start(t)
	for value, want := range map[string]int{"Bearer abc": 401, "Basic !!!": 401, "Basic": 401, "Basic Og==": 200, "Basic YWRtaW46QWRtaW4xMjM0NQ==": 200} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/service/token?"+scope("repository:p/a:pull"), nil)
		r.Header.Set("Authorization", value)
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d %s", value, w.Code, w.Body)
		}
	}
}

func TestADockerLoginIsWrittenDown(t *testing.T) {
	f := start(t)
	f.person(t, "alice")
	login := "account=alice&client_id=docker&offline_token=true&service=harbor-registry"
	if w := f.get(t, client{name: "alice", password: right}, login); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := f.get(t, client{name: "alice", password: "bad"}, login); w.Code != http.StatusUnauthorized {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := f.get(t, client{name: "alice", password: right}, scope("repository:p/a:pull")); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body) // a pull is no sign-in
	}
	got := f.audited(t)
	if len(got) != 2 || got[0] != "login user: alice refused, wrong user name or password" || got[1] != "login user: alice" {
		t.Errorf("audited %q", got)
	}
	for range 5 {
		f.get(t, client{name: "alice", password: "bad"}, login)
	}
	w := f.get(t, client{name: "alice", password: "Passw0rd9"}, login)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "too many failed sign-ins") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestAChallengeNamesThisServer(t *testing.T) {
	f := start(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://registry.example.com/v2/", nil)
	if got := f.Challenge(r); got != `Bearer realm="https://registry.example.com/service/token",service="harbor-registry"` {
		t.Error(got)
	}
	got := f.Challenge(r, "repository:p/a:pull,push", "repository:b/\"c\r\nX:pull")
	if want := `,scope="repository:p/a:pull,push repository:b/cX:pull"`; !strings.HasSuffix(got, want) {
		t.Error(got)
	}
}
