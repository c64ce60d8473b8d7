package robot_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

type fixture struct {
	*robot.Service
	*coretest.Domain
	clock *coretest.Clock
	gold  project.Project
}

func start(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{Domain: coretest.New(t), clock: coretest.NewClock(time.Now().UTC().Truncate(time.Microsecond))}
	f.Service = robot.NewService(robot.Deps{DB: f.DB.Gorm, Policy: f.Policy, Projects: f.Projects, Settings: f.Settings, Changes: f.Changes, Clock: f.clock.Read})
	f.gold = f.project(t, "gold")
	return f
}

func (f *fixture) project(t testing.TB, name string) project.Project {
	t.Helper()
	p, err := f.Projects.Create(t.Context(), f.Admin, project.New{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f *fixture) make(t testing.TB, in robot.New) (robot.Robot, string) {
	t.Helper()
	r, secret, err := f.Create(t.Context(), f.Admin, in)
	if err != nil {
		t.Fatal(err)
	}
	return r, secret
}

func pull() rbac.Permission   { return rbac.On(rbac.Repository, rbac.Pull) }
func push() rbac.Permission   { return rbac.On(rbac.Repository, rbac.Push) }
func labels() rbac.Permission { return rbac.On(rbac.Label, rbac.Read) }

func inGold(permissions ...rbac.Permission) []robot.Grant {
	return []robot.Grant{{Scope: robot.Project, Project: "gold", Permissions: permissions}}
}

// ci is a robot of the project gold that pulls, for 30 days.
func ci() robot.New {
	return robot.New{Name: "ci", Project: "gold", Description: "builds", Duration: 30, Grants: inGold(pull())}
}

func wantFault(t *testing.T, err error, kind fault.Kind, part string) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || !strings.Contains(f.Message, part) {
		t.Errorf("got %v, want kind %d with %q", err, kind, part)
	}
}

func TestARobotIsWhatWasAskedFor(t *testing.T) {
	f := start(t)
	f.project(t, "silver")
	made, secret := f.make(t, ci())
	if made.FullName != "robot$gold+ci" || made.ProjectName != "gold" || *made.ProjectID != f.gold.ID || made.UsedAt != nil ||
		!made.ExpiresAt.Equal(made.CreatedAt.AddDate(0, 0, 30)) || made.CreatorKind != rbac.Human || made.CreatorID != f.Admin.ID {
		t.Errorf("got %+v", made)
	}
	if len(secret) != 32 || strings.Trim(secret, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		t.Errorf("the secret is %q", secret)
	}
	other, _ := f.make(t, robot.New{Name: "ops", Duration: -1, Disabled: true, Grants: []robot.Grant{
		{Scope: robot.Project, Project: "silver", Permissions: []rbac.Permission{push(), push()}},
		{Scope: robot.Projects, Permissions: []rbac.Permission{pull()}},
		{Scope: robot.System, Permissions: []rbac.Permission{labels()}},
		{Scope: robot.Project, Project: "silver", Permissions: []rbac.Permission{pull(), push()}},
	}})
	if other.FullName != "robot$ops" || other.ProjectID != nil || other.ExpiresAt != nil || !other.Disabled {
		t.Errorf("got %+v", other)
	}
	g := other.Grants
	if len(g) != 3 || g[0].Scope != robot.System || g[1].Scope != robot.Projects || g[2].Project != "silver" ||
		len(g[2].Permissions) != 2 || g[2].Permissions[0] != push() {
		t.Errorf("got %+v", g)
	}
	if again, err := f.Get(t.Context(), other.ID); err != nil || again.FullName != other.FullName || len(again.Grants) != 3 {
		t.Errorf("got %+v, %v", again, err)
	}
	_, err := f.Get(t.Context(), 9999)
	wantFault(t, err, fault.KindNotFound, "robot 9999 not found")
}

func TestWhatCannotBeARobotIsRefused(t *testing.T) {
	f := start(t)
	for name, c := range map[string]struct {
		change func(*robot.New)
		kind   fault.Kind
		part   string
	}{
		"an empty name":           {func(n *robot.New) { n.Name = "" }, fault.KindInvalid, "robot name is not in lower case or contains illegal characters"},
		"a name in upper case":    {func(n *robot.New) { n.Name = "Bad Name" }, fault.KindInvalid, "robot name is not in lower case"},
		"a name with a plus":      {func(n *robot.New) { n.Name = "a+b" }, fault.KindInvalid, "illegal characters"},
		"a name with a line end":  {func(n *robot.New) { n.Name = "a\n" }, fault.KindInvalid, "illegal characters"},
		"a very long name":        {func(n *robot.New) { n.Name = strings.Repeat("a", 256) }, fault.KindInvalid, "at most 255"},
		"a NUL":                   {func(n *robot.New) { n.Description = "a\x00b" }, fault.KindInvalid, "without NUL"},
		"bad UTF-8":               {func(n *robot.New) { n.Description = "\xff" }, fault.KindInvalid, "UTF-8"},
		"a very long description": {func(n *robot.New) { n.Description = strings.Repeat("é", 1025) }, fault.KindInvalid, "1024"},
		"no duration":             {func(n *robot.New) { n.Duration = 0 }, fault.KindInvalid, "bad request error duration input: 0, duration must be either -1(Never) or a positive integer"},
		"a negative duration":     {func(n *robot.New) { n.Duration = -2 }, fault.KindInvalid, "duration input: -2"},
		"a thousand years":        {func(n *robot.New) { n.Duration = 365_000 }, fault.KindInvalid, "at most 36500"},
		"no permission":           {func(n *robot.New) { n.Grants = nil }, fault.KindInvalid, "bad request empty permission"},
		"no access":               {func(n *robot.New) { n.Grants = inGold() }, fault.KindInvalid, "bad request empty access"},
		"a permission of nothing": {func(n *robot.New) { n.Grants = inGold(rbac.On("nosuch", "pull")) }, fault.KindInvalid, "bad request permission: nosuch:pull"},
		"a wild card":             {func(n *robot.New) { n.Grants = inGold(rbac.On("robot", "*")) }, fault.KindInvalid, "bad request permission: robot:*"},
		"one of the other kind":   {func(n *robot.New) { n.Grants = inGold(rbac.On(rbac.AuditLog, rbac.List)) }, fault.KindInvalid, "audit-log:list"},
		"another project's":       {func(n *robot.New) { n.Grants[0].Project = "silver" }, fault.KindInvalid, "only have permissions in that project"},
		"a project's in all": {func(n *robot.New) {
			n.Grants[0] = robot.Grant{Scope: robot.Projects, Permissions: n.Grants[0].Permissions}
		}, fault.KindInvalid, "only have permissions in that project"},
		"a scope that is none":     {func(n *robot.New) { n.Project, n.Grants[0].Scope = "", "x" }, fault.KindInvalid, "bad request permission"},
		"a project that is not":    {func(n *robot.New) { n.Project, n.Grants[0].Project = "nosuch", "nosuch" }, fault.KindNotFound, "project nosuch not found"},
		"grants without end":       {func(n *robot.New) { n.Grants = make([]robot.Grant, 501) }, fault.KindInvalid, "at most 500"},
		"permissions without end":  {func(n *robot.New) { n.Grants = inGold(make([]rbac.Permission, 201)...) }, fault.KindInvalid, "at most 200"},
		"a name that is there now": {func(n *robot.New) { n.Name = "taken" }, fault.KindConflict, ":taken already exists"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "a name that is there now" {
				taken := ci()
				taken.Name = "taken"
				f.make(t, taken)
			}
			in := ci()
			c.change(&in)
			_, _, err := f.Create(t.Context(), f.Admin, in)
			wantFault(t, err, c.kind, c.part)
		})
	}
	if list, err := f.List(t.Context(), f.gold.ID, page.Page{}); err != nil || list.Total != 1 {
		t.Errorf("what was refused left %d robots, %v", list.Total, err)
	}
}

