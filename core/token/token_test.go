package token_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/settings"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/token"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const right = "Passw0rd1"

type fixture struct {
	*token.Service
	db       *store.DB
	clock    *coretest.Clock
	box      *seal.Box
	users    *user.Service
	authn    *auth.Service
	projects *project.Service
	robots   *robot.Service
	log      *audit.Service
	admin    rbac.Subject
}

func start(t testing.TB) *fixture {
	t.Helper()
	master := make([]byte, seal.KeySize)
	_, _ = rand.Read(master) // never fails
	box, err := seal.New(master)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{
		db: storetest.New(t, migrations.Files), box: box,
		clock: coretest.NewClock(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)),
		admin: rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true},
	}
	f.users = user.NewService(f.db.Gorm, f.clock.Read, user.PasswordParams{Memory: 64, Time: 1, Threads: 1})
	f.log = audit.NewService(f.db.Gorm, f.clock.Read)
	policy := rbac.NewPolicy()
	changes, err := change.NewFeed(t.Context(), f.db.Pool, f.clock.Read)
	if err != nil {
		t.Fatal(err)
	}
	f.projects = project.NewService(f.db.Gorm, policy, changes, func(context.Context) (time.Duration, error) { return 0, nil }, f.clock.Read)
	f.robots = robot.NewService(robot.Deps{
		DB: f.db.Gorm, Policy: policy, Projects: f.projects, Settings: settings.NewService(f.db.Gorm, f.clock.Read, settings.Given{}),
		Changes: changes, Clock: f.clock.Read,
	})
	authOptions := auth.DefaultOptions()
	authOptions.Machines = f.robots
	f.authn = auth.NewService(f.db.Gorm, f.users, f.log, f.clock.Read, authOptions)
	if _, _, err := f.users.EnsureAdmin(t.Context(), "Admin12345"); err != nil {
		t.Fatal(err)
	}
	f.Service = f.replica(t)
	return f
}

// replica is another process on the same database.
func (f *fixture) replica(t testing.TB) *token.Service {
	t.Helper()
	s, err := f.open(t, f.box)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *fixture) open(t testing.TB, sealer seal.Sealer) (*token.Service, error) {
	return token.NewService(f.db.Gorm, sealer, f.authn, f.projects, f.log, f.clock.Read, options(t))
}

func options(t testing.TB) token.Options {
	return token.Options{
		Log:         slog.New(slog.NewTextHandler(t.Output(), nil)),
		Address:     func(*http.Request) string { return "192.0.2.1" },
		ExternalURL: func(r *http.Request) string { return "https://" + r.Host },
	}
}

func (f *fixture) person(t testing.TB, name string) rbac.Subject {
	t.Helper()
	u, err := f.users.Create(t.Context(), f.admin, user.New{Name: name, Realname: name, Password: right})
	if err != nil {
		t.Fatal(err)
	}
	return rbac.Subject{Kind: rbac.Human, ID: u.ID, Name: u.Name}
}

func (f *fixture) project(t testing.TB, name string, public bool) project.Project {
	t.Helper()
	p, err := f.projects.Create(t.Context(), f.admin, project.New{Name: name, Public: public})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f *fixture) member(t testing.TB, p project.Project, who rbac.Subject, role rbac.Role) {
	t.Helper()
	if _, err := f.projects.AddMember(t.Context(), f.admin, p.ID, project.NewMember{UserID: who.ID, Role: role}); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) audited(t *testing.T) []string {
	t.Helper()
	list, err := f.log.List(t.Context(), audit.Scope{}, page.Page{Number: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		if e.Operation == audit.Login {
			out = append(out, e.Description)
		}
	}
	return out
}

type client struct {
	name, password string
	cookie         string
}

func (f *fixture) get(t *testing.T, c client, query string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/service/token?"+query, nil)
	if c.name != "" {
		r.SetBasicAuth(c.name, c.password)
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "sid", Value: c.cookie})
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// granted is the access in a 200's token, read by golang-jwt with the public key
// of the server, as a client's library reads it.
func (f *fixture) granted(t *testing.T, w *httptest.ResponseRecorder) []token.Access {
	t.Helper()
	var body struct{ Token string }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	claims, err := f.Verify(body.Token)
	if err != nil {
		t.Fatal(err)
	}
	return claims.Access
}

func decode(t *testing.T, raw string) (header, claims map[string]any) {
	t.Helper()
	var body jwt.MapClaims
	parsed, _, err := jwt.NewParser().ParseUnverified(raw, &body)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Header, body
}

func sameAccess(a, b []token.Access) bool {
	return slices.EqualFunc(a, b, func(a, b token.Access) bool {
		return a.Type == b.Type && a.Name == b.Name && slices.Equal(a.Actions, b.Actions)
	})
}
