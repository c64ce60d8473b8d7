package user_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := user.NewService(db.Gorm, time.Now, cheap())
	if _, _, err := s.EnsureAdmin(t.Context(), "weak"); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a weak password: %v", err)
	}
	var made atomic.Int32
	var password atomic.Value
	for _, err := range together(3, func(int) error { // three servers start at once
		created, generated, err := s.EnsureAdmin(context.Background(), "")
		if created {
			made.Add(1)
			password.Store(generated)
		} else if generated != "" {
			return errors.New("a password was shown that is not the administrator's")
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if made.Load() != 1 {
		t.Fatalf("made %d times", made.Load())
	}
	u, err := s.VerifyPassword(t.Context(), "admin", password.Load().(string))
	if err != nil || u.ID != 1 || !u.SysAdmin || u.Realname != "system admin" || u.Comment != "admin user" {
		t.Errorf("got %+v, %v", u, err)
	}
	if created, generated, err := s.EnsureAdmin(t.Context(), "Other12345"); created || generated != "" || err != nil {
		t.Errorf("a later start: %t, %q, %v", created, generated, err)
	}
	next, err := s.Create(t.Context(), rbac.SystemSubject(), person("next"))
	if err != nil || next.ID != 2 {
		t.Errorf("the next account: %+v, %v", next, err)
	}
}

func TestThereIsAlwaysAnAdministrator(t *testing.T) {
	f := start(t)
	err := f.SetSysAdmin(t.Context(), f.admin, user.AdminID, false)
	if f, ok := fault.As(err); !ok || f.Kind != fault.KindPrecondition || !strings.HasPrefix(f.Message, "the last system administrator cannot be made an ordinary user") {
		t.Fatalf("got %v", err)
	}
	u := f.person(t, "second")
	if err := f.SetSysAdmin(t.Context(), f.admin, u.ID, true); err != nil {
		t.Fatal(err)
	}
	// Both are demoted at the same moment, many times over.
	for range 10 {
		results := together(2, func(i int) error {
			return f.SetSysAdmin(context.Background(), f.admin, []user.ID{user.AdminID, u.ID}[i], false)
		})
		if n := f.count(t, "SELECT count(*) FROM account WHERE sysadmin AND deleted_at IS NULL"); n != 1 {
			t.Fatalf("%d administrators are left: %v", n, results)
		}
		if _, err := f.db.Pool.Exec(t.Context(), "UPDATE account SET sysadmin = true"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetSysAdmin(t.Context(), f.admin, user.AdminID, false); err != nil {
		t.Fatal(err)
	}
	err = f.Delete(t.Context(), rbac.SystemSubject(), u.ID)
	if f, ok := fault.As(err); !ok || f.Kind != fault.KindPrecondition {
		t.Errorf("the last administrator was deleted: %v", err)
	}
	refusal(t, f.SetSysAdmin(t.Context(), f.admin, 999, true), fault.ErrNotFound, "user 999 not found")
	if got := f.audited(t); got[0] != "admin: update user: admin, system administrator: false" {
		t.Errorf("audited %q", got[0])
	}
}

func TestADeletedAccountLeavesNothingButItsName(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	f.session(t, u.ID, "one")
	if _, err := f.db.Pool.Exec(t.Context(), `WITH p AS (INSERT INTO project (name, owner_id) VALUES ('p', 1) RETURNING id)
		INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) SELECT 'u', $1, 1, id FROM p`, u.ID); err != nil {
		t.Fatal(err)
	}
	refusal(t, f.Delete(t.Context(), as(u), u.ID), fault.ErrForbidden, "User with ID 2 can not be deleted")
	refusal(t, f.Delete(t.Context(), f.admin, user.AdminID), fault.ErrForbidden, "User with ID 1 can not be deleted")
	refusal(t, f.Delete(t.Context(), f.admin, 99999), fault.ErrNotFound, "user 99999 not found")
	results := together(3, func(int) error { return f.Delete(context.Background(), f.admin, u.ID) })
	if count(results, nil) != 1 || count(results, fault.ErrNotFound) != 2 {
		t.Fatalf("three deletions at once: %v", results)
	}
	if n := f.count(t, "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM role_grant)"); n != 0 {
		t.Errorf("%d sessions and grants are left", n)
	}
	if _, err := f.VerifyPassword(t.Context(), "alice", "Passw0rd1"); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a deleted account signed in: %v", err)
	}
	again := f.person(t, "alice")
	if again.ID == u.ID {
		t.Error("an id was used twice")
	}
	if got := f.audited(t); got[1] != "admin: delete user: alice" {
		t.Errorf("audited %q", got)
	}
}