func TestARobotOfManyProjectsIsMadeWithFewQueries(t *testing.T) {
	f := start(t)
	var grants []robot.Grant
	for i := range 40 {
		p := f.project(t, fmt.Sprint("p", i))
		grants = append(grants, robot.Grant{Scope: robot.Project, Project: p.Name, Permissions: []rbac.Permission{pull()}})
	}
	count := storetest.Count(t, f.DB)
	r, secret := f.make(t, robot.New{Name: "many", Duration: -1, Grants: grants})
	if len(r.Grants) != 40 || count.Queries() > 12 {
		t.Errorf("%d grants after %d queries: %q", len(r.Grants), count.Queries(), count.Statements())
	}
	if who, ok, err := f.Verify(t.Context(), r.FullName, secret); !ok || err != nil || len(who.Grants.In) != 40 {
		t.Errorf("got %+v, %v, %v", who.Grants, ok, err)
	}
}

func TestTheSameNameInTwoProjectsAndTheSystemIsThreeRobots(t *testing.T) {
	f := start(t)
	f.project(t, "silver")
	f.make(t, ci())
	f.make(t, robot.New{Name: "ci", Project: "silver", Duration: 1, Grants: []robot.Grant{{Scope: robot.Project, Project: "silver", Permissions: []rbac.Permission{pull()}}}})
	f.make(t, robot.New{Name: "ci", Duration: 1, Grants: inGold(pull())})
	_, _, err := f.Create(t.Context(), f.Admin, robot.New{Name: "ci", Duration: 1, Grants: inGold(pull())})
	wantFault(t, err, fault.KindConflict, "robot account 0:ci already exists")
}

