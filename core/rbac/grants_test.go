package rbac_test

import (
	"slices"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

const here, elsewhere = 1, 2

func machine(g rbac.Grants) rbac.Subject {
	return rbac.Subject{Kind: rbac.Machine, ID: 3, Name: "robot$m", Grants: &g}
}

func in(project int64, given ...rbac.Permission) rbac.Grants {
	return rbac.Grants{In: map[int64][]rbac.Permission{project: given}}
}

func TestTheCataloguesAreHarbors(t *testing.T) {
	for name, catalogue := range map[string][]rbac.Permission{"system": rbac.SystemCatalogue(), "project": rbac.ProjectCatalogue()} {
		once := map[rbac.Permission]bool{}
		for _, p := range catalogue {
			once[p] = true
		}
		if len(catalogue) != 70 || len(once) != 70 {
			t.Errorf("the catalogue of the %s has %d permissions, %d of them different; Harbor's has 70", name, len(catalogue), len(once))
		}
	}
}

// alsoGives are the permissions that bring another one along.
func alsoGives() map[rbac.Permission]rbac.Permission {
	return map[rbac.Permission]rbac.Permission{
		rbac.On(rbac.Repository, rbac.Push): rbac.On(rbac.Repository, rbac.Pull),
		rbac.On(rbac.Metadata, rbac.List):   rbac.On(rbac.Metadata, rbac.Read),
	}
}

func TestAMachineMayDoExactlyWhatItWasGiven(t *testing.T) {
	policy := rbac.NewPolicy()
	every := append(policy.Permissions(), rbac.ProjectCatalogue()...)
	for _, given := range rbac.ProjectCatalogue() {
		one, all := machine(in(here, given)), machine(rbac.Grants{Projects: []rbac.Permission{given}})
		for _, want := range every {
			expected := want == given || alsoGives()[given] == want
			if got := policy.Allowed(one, rbac.Standing{Project: here}, want); got != expected {
				t.Errorf("given %s in a project: %s there is %v", given, want, got)
			}
			if policy.Allowed(one, rbac.Standing{Project: elsewhere}, want) {
				t.Errorf("given %s in a project: %s in another", given, want)
			}
			if got := policy.Allowed(all, rbac.Standing{Project: elsewhere}, want); got != expected {
				t.Errorf("given %s in all projects: %s in one is %v", given, want, got)
			}
			if rbac.AllowedInSystem(one, want) || rbac.AllowedInSystem(all, want) {
				t.Errorf("given %s in projects: %s in the system", given, want)
			}
		}
	}
	for _, given := range rbac.SystemCatalogue() {
		who := machine(rbac.Grants{System: []rbac.Permission{given}})
		for _, want := range append(every, rbac.SystemCatalogue()...) {
			if got := rbac.AllowedInSystem(who, want); got != (want == given) {
				t.Errorf("given %s in the system: %s is %v", given, want, got)
			}
			if policy.Allowed(who, rbac.Standing{Project: here}, want) {
				t.Errorf("given %s in the system: %s in a project", given, want)
			}
		}
	}
}

func TestAMachineInAPublicProjectIsLikeAnybody(t *testing.T) {
	policy, public := rbac.NewPolicy(), rbac.Standing{Project: here, Public: true}
	for name, who := range map[string]rbac.Subject{
		"without grants": {Kind: rbac.Machine}, "with grants elsewhere": machine(in(elsewhere, rbac.ProjectCatalogue()...)),
	} {
		for _, p := range policy.Permissions() {
			if got, want := policy.Allowed(who, public, p), policy.Allowed(rbac.Subject{}, public, p); got != want {
				t.Errorf("a machine %s: %s is %v, for nobody %v", name, p, got, want)
			}
		}
	}
}

func TestAMachineIsNeverASystemAdministratorNorHoldsARole(t *testing.T) {
	policy := rbac.NewPolicy()
	who := rbac.Subject{Kind: rbac.Machine, SysAdmin: true}
	for _, p := range append(policy.Permissions(), rbac.SystemCatalogue()...) {
		if policy.Allowed(who, rbac.Standing{Project: here, Roles: []rbac.Role{rbac.ProjectAdmin}}, p) || rbac.AllowedInSystem(who, p) {
			t.Errorf("it may %s", p)
		}
	}
}

func TestTheSystemIsForAdministratorsAndMachinesThatWereGivenIt(t *testing.T) {
	p := rbac.On(rbac.AuditLog, rbac.List)
	for name, c := range map[string]struct {
		who  rbac.Subject
		want bool
	}{
		"nobody":           {rbac.Subject{}, false},
		"a person":         {rbac.Subject{Kind: rbac.Human, ID: 7}, false},
		"an administrator": {rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}, true},
		"the program":      {rbac.SystemSubject(), true},
		"a machine":        {machine(rbac.Grants{System: []rbac.Permission{p}}), true},
	} {
		if got := rbac.AllowedInSystem(c.who, p); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestGrantedIsWhatIsAllowed(t *testing.T) {
	got := rbac.NewPolicy().Granted(machine(in(here, rbac.On(rbac.Repository, rbac.Push), rbac.On(rbac.Tag, rbac.Delete))), rbac.Standing{Project: here})
	want := []rbac.Permission{rbac.On(rbac.Repository, rbac.Push), rbac.On(rbac.Repository, rbac.Pull), rbac.On(rbac.Tag, rbac.Delete)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestReachIsWhereAListHasRows(t *testing.T) {
	list, pull, push := rbac.On(rbac.Repository, rbac.List), rbac.On(rbac.Repository, rbac.Pull), rbac.On(rbac.Repository, rbac.Push)
	projects := rbac.On(rbac.Project, rbac.List)
	some := rbac.Grants{In: map[int64][]rbac.Permission{5: {push}, 3: {list}, 9: nil}}
	for name, c := range map[string]struct {
		who  rbac.Subject
		want rbac.Permission
		all  bool
		in   []int64
	}{
		"an administrator everywhere":              {rbac.Subject{Kind: rbac.Human, SysAdmin: true}, list, true, nil},
		"a person by roles alone":                  {rbac.Subject{Kind: rbac.Human, ID: 7}, list, false, nil},
		"nobody nowhere":                           {rbac.Subject{}, projects, false, nil},
		"a machine without grants nowhere":         {rbac.Subject{Kind: rbac.Machine}, projects, false, nil},
		"repositories where they can be listed":    {machine(some), list, false, []int64{3}},
		"pulling where it can push":                {machine(some), pull, false, []int64{5}},
		"projects where it can do anything":        {machine(some), projects, false, []int64{3, 5}},
		"projects everywhere, given anything":      {machine(rbac.Grants{Projects: []rbac.Permission{push}}), projects, true, nil},
		"projects everywhere by the system's list": {machine(rbac.Grants{System: []rbac.Permission{projects}}), projects, true, nil},
		"but not their repositories":               {machine(rbac.Grants{System: []rbac.Permission{projects}}), list, false, nil},
		"repositories everywhere":                  {machine(rbac.Grants{Projects: []rbac.Permission{list}}), list, true, nil},
	} {
		if all, projects := c.who.Reach(c.want); all != c.all || !slices.Equal(projects, c.in) {
			t.Errorf("%s: %v %v", name, all, projects)
		}
	}
}

func TestNobodyGivesWhatTheyDoNotHave(t *testing.T) {
	policy := rbac.NewPolicy()
	admin, boss := rbac.Subject{Kind: rbac.Human, ID: 7}, rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}
	leads := map[int64]rbac.Standing{here: {Project: here, Roles: []rbac.Role{rbac.ProjectAdmin}}}
	codes := map[int64]rbac.Standing{here: {Project: here, Roles: []rbac.Role{rbac.Developer}}}
	looks := map[int64]rbac.Standing{here: {Project: here, Public: true}}
	everything := rbac.Grants{System: rbac.SystemCatalogue(), Projects: rbac.ProjectCatalogue(), In: map[int64][]rbac.Permission{here: rbac.ProjectCatalogue()}}
	pull, push, remove := rbac.On(rbac.Repository, rbac.Pull), rbac.On(rbac.Repository, rbac.Push), rbac.On(rbac.Repository, rbac.Delete)
	for name, c := range map[string]struct {
		who    rbac.Subject
		in     map[int64]rbac.Standing
		give   rbac.Grants
		exceed bool
	}{
		"an administrator gives everything":            {boss, nil, everything, false},
		"a project's administrator all of the project": {admin, leads, in(here, rbac.ProjectCatalogue()...), false},
		"and nothing of another":                       {admin, leads, in(elsewhere, pull), true},
		"nor of all":                                   {admin, leads, rbac.Grants{Projects: []rbac.Permission{pull}}, true},
		"nor of the system":                            {admin, leads, rbac.Grants{System: []rbac.Permission{rbac.On(rbac.Label, rbac.Read)}}, true},
		"a developer what developers have":             {admin, codes, in(here, push), false},
		"and no more":                                  {admin, codes, in(here, push, remove), true},
		"nobody what is public by chance":              {admin, looks, in(here, pull), true},
		"a machine what it was given":                  {machine(in(here, push)), nil, in(here, push), false},
		"and what that brings along":                   {machine(in(here, push)), nil, in(here, pull), false},
		"but no more":                                  {machine(in(here, pull)), nil, in(here, push), true},
		"nor elsewhere":                                {machine(in(here, pull)), nil, in(elsewhere, pull), true},
		"nor everywhere":                               {machine(in(here, pull)), nil, rbac.Grants{Projects: []rbac.Permission{pull}}, true},
		"given everywhere it gives in one":             {machine(rbac.Grants{Projects: []rbac.Permission{pull}}), nil, in(here, pull), false},
		"and everywhere":                               {machine(rbac.Grants{Projects: []rbac.Permission{pull}}), nil, rbac.Grants{Projects: []rbac.Permission{pull}}, false},
		"but not in the system":                        {machine(rbac.Grants{Projects: rbac.ProjectCatalogue()}), nil, rbac.Grants{System: []rbac.Permission{rbac.On(rbac.Label, rbac.Read)}}, true},
		"a machine with everything gives everything":   {machine(everything), nil, everything, false},
		"a machine from a token gives nothing":         {rbac.Subject{Kind: rbac.Machine}, nil, in(here, pull), true},
	} {
		if lacks, exceeds := policy.Exceeds(c.who, c.give, c.in); exceeds != c.exceed {
			t.Errorf("%s: exceeds is %v, by %s", name, exceeds, lacks)
		}
	}
}
