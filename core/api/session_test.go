package api_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// browser keeps cookies and the token as Harbor's portal does.
type browser struct {
	*site
	cookies map[string]string
	token   string
	origin  string
}

func (b *browser) do(method, path, contentType, body string, withToken bool) (response, []*http.Cookie) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for k, v := range b.cookies {
		req.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if withToken {
		req.Header.Set("X-Harbor-CSRF-Token", b.token)
	}
	if b.origin != "" {
		req.Header.Set("Origin", b.origin)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if token := res.Header.Get("X-Harbor-Csrf-Token"); token != "" {
		b.token = token
	}
	return response{res.StatusCode, res.Header, string(raw)}, res.Cookies()
}

func newBrowser(s *site) *browser { return &browser{site: s, cookies: map[string]string{}} }

const form = "application/x-www-form-urlencoded"

func credentials(name, password string) string {
	return url.Values{"principal": {name}, "password": {password}}.Encode()
}

// signIn is how Harbor's portal signs in.
func (b *browser) signIn(name, password string) response {
	b.t.Helper()
	b.do("GET", "/api/v2.0/systeminfo", "", "", false)
	r, _ := b.do("POST", "/c/login", form, credentials(name, password), true)
	return r
}

func TestSessionOfABrowserFromSignInToSignOut(t *testing.T) {
	s := newSite(t)
	b := newBrowser(s)
	r, cookies := b.do("GET", "/api/v2.0/systeminfo", "", "", false)
	if r.status != http.StatusOK || b.token == "" || len(cookies) != 1 {
		t.Fatalf("%d, token %q, cookies %v", r.status, b.token, cookies)
	}
	if c := cookies[0]; c.Name != "_gorilla_csrf" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge != 12*60*60 || c.Path != "/" {
		t.Fatalf("%+v", c)
	}
	r, cookies = b.do("POST", "/c/login", form, credentials("admin", password), true)
	if r.status != http.StatusOK || r.body != "" || len(cookies) != 1 {
		t.Fatalf("%d %q %v", r.status, r.body, cookies)
	}
	if c := cookies[0]; c.Name != "sid" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure {
		t.Fatalf("%+v", c)
	}
	if r, _ = b.do("GET", "/api/v2.0/users/current", "", "", false); r.status != http.StatusOK || !strings.Contains(r.body, `"username":"admin"`) {
		t.Fatal(r.body)
	}
	if r, _ = b.do("POST", "/api/v2.0/projects", "application/json", `{"project_name":"a"}`, true); r.status != http.StatusCreated {
		t.Fatal(r.body)
	}
	if r, cookies = b.do("GET", "/c/log_out", "", "", false); r.status != http.StatusOK || len(cookies) != 1 || cookies[0].MaxAge >= 0 {
		t.Fatalf("%d %v", r.status, cookies)
	}
	if r, _ = b.do("GET", "/api/v2.0/users/current", "", "", false); r.status != http.StatusUnauthorized {
		t.Fatal(r.status)
	}
}

func TestSessionsCookieAloneChangesNothing(t *testing.T) {
	s := newSite(t)
	b := newBrowser(s)
	b.signIn("admin", password)
	r, _ := b.do("POST", "/api/v2.0/projects", "application/json", `{"project_name":"a"}`, false)
	if r.status != http.StatusForbidden || r.message(t) != "CSRF token not found in request" || r.header.Get("X-Harbor-Csrf-Token") == "" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	b.token = strings.Repeat("A", len(b.token))
	if r, _ = b.do("POST", "/api/v2.0/projects", "application/json", `{"project_name":"a"}`, true); r.status != http.StatusForbidden {
		t.Fatalf("%d %s", r.status, r.body)
	}
	for origin, want := range map[string]int{"http://evil.example": 403, "null": 403, s.url: 201} {
		b.origin = origin
		if r, _ = b.do("POST", "/api/v2.0/projects", "application/json", `{"project_name":"a"}`, true); r.status != want {
			t.Errorf("from %s: status %d, want %d: %s", origin, r.status, want, r.body)
		}
	}
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"b"}`) // without a cookie no token is needed
}

func TestSessionNeedsTheTokenAndThePassword(t *testing.T) {
	s := newSite(t)
	b := newBrowser(s)
	r, _ := b.do("POST", "/c/login", form, credentials("admin", password), false)
	if r.status != http.StatusForbidden || r.message(t) != "CSRF token not found in request" || b.token == "" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	r, cookies := b.do("POST", "/c/login", form, credentials("admin", "bad"), true)
	if r.status != http.StatusUnauthorized || r.body != "" || len(cookies) != 0 {
		t.Fatalf("%d %q %v", r.status, r.body, cookies)
	}
	if r, _ = b.do("POST", "/c/login", form, credentials("admin", password), true); r.status != http.StatusOK {
		t.Fatal(r.status)
	}
}

func TestSessionGoesOnAfterOnesOwnPasswordChange(t *testing.T) {
	s := newSite(t)
	u := s.user("alice")
	here, elsewhere := newBrowser(s), newBrowser(s)
	here.signIn("alice", password)
	elsewhere.signIn("alice", password)
	path := located("/api/v2.0/users/%d/password", u.ID)
	if r, _ := here.do("PUT", path, "application/json", `{"old_password":"Passw0rd1","new_password":"Passw0rd2"}`, true); r.status != http.StatusOK {
		t.Fatal(r.body)
	}
	if r, _ := here.do("GET", "/api/v2.0/users/current", "", "", false); r.status != http.StatusOK {
		t.Fatalf("here: %d", r.status)
	}
	if r, _ := elsewhere.do("GET", "/api/v2.0/users/current", "", "", false); r.status != http.StatusUnauthorized {
		t.Fatalf("elsewhere: %d", r.status)
	}
}

func TestSessionGuessingIsSlowedDown(t *testing.T) {
	s := newSite(t)
	b := newBrowser(s)
	for range 8 {
		if r := b.signIn("nobody", "bad"); r.status == http.StatusTooManyRequests {
			if r.header.Get("Retry-After") == "" || r.message(t) == "" {
				t.Fatalf("%v %s", r.header, r.body)
			}
			return
		}
	}
	t.Fatal("eight wrong passwords and no delay")
}

func TestUserExistsIsForAdministrators(t *testing.T) {
	s := newSite(t)
	b := newBrowser(s)
	b.do("GET", "/api/v2.0/systeminfo", "", "", false)
	r, _ := b.do("POST", "/c/userExists", form, "target=username&value=admin", true)
	if r.status != http.StatusPreconditionFailed || r.body != "self registration deactivated, only sysadmin can check user existence" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	b.signIn("admin", password)
	for body, want := range map[string]string{"target=username&value=admin": "true", "target=username&value=nobody": "false", "target=email&value=x@example.com": "false"} {
		if r, _ = b.do("POST", "/c/userExists", form, body, true); r.status != http.StatusOK || r.body != want {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
	if r, _ = b.do("POST", "/c/userExists", form, "target=shoe&value=1", true); r.status != http.StatusBadRequest {
		t.Fatal(r.status)
	}
}
