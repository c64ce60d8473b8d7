package project_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func (f fixture) member(t *testing.T, p project.ID, who rbac.Subject, role rbac.Role) project.Member {
	t.Helper()
	m, err := f.AddMember(t.Context(), f.admin, p, project.NewMember{UserID: who.ID, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMemberComesChangesAndGoes(t *testing.T) {
	f := start(t)
	alice := f.person(t, "alice")
	p := f.project(t, f.admin, project.New{Name: "p"})
	m, err := f.AddMember(t.Context(), f.admin, p.ID, project.NewMember{UserName: "ALICE", Role: rbac.Developer})
	want := project.Member{ID: m.ID, ProjectID: p.ID, EntityID: alice.ID, EntityName: "alice", EntityType: "u", Role: rbac.Developer, RoleName: "developer"}
	if err != nil || m != want {
		t.Fatalf("added %+v, %v", m, err)
	}
	if got, err := f.GetMember(t.Context(), p.ID, m.ID); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := f.UpdateMember(t.Context(), f.admin, p.ID, m.ID, rbac.Guest); err != nil {
		t.Fatal(err)
	}
	if got, err := f.GetMember(t.Context(), p.ID, m.ID); err != nil || got.Role != rbac.Guest || got.RoleName != "guest" {
		t.Errorf("got %+v, %v", got, err)
	}
	results := together(3, func(int) error { return f.RemoveMember(context.Background(), f.admin, p.ID, m.ID) })
	if count(results, nil) != 1 || count(results, fault.ErrNotFound) != 2 {
		t.Errorf("removed three times at once: %v", results)
	}
	got := f.audited(t)
	for i, want := range []string{
		"admin: delete member: alice of project p as guest",
		"admin: update member: alice of project p as guest",
		"admin: create member: alice of project p as developer",
	} {
		if got[i] != want {
			t.Errorf("audited %q, want %q", got[i], want)
		}
	}
}

func TestAMemberThatCannotBeIsRefused(t *testing.T) {
	f := start(t)
	alice := f.person(t, "alice")
	p, other := f.project(t, f.admin, project.New{Name: "p"}), f.project(t, f.admin, project.New{Name: "other"})
	m := f.member(t, p.ID, alice, rbac.Guest)
	for name, c := range map[string]struct {
		project project.ID
		in      project.NewMember
		kind    fault.Kind
		message string
	}{
		"a member already":          {p.ID, project.NewMember{UserName: "alice", Role: rbac.Guest}, fault.KindConflict, "The project member specified already exist"},
		"a member with a bad role":  {p.ID, project.NewMember{UserName: "alice", Role: 9}, fault.KindConflict, "The project member specified already exist"},
		"a newcomer, bad role":      {other.ID, project.NewMember{UserName: "alice", Role: 9}, fault.KindInvalid, "Failed to update project member, role is not in 1,2,3"},
		"nobody of that name":       {p.ID, project.NewMember{UserName: "nosuch", Role: rbac.Guest}, fault.KindNotFound, "user nosuch is not found"},
		"nobody of that id":         {p.ID, project.NewMember{UserID: 999, Role: rbac.Guest}, fault.KindNotFound, "user 999 not found"},
		"nobody named":              {p.ID, project.NewMember{Role: rbac.Guest}, fault.KindInvalid, "name a user"},
		"no such project":           {999, project.NewMember{UserName: "alice", Role: rbac.Guest}, fault.KindNotFound, "project 999 not found"},
		"a name that is not a name": {p.ID, project.NewMember{UserName: "a\x00\xff", Role: rbac.Guest}, fault.KindNotFound, "user"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.AddMember(t.Context(), f.admin, c.project, c.in)
			refusal(t, err, c.kind, c.message)
		})
	}
	gone := fmt.Sprintf("project member %d not found", m.ID)
	refusal(t, f.UpdateMember(t.Context(), f.admin, other.ID, m.ID, rbac.Guest), fault.KindNotFound, gone)
	refusal(t, f.RemoveMember(t.Context(), f.admin, other.ID, m.ID), fault.KindNotFound, gone)
	refusal(t, f.UpdateMember(t.Context(), f.admin, p.ID, m.ID, 9), fault.KindInvalid, "Failed to update project member")
	_, err := f.GetMember(t.Context(), other.ID, m.ID)
	refusal(t, err, fault.KindNotFound, gone)
}

func TestMembersAreListedByName(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "p"})
	for _, name := range []string{"carol", "bob", "a_b"} {
		f.member(t, p.ID, f.person(t, name), rbac.Guest)
	}
	for filter, want := range map[string]string{"": "a_b admin bob carol", "B": "a_b bob", "_": "a_b", "\xff": ""} {
		list, err := f.ListMembers(t.Context(), p.ID, filter, page.Page{})
		var got []string
		for _, m := range list.Items {
			got = append(got, m.EntityName)
		}
		if err != nil || strings.Join(got, " ") != want || int(list.Total) != len(got) {
			t.Errorf("%q: %v of %d, %v", filter, got, list.Total, err)
		}
	}
	second, err := page.New(2, 3, "", "-entity_name")
	if err != nil {
		t.Fatal(err)
	}
	queries := storetest.Count(t, f.db)
	list, err := f.ListMembers(t.Context(), p.ID, "", second)
	if err != nil || list.Total != 4 || len(list.Items) != 1 || list.Items[0].EntityName != "a_b" || queries.Queries() != 2 {
		t.Errorf("got %+v, %v, %d queries", list, err, queries.Queries())
	}
}

