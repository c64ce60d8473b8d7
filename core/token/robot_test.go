package token_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/token"
)

// robot makes one of the project with those actions on its repositories.
func (f *fixture) robot(t testing.TB, project string, actions ...rbac.Action) (robot.Robot, client) {
	t.Helper()
	g := robot.Grant{Scope: robot.Project, Project: project}
	name := "ci"
	for _, a := range actions {
		g.Permissions = append(g.Permissions, rbac.On(rbac.Repository, a))
		name += "-" + string(a)
	}
	r, secret, err := f.robots.Create(t.Context(), f.admin, robot.New{Name: name, Project: project, Duration: 30, Grants: []robot.Grant{g}})
	if err != nil {
		t.Fatal(err)
	}
	return r, client{name: r.FullName, password: secret}
}

func TestARobotsTokenCarriesWhatItWasGiven(t *testing.T) {
	f := start(t)
	private, public := f.project(t, "private", false), f.project(t, "public", true)
	other := f.project(t, "other", false)
	for allowed, actions := range map[string][]rbac.Action{
		"pull": {rbac.Pull}, "pull push": {rbac.Push}, "delete": {rbac.Delete}, "pull push delete": {rbac.Pull, rbac.Push, rbac.Delete}, "": {rbac.List},
	} {
		_, caller := f.robot(t, "private", actions...)
		f.checkRow(t, caller.name, caller, private, allowed)
		f.checkRow(t, caller.name, caller, public, "pull")
		f.checkRow(t, caller.name, caller, other, "")
	}
}

func TestARobotListsTheCatalogueIfItWasGivenThat(t *testing.T) {
	f := start(t)
	for name, want := range map[string]bool{"reads": true, "does-not": false} {
		g := robot.Grant{Scope: robot.System, Permissions: []rbac.Permission{rbac.On(rbac.Catalog, rbac.Read)}}
		if !want {
			g.Permissions = []rbac.Permission{rbac.On(rbac.AuditLog, rbac.List)}
		}
		r, secret, err := f.robots.Create(t.Context(), f.admin, robot.New{Name: name, Duration: -1, Grants: []robot.Grant{g}})
		if err != nil {
			t.Fatal(err)
		}
		access := f.granted(t, f.get(t, client{name: r.FullName, password: secret}, scope("registry:catalog:*")))
		if got := (token.Claims{Access: access}).AllowsCatalog(); got != want {
			t.Errorf("%s: %v", name, access)
		}
	}
}

func TestARobotThatCannotSignInIsToldWhyIfItsSecretIsRight(t *testing.T) {
	f := start(t)
	f.project(t, "gold", false)
	r, caller := f.robot(t, "gold", rbac.Pull)
	ask := func(c client) *httptest.ResponseRecorder { return f.get(t, c, scope("repository:gold/app:pull")) }
	if w := ask(caller); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	f.clock.Pass(31 * 24 * time.Hour)
	if w := ask(caller); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "the robot account "+r.FullName+" has expired") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(client{name: r.FullName, password: "wrong"}); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "incorrect username or password") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestATokenThatIsOutOutlivesARotationAndTheSecretDoesNot(t *testing.T) {
	f := start(t)
	f.project(t, "gold", false)
	r, caller := f.robot(t, "gold", rbac.Push)
	who, err := f.authn.Basic(t.Context(), caller.name, caller.password, auth.Source{})
	if err != nil {
		t.Fatal(err)
	}
	raw, _, err := f.Issue(t.Context(), who, []token.Access{{Type: "repository", Name: "gold/app", Actions: []string{"push", "pull"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.robots.Refresh(t.Context(), f.admin, r.ID, ""); err != nil {
		t.Fatal(err)
	}
	if w := f.get(t, caller, scope("repository:gold/app:pull")); w.Code != http.StatusUnauthorized {
		t.Errorf("the old secret: %d %s", w.Code, w.Body)
	}
	claims, err := f.Verify(raw)
	if err != nil || !claims.Allows("gold/app", "push") || claims.Subject.Kind != rbac.Machine || claims.Subject.ID != r.ID || claims.Subject.Name != r.FullName {
		t.Errorf("the token: %+v, %v", claims, err)
	}
	if claims.Subject.Grants != nil {
		t.Error("a token brings more than its access")
	}
}

// Robot and project are remembered, and one question tells whether either has changed.
func TestARobotsTokenCostsOneQuery(t *testing.T) {
	f := start(t)
	f.project(t, "gold", false)
	_, caller := f.robot(t, "gold", rbac.Push)
	f.get(t, caller, scope("repository:gold/app:pull"))
	count := storetest.Count(t, f.db)
	if w := f.get(t, caller, scope("repository:gold/app:push,pull")); w.Code != http.StatusOK || count.Queries() != 1 || !strings.Contains(count.Statements()[0], "FROM change") {
		t.Errorf("%d after %d queries: %q", w.Code, count.Queries(), count.Statements())
	}
	if got := f.granted(t, f.get(t, caller, scope("repository:gold/app:push,pull"))); !slices.Equal(got[0].Actions, []string{"pull", "push"}) {
		t.Errorf("got %v", got)
	}
}

func BenchmarkRobotToken(b *testing.B) {
	f := start(b)
	f.project(b, "gold", false)
	_, caller := f.robot(b, "gold", rbac.Push)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, token.Path+"?"+scope("repository:gold/app:push,pull"), nil)
			r.SetBasicAuth(caller.name, caller.password)
			w := httptest.NewRecorder()
			if f.ServeHTTP(w, r); w.Code != http.StatusOK {
				b.Errorf("%d %s", w.Code, w.Body)
				return
			}
		}
	})
}