func TestNobodyGivesARobotMoreThanTheyHave(t *testing.T) {
	f := start(t)
	alice, err := f.Users.Create(t.Context(), f.Admin, user.New{Name: "alice", Realname: "Alice", Password: coretest.Password})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Projects.AddMember(t.Context(), f.Admin, f.gold.ID, project.NewMember{UserID: alice.ID, Role: rbac.ProjectAdmin}); err != nil {
		t.Fatal(err)
	}
	leads := rbac.Subject{Kind: rbac.Human, ID: alice.ID, Name: "alice"}
	all := ci()
	all.Grants = inGold(rbac.ProjectCatalogue()...)
	if _, _, err := f.Create(t.Context(), leads, all); err != nil {
		t.Errorf("an administrator of the project gives all of it: %v", err)
	}
	r, secret := f.make(t, robot.New{Name: "maker", Duration: 1, Grants: append(inGold(push()), robot.Grant{
		Scope: robot.System, Permissions: []rbac.Permission{rbac.On(rbac.Robot, rbac.Create)},
	})})
	maker, ok, err := f.Verify(t.Context(), r.FullName, secret)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if child, _, err := f.Create(t.Context(), maker, robot.New{Name: "child", Duration: 1, Grants: inGold(pull(), push())}); err != nil || child.CreatorKind != rbac.Machine || child.CreatorID != r.ID {
		t.Errorf("a robot gives what it has: %+v, %v", child, err)
	}
	for name, grants := range map[string][]robot.Grant{
		"more in the project": inGold(push(), rbac.On(rbac.Repository, rbac.Delete)),
		"in another":          {{Scope: robot.Project, Project: "nosuch", Permissions: []rbac.Permission{pull()}}},
		"in all":              {{Scope: robot.Projects, Permissions: []rbac.Permission{pull()}}},
		"in the system":       {{Scope: robot.System, Permissions: []rbac.Permission{labels()}}},
	} {
		_, _, err := f.Create(t.Context(), maker, robot.New{Name: "more", Duration: 1, Grants: grants})
		wantFault(t, err, fault.KindDenied, "permission scope is invalid. It must be equal to or more restrictive than the creator robot's permissions: robot$maker does not have")
		t.Log(name)
	}
	_, _, err = f.Create(t.Context(), leads, robot.New{Name: "more", Duration: 1, Grants: []robot.Grant{{Scope: robot.Projects, Permissions: []rbac.Permission{pull()}}}})
	wantFault(t, err, fault.KindDenied, "alice does not have repository:pull in all projects")
}