func TestAddingAMemberAndDeletingThePersonOrTheProjectAtOnce(t *testing.T) {
	f := start(t)
	for i := range 10 {
		who := f.person(t, fmt.Sprintf("u%d", i))
		p := f.project(t, f.admin, project.New{Name: fmt.Sprintf("p%d", i)})
		results := together(4, func(n int) error {
			switch ctx := context.Background(); n {
			case 0, 1:
				_, err := f.AddMember(ctx, f.admin, p.ID, project.NewMember{UserID: who.ID, Role: rbac.Guest})
				return err
			case 2:
				return f.users.Delete(ctx, f.admin, who.ID)
			default:
				return f.Delete(ctx, f.admin, p.ID)
			}
		})
		if results[2] != nil || results[3] != nil {
			t.Fatalf("%v", results)
		}
		for _, err := range results[:2] {
			if err != nil && !errors.Is(err, fault.ErrNotFound) && !errors.Is(err, fault.ErrConflict) {
				t.Errorf("adding: %v", err)
			}
		}
		var left int
		const query = "SELECT count(*) FROM role_grant WHERE principal_id = $1"
		if err := f.db.Pool.QueryRow(t.Context(), query, who.ID).Scan(&left); err != nil || left != 0 {
			t.Errorf("a deleted person is still a member of %d projects, %v", left, err)
		}
	}
}

func TestAccessIsOneQueryWhateverIsAsked(t *testing.T) {
	f := start(t)
	alice, stranger := f.person(t, "alice"), f.person(t, "stranger")
	private, public := f.project(t, f.admin, project.New{Name: "private"}), f.project(t, f.admin, project.New{Name: "public", Public: true})
	f.member(t, private.ID, alice, rbac.Developer)
	queries := storetest.Count(t, f.db)
	found, err := f.AccessByNames(t.Context(), alice, []string{"private", "public", "nosuch", "Bad Name"})
	if err != nil || len(found) != 2 || queries.Queries() != 1 {
		t.Fatalf("got %v, %v, %d queries", found, err, queries.Queries())
	}
	if a := found["private"]; a.ProjectID != private.ID || a.Public || !slices.Equal(a.Roles, []rbac.Role{rbac.Developer}) {
		t.Errorf("got %+v", a)
	}
	if a := found["public"]; !a.Public || len(a.Roles) != 0 {
		t.Errorf("got %+v", a)
	}
	byID, err := f.AccessByID(t.Context(), alice, private.ID)
	if err != nil || !f.Allowed(byID, alice, rbac.On(rbac.Repository, rbac.Push)) || f.Allowed(byID, alice, rbac.On(rbac.Repository, rbac.Delete)) {
		t.Errorf("got %+v, %v", byID, err)
	}
	for name, who := range map[string]rbac.Subject{"a stranger": stranger, "nobody": {}, "a robot with her number": {Kind: rbac.Machine, ID: alice.ID}, "the program, with her number": {Kind: rbac.System, ID: alice.ID}} {
		a, err := f.AccessByName(t.Context(), who, "private")
		if err != nil || len(a.Roles) != 0 || f.Allowed(a, who, rbac.On(rbac.Repository, rbac.Pull)) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	_, err = f.AccessByID(t.Context(), alice, 999)
	refusal(t, err, fault.KindNotFound, "project 999 not found")
	roles, err := f.RolesOf(t.Context(), alice, []project.ID{private.ID, public.ID})
	if err != nil || len(roles) != 1 || !slices.Equal(roles[private.ID], []rbac.Role{rbac.Developer}) {
		t.Errorf("got %v, %v", roles, err)
	}
	if none, err := f.RolesOf(t.Context(), rbac.Subject{}, []project.ID{private.ID}); err != nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
}

func TestAccessReadsIndexes(t *testing.T) {
	f := start(t)
	for _, sql := range []string{
		"INSERT INTO account (name) SELECT 'u' || i FROM generate_series(1, 2000) i",
		"INSERT INTO project (name, owner_id) SELECT 'p' || i, 1 FROM generate_series(1, 5000) i",
		"INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) SELECT 'u', a, 2, p FROM generate_series(2, 11) a, generate_series(1, 5000) p",
	} {
		if _, err := f.db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	const access = `SELECT p.id, p.name, p.public, g.role_id FROM project p
		LEFT JOIN role_grant g ON g.project_id = p.id AND g.principal_kind = $1 AND g.principal_id = $2 WHERE p.deleted_at IS NULL AND `
	storetest.NoSeqScan(t, f.db, access+"p.name IN ($3, $4)", "u", 7, "p77", "p78")
	storetest.NoSeqScan(t, f.db, access+"p.id = $3", "u", 7, 77)
	storetest.NoSeqScan(t, f.db, "SELECT project_id, role_id FROM role_grant WHERE principal_kind = $1 AND principal_id = $2 AND project_id IN ($3, $4)", "u", 7, 77, 78)
	storetest.NoSeqScan(t, f.db, "SELECT role_id, count(*) FROM role_grant WHERE project_id = $1 AND principal_kind = 'u' GROUP BY role_id", 77)
}
