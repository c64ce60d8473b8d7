package rbac_test

import (
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// The permission table of Harbor v2.16, columns projectAdmin, maintainer,
// developer, guest, limitedGuest, anyone on a public project. It is written out
// here a second time on purpose: the program's own table is tested against it,
// cell by cell.
const harborTable = `
project             | R U D               | R                   | R                 | R        | R        | R
member              | C R U D L           | R L                 | R L               | R L      | -        | -
metadata            | C R U D             | R                   | -                 | -        | -        | -
log                 | L                   | -                   | -                 | -        | -        | -
label               | C R U D L           | C R U D L           | R L               | R L      | -        | R L
quota               | R                   | R                   | R                 | R        | R        | -
repository          | C R U D L pull push | C R U D L pull push | C R U L pull push | R L pull | R L pull | L pull
tag-retention       | C R U D L op        | C R U D L op        | C R U D L op      | -        | -        | -
immutable-tag       | C U D L             | C U D L             | -                 | -        | -        | -
configuration       | R U                 | R                   | R                 | R        | R        | -
robot               | C R U D L           | R L                 | R L               | R L      | -        | -
notification-policy | C R U D L           | R L                 | -                 | -        | -        | -
scan                | C R stop            | C R stop            | R                 | R        | R        | R
sbom                | C R stop            | C R stop            | R                 | R        | R        | -
scanner             | C R                 | R                   | R                 | R        | R        | R
artifact            | C R D L             | C R D L             | C R L             | R L      | R L      | R L
artifact-addition   | R                   | R                   | R                 | R        | R        | R
tag                 | C D L               | C D L               | C L               | L        | L        | L
accessory           | L                   | L                   | L                 | L        | L        | L
artifact-label      | C D                 | C D                 | C D               | -        | -        | -
preheat-policy      | C R U D L           | -                   | -                 | -        | -        | -
export-cve          | C R L               | C R L               | C R L             | -        | -        | -
`

// ownTable is what Roadstead adds.
const ownTable = `
recycle-bin         | U D L               | U L                 | -                 | -        | -        | -
`

func actionOf(word string) rbac.Action {
	switch word {
	case "C":
		return rbac.Create
	case "R":
		return rbac.Read
	case "U":
		return rbac.Update
	case "D":
		return rbac.Delete
	case "L":
		return rbac.List
	case "op":
		return rbac.Operate
	}
	return rbac.Action(word)
}

type column struct {
	name   string
	roles  []rbac.Role
	public bool
	count  int // policies Harbor gives that role
	own    int // what Roadstead adds
}

func (c column) standing() rbac.Standing {
	return rbac.Standing{Project: 1, Roles: c.roles, Public: c.public}
}

func columns() []column {
	return []column{
		{"projectAdmin", []rbac.Role{rbac.ProjectAdmin}, false, 75, 3},
		{"maintainer", []rbac.Role{rbac.Maintainer}, false, 53, 2},
		{"developer", []rbac.Role{rbac.Developer}, false, 36, 0},
		{"guest", []rbac.Role{rbac.Guest}, false, 20, 0},
		{"limitedGuest", []rbac.Role{rbac.LimitedGuest}, false, 14, 0},
		{"public", nil, true, 12, 0},
	}
}

func want(t *testing.T) map[string]map[rbac.Permission]bool {
	t.Helper()
	out := map[string]map[rbac.Permission]bool{}
	for _, c := range columns() {
		out[c.name] = map[rbac.Permission]bool{}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(harborTable)+ownTable[:len(ownTable)-1], "\n") {
		cells := strings.Split(line, "|")
		resource := rbac.Resource(strings.TrimSpace(cells[0]))
		for i, c := range columns() {
			for _, word := range strings.Fields(cells[i+1]) {
				if word != "-" {
					out[c.name][rbac.On(resource, actionOf(word))] = true
				}
			}
		}
	}
	return out
}

func TestEveryRoleHasExactlyThePermissionsOfTheTable(t *testing.T) {
	policy, table := rbac.NewPolicy(), want(t)
	member := rbac.Subject{Kind: rbac.Human, ID: 7, Name: "m"}
	for _, c := range columns() {
		t.Run(c.name, func(t *testing.T) {
			if got := len(table[c.name]); got != c.count+c.own {
				t.Fatalf("the table in this test has %d permissions for %s, Harbor has %d", got-c.own, c.name, c.count)
			}
			for _, p := range policy.Permissions() {
				if got := policy.Allowed(member, c.standing(), p); got != table[c.name][p] {
					t.Errorf("%s %s: allowed is %v, the table says %v", c.name, p, got, table[c.name][p])
				}
			}
			for p := range table[c.name] {
				if !policy.Allowed(member, c.standing(), p) {
					t.Errorf("%s lacks %s", c.name, p)
				}
			}
			if got := len(policy.Granted(member, c.standing())); got != c.count+c.own {
				t.Errorf("Granted lists %d, want %d", got, c.count+c.own)
			}
		})
	}
}

func TestNobodyHasNothingInAPrivateProject(t *testing.T) {
	policy := rbac.NewPolicy()
	for _, p := range policy.Permissions() {
		if policy.Allowed(rbac.Subject{}, rbac.Standing{}, p) {
			t.Errorf("nobody may %s in a private project", p)
		}
	}
}

func TestASystemAdministratorHasEverythingThatExists(t *testing.T) {
	policy := rbac.NewPolicy()
	root := rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}
	for _, p := range policy.Permissions() {
		if !policy.Allowed(root, rbac.Standing{}, p) {
			t.Errorf("a system administrator lacks %s", p)
		}
	}
	if policy.Allowed(root, rbac.Standing{}, rbac.On("no-such", rbac.Read)) {
		t.Error("a permission that does not exist is never allowed")
	}
}

func TestRolesOfAUserAndItsGroupsAddUp(t *testing.T) {
	policy := rbac.NewPolicy()
	both := []rbac.Role{rbac.LimitedGuest, rbac.Developer}
	if !policy.Allowed(rbac.Subject{Kind: rbac.Human}, rbac.Standing{Roles: both}, rbac.On(rbac.Repository, rbac.Push)) {
		t.Error("the stronger of two roles counts")
	}
}

func TestARefusalCanNameTheRolesThatWouldHelp(t *testing.T) {
	got := rbac.NewPolicy().Holders(rbac.On(rbac.Repository, rbac.Push))
	if len(got) != 3 || got[0] != rbac.ProjectAdmin || got[2] != rbac.Developer {
		t.Errorf("got %v", got)
	}
}

func TestAnUnknownRoleHasNothing(t *testing.T) {
	policy := rbac.NewPolicy()
	for _, p := range policy.Permissions() {
		if policy.Allowed(rbac.Subject{Kind: rbac.Human}, rbac.Standing{Roles: []rbac.Role{0, 6, 99}}, p) {
			t.Errorf("role 99 may %s", p)
		}
	}
}