func TestAListIsOfOneProjectAndSetBased(t *testing.T) {
	f := start(t)
	for _, name := range []string{"b", "a", "c"} {
		in := ci()
		in.Name = name
		f.make(t, in)
	}
	f.make(t, robot.New{Name: "ops", Duration: -1, Grants: inGold(pull())})
	names := func(of int64, q, sort string) string {
		p, err := page.New(1, 10, q, sort)
		if err != nil {
			t.Fatal(err)
		}
		count := storetest.Count(t, f.DB)
		list, err := f.List(t.Context(), of, p)
		if err != nil || count.Queries() > 4 { // the settings may be read again
			t.Fatalf("%v after %d queries", err, count.Queries())
		}
		var out []string
		for _, r := range list.Items {
			if len(r.Grants) != 1 {
				t.Errorf("%s has the grants %v", r.Name, r.Grants)
			}
			out = append(out, r.FullName)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		of      int64
		q, sort string
		want    string
	}{
		{0, "", "", "robot$ops"},
		{f.gold.ID, "", "", "robot$gold+b robot$gold+a robot$gold+c"},
		{f.gold.ID, "Level=project,ProjectID=7", "name", "robot$gold+a robot$gold+b robot$gold+c"},
		{f.gold.ID, "name=robot$gold+a", "", "robot$gold+a"},
		{f.gold.ID, "name=~gold+", "-name", "robot$gold+c robot$gold+b robot$gold+a"},
		{f.gold.ID, "disable=true", "", ""},
		{0, "expires_at=-1", "", "robot$ops"},
		{9999, "", "", ""},
	} {
		if got := names(c.of, strings.ReplaceAll(c.q, "+", "%2B"), c.sort); got != c.want {
			t.Errorf("%d %q %q: %s, want %s", c.of, c.q, c.sort, got, c.want)
		}
	}
}

func TestADeletedProjectHasNoRobotsAndNoGrants(t *testing.T) {
	f := start(t)
	own, secret := f.make(t, ci())
	far, farSecret := f.make(t, robot.New{Name: "far", Duration: 1, Grants: append(inGold(push()), robot.Grant{Scope: robot.System, Permissions: []rbac.Permission{labels()}})})
	if err := f.Projects.Delete(t.Context(), f.Admin, f.gold.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Verify(t.Context(), own.FullName, secret); ok || err != nil {
		t.Errorf("the project's robot signs in: %v %v", ok, err)
	}
	who, ok, err := f.Verify(t.Context(), far.FullName, farSecret)
	if !ok || err != nil || len(who.Grants.In) != 0 || len(who.Grants.System) != 1 {
		t.Errorf("the other keeps the rest: %+v %v %v", who.Grants, ok, err)
	}
	f.project(t, "gold")
	f.make(t, ci())
	if _, err := f.Get(t.Context(), own.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAProjectThatIsDeletedMeanwhileKeepsNoRobot(t *testing.T) {
	f := start(t)
	for i := range 8 {
		p := f.project(t, fmt.Sprint("p", i))
		var both sync.WaitGroup
		both.Go(func() {
			_, _, err := f.Create(t.Context(), f.Admin, robot.New{Name: "ci", Project: p.Name, Duration: 1, Grants: []robot.Grant{
				{Scope: robot.Project, Project: p.Name, Permissions: []rbac.Permission{pull()}},
			}})
			if err != nil && !errors.Is(err, fault.ErrNotFound) {
				t.Error(err)
			}
		})
		both.Go(func() {
			if err := f.Projects.Delete(t.Context(), f.Admin, p.ID); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
	}
	var left int
	if err := f.DB.Pool.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM robot) + (SELECT count(*) FROM robot_grant)").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}
