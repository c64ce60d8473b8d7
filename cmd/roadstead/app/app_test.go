package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const imageManifest = "application/vnd.oci.image.manifest.v1+json"

// blob pushes content in one POST and returns its descriptor as JSON.
func blob(t testing.TB, s *apptest.Server, user, repository, content, mediaType string) string {
	t.Helper()
	d := digest.FromString(content)
	s.Must(http.StatusCreated, user, http.MethodPost, "/v2/"+repository+"/blobs/uploads/?digest="+d.String(), []byte(content))
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, d, len(content))
}

func manifest(t testing.TB, s *apptest.Server, user, repository, seed string) string {
	t.Helper()
	config := blob(t, s, user, repository, `{"os":"linux","architecture":"amd64"}`, "application/vnd.oci.image.config.v1+json")
	layer := blob(t, s, user, repository, seed, "application/vnd.oci.image.layer.v1.tar")
	return fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`, imageManifest, config, layer)
}

func put(s *apptest.Server, user, repository, ref, text string, header ...string) apptest.Response {
	return s.Do(user, http.MethodPut, "/v2/"+repository+"/manifests/"+ref, []byte(text), append([]string{"Content-Type", imageManifest}, header...)...)
}

// TestEveryRoleAgainstPullPushAndDelete drives the registry as each role, with a
// password and with a token of the token service, and compares with the
// permission table.
func TestEveryRoleAgainstPullPushAndDelete(t *testing.T) {
	s := apptest.Start(t)
	policy := rbac.NewPolicy()
	who := map[string][]rbac.Role{"": nil, "stranger": nil, "admin": {rbac.ProjectAdmin}}
	s.User("stranger")
	for _, project := range []string{"closed", "open"} {
		s.Project(project, project == "open")
	}
	for _, role := range rbac.Roles() {
		name := strings.ToLower(role.String())
		who[name] = []rbac.Role{role}
		s.User(name)
		s.Member("closed", name, int(role))
		s.Member("open", name, int(role))
	}
	for _, project := range []string{"closed", "open"} {
		text := manifest(t, s, "admin", project+"/app", "layer")
		for user, roles := range who {
			subject := rbac.Subject{Kind: rbac.Human, Name: user}
			allowed := func(resource rbac.Resource, action rbac.Action) bool {
				return policy.Allowed(subject, rbac.Standing{Roles: roles, Public: project == "open"}, rbac.On(resource, action))
			}
			t.Run(fmt.Sprintf("%s in %s", user, project), func(t *testing.T) {
				ref := "by-" + user
				if r := put(s, "admin", project+"/app", ref, text); r.StatusCode != http.StatusCreated {
					t.Fatalf("the administrator's push: %d %s", r.StatusCode, r.Text)
				}
				bearer := []string{"Authorization", "Bearer " + registryToken(t, s, user, project+"/app")}
				for name, credential := range map[string][]string{"password": nil, "token": bearer} {
					if name == "password" && user == "" {
						continue // nobody has a token only
					}
					as := user
					if name == "token" {
						as = ""
					}
					check(t, name+" pull", allowed(rbac.Repository, rbac.Pull),
						s.Do(as, http.MethodGet, "/v2/"+project+"/app/manifests/"+ref, nil, credential...), http.StatusOK)
					check(t, name+" blob pull", allowed(rbac.Repository, rbac.Pull),
						s.Do(as, http.MethodHead, "/v2/"+project+"/app/blobs/"+digest.FromString("layer").String(), nil, credential...), http.StatusOK)
					check(t, name+" tags", allowed(rbac.Repository, rbac.Pull),
						s.Do(as, http.MethodGet, "/v2/"+project+"/app/tags/list", nil, credential...), http.StatusOK)
					check(t, name+" upload", allowed(rbac.Repository, rbac.Push),
						s.Do(as, http.MethodPost, "/v2/"+project+"/app/blobs/uploads/", nil, credential...), http.StatusAccepted)
					check(t, name+" push", allowed(rbac.Repository, rbac.Push),
						put(s, as, project+"/app", "pushed-"+user+name, text, credential...), http.StatusCreated)
					check(t, name+" delete", allowed(rbac.Repository, rbac.Delete),
						s.Do(as, http.MethodDelete, "/v2/"+project+"/app/manifests/"+ref, nil, credential...), http.StatusAccepted)
					if r := put(s, "admin", project+"/app", ref, text); r.StatusCode != http.StatusCreated {
						t.Fatalf("the administrator's push: %d %s", r.StatusCode, r.Text)
					}
				}
			})
		}
	}
}

func check(t *testing.T, what string, allowed bool, r apptest.Response, success int) {
	t.Helper()
	if allowed && r.StatusCode != success {
		t.Errorf("%s: status %d, want %d: %s", what, r.StatusCode, success, r.Text)
	}
	if !allowed && r.StatusCode != http.StatusUnauthorized && r.StatusCode != http.StatusForbidden {
		t.Errorf("%s: status %d, want a refusal", what, r.StatusCode)
	}
}

func registryToken(t *testing.T, s *apptest.Server, user, repository string) string {
	t.Helper()
	r := s.Must(http.StatusOK, user, http.MethodGet, "/service/token?service=harbor-registry&scope=repository:"+repository+":pull,push,delete", nil)
	var out struct{ Token string }
	if err := json.Unmarshal([]byte(r.Text), &out); err != nil {
		t.Fatal(err)
	}
	return out.Token
}

func TestARefusedPushSaysWhyAndWhatToDo(t *testing.T) {
	s := apptest.Start(t)
	s.Project("team", false)
	s.User("guest")
	s.Member("team", "guest", int(rbac.Guest))
	s.User("stranger")
	for _, test := range []struct {
		user, path string
		want       []string
	}{
		{"guest", "/v2/team/app/blobs/uploads/", []string{"unauthorized to access repository: team/app, action: push", "guest", "developer"}},
		{"stranger", "/v2/team/app/blobs/uploads/", []string{"unauthorized to access repository: team/app"}},
		{"admin", "/v2/nosuch/app/blobs/uploads/", []string{"project nosuch", "create it"}},
	} {
		r := s.Do(test.user, http.MethodPost, test.path, nil)
		for _, want := range test.want {
			if r.StatusCode < 400 || !strings.Contains(r.Text, want) {
				t.Errorf("%s at %s: %d %s does not say %q", test.user, test.path, r.StatusCode, r.Text, want)
			}
		}
	}
	// To a stranger a private project and one that is not there are the same.
	hidden, missing := s.Do("stranger", http.MethodPost, "/v2/team/app/blobs/uploads/", nil), s.Do("stranger", http.MethodPost, "/v2/none/app/blobs/uploads/", nil)
	if hidden.StatusCode != missing.StatusCode || strings.ReplaceAll(hidden.Text, "team", "none") != missing.Text {
		t.Errorf("a stranger can tell them apart:\n%d %s\n%d %s", hidden.StatusCode, hidden.Text, missing.StatusCode, missing.Text)
	}
}

func TestForwardedHeadersAreBelievedFromTrustedProxiesOnly(t *testing.T) {
	forwarded := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "registry.example.com", "X-Forwarded-For", "192.0.2.7"}
	trusting, wary := apptest.Start(t, "ROADSTEAD_TRUSTED_PROXIES=127.0.0.0/8"), apptest.Start(t)
	if got := trusting.Do("", http.MethodGet, "/v2/", nil, forwarded...).Header.Get("Www-Authenticate"); !strings.Contains(got, `realm="https://registry.example.com/service/token"`) {
		t.Errorf("behind a trusted proxy: %s", got)
	}
	if got := wary.Do("", http.MethodGet, "/v2/", nil, forwarded...).Header.Get("Www-Authenticate"); !strings.Contains(got, wary.URL+"/service/token") {
		t.Errorf("from somebody else: %s", got)
	}
	r := trusting.Must(http.StatusAccepted, "admin", http.MethodPost, "/v2/library/app/blobs/uploads/", nil, forwarded...)
	if location := r.Header.Get("Location"); strings.HasPrefix(location, "http://") {
		t.Errorf("behind a TLS proxy an upload goes to %s", location)
	}
}

func TestARequestIDIsEchoedWhenItIsSaneAndMadeOtherwise(t *testing.T) {
	s := apptest.Start(t)
	if got := s.Do("", http.MethodGet, "/api/v2.0/ping", nil, "X-Request-Id", "abc-123").Header.Get("X-Request-Id"); got != "abc-123" {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"", strings.Repeat("x", 200), "a b"} {
		if got := s.Do("", http.MethodGet, "/v2/", nil, "X-Request-Id", bad).Header.Get("X-Request-Id"); got == bad || len(got) != 36 {
			t.Errorf("for %q: got %q", bad, got)
		}
	}
}

func TestTheFirstStartMakesAPublicLibraryAndASecondKeepsThePassword(t *testing.T) {
	s := apptest.Start(t)
	if r := s.Must(http.StatusOK, "", http.MethodGet, "/api/v2.0/projects", nil); !strings.Contains(r.Text, `"name":"library"`) {
		t.Errorf("got %s", r.Text)
	}
	s.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/users/current", nil)
}

func TestLookingAtAManifestInTheAPIIsNotAPull(t *testing.T) {
	s := apptest.Start(t)
	text := manifest(t, s, "admin", "library/team/app", "layer")
	if r := put(s, "admin", "library/team/app", "v1", text); r.StatusCode != http.StatusCreated {
		t.Fatalf("push: %d %s", r.StatusCode, r.Text)
	}
	r := s.Must(http.StatusOK, "", http.MethodGet, "/api/v2.0/projects/library/repositories/team%252Fapp/artifacts/v1/additions/manifest", nil)
	if r.Text != text || r.Header.Get("Content-Type") != imageManifest {
		t.Errorf("got %s: %s", r.Header.Get("Content-Type"), r.Text)
	}
	if audit := s.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/auditlog-exts?q=operation=pull", nil); audit.Header.Get("X-Total-Count") != "0" {
		t.Errorf("it is in the audit log as a pull: %s", audit.Text)
	}
}

func TestAServerRunsOnlyThePartsOfItsRoles(t *testing.T) {
	for _, test := range []struct {
		role            string
		served, missing []string
	}{
		{"core,jobs", []string{"/api/v2.0/ping", "/", "/service/token?service=harbor-registry&scope=repository:library/a:pull"}, []string{"/v2/"}},
		{"registry", []string{"/api/v2.0/ping"}, []string{"/", "/service/token"}},
	} {
		s := apptest.Start(t, "ROADSTEAD_ROLES="+test.role)
		for _, path := range test.served {
			s.Must(http.StatusOK, "", http.MethodGet, path, nil)
		}
		for _, path := range test.missing {
			if r := s.Must(http.StatusNotFound, "", http.MethodGet, path, nil); !strings.Contains(r.Text, "does not run the part") {
				t.Errorf("%s at %s: %s", test.role, path, r.Text)
			}
		}
		health := s.Must(http.StatusOK, "", http.MethodGet, "/api/v2.0/health", nil).Text
		for part, name := range map[string]string{"registry": `"registryctl"`, "jobs": `"jobservice"`} {
			if got, want := strings.Contains(health, name), strings.Contains(test.role, part); got != want {
				t.Errorf("%s: the health report mentions %s: %v", test.role, name, got)
			}
		}
	}
}
