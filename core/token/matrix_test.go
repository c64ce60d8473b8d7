package token_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/token"
)

type row struct {
	name            string
	role            rbac.Role
	private, public string // what a token may carry in such a project
}

func matrix() []row {
	return []row{
		{"system administrator", 0, "pull push delete", "pull push delete"},
		{"projectAdmin", rbac.ProjectAdmin, "pull push delete", "pull push delete"},
		{"maintainer", rbac.Maintainer, "pull push delete", "pull push delete"},
		{"developer", rbac.Developer, "pull push", "pull push"},
		{"guest", rbac.Guest, "pull", "pull"},
		{"limitedGuest", rbac.LimitedGuest, "pull", "pull"},
		{"a stranger", 0, "", "pull"},
		{"nobody", 0, "", "pull"},
	}
}

func TestEveryRolePullsPushesAndDeletesAsItMay(t *testing.T) {
	f := start(t)
	private, public := f.project(t, "private", false), f.project(t, "public", true)
	for i, m := range matrix() {
		who := rbac.Subject{}
		switch {
		case m.name == "system administrator":
			if err := f.users.SetSysAdmin(t.Context(), f.admin, f.person(t, "root").ID, true); err != nil {
				t.Fatal(err)
			}
		case m.name != "nobody":
			who = f.person(t, fmt.Sprintf("user%d", i))
		}
		if m.role != 0 {
			f.member(t, private, who, m.role)
			f.member(t, public, who, m.role)
		}
		caller := client{name: who.Name, password: right}
		if m.name == "system administrator" {
			caller.name = "root"
		}
		f.checkRow(t, m.name, caller, private, m.private)
		f.checkRow(t, m.name, caller, public, m.public)
	}
}

// checkRow asks for each action alone and for all at once.
func (f *fixture) checkRow(t *testing.T, name string, caller client, p project.Project, allowed string) {
	t.Helper()
	actions := []string{"pull", "push", "delete"}
	all := f.granted(t, f.get(t, caller, scope("repository:"+p.Name+"/app:pull,push,delete")))
	for _, action := range actions {
		want := slices.Contains(strings.Fields(allowed), action)
		alone := f.granted(t, f.get(t, caller, scope("repository:"+p.Name+"/app:"+action)))
		for asked, got := range map[string][]token.Access{"alone": alone, "with others": all} {
			c := token.Claims{Access: got}
			if c.Allows(p.Name+"/app", action) != want {
				t.Errorf("%s: %s %s in %s: %t, want %t", name, action, asked, p.Name, !want, want)
			}
			if c.Allows(p.Name+"/other", action) || c.AllowsCatalog() {
				t.Errorf("%s: a token for one repository is good for more", name)
			}
		}
		if len(alone[0].Actions) > 1 {
			t.Errorf("%s: asked for %s, got %v", name, action, alone[0].Actions)
		}
	}
}
