package user_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestOnlyTheRightPasswordIsVerified(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	got, err := f.VerifyPassword(t.Context(), "ALICE", "Passw0rd1")
	if err != nil || got != u {
		t.Fatalf("got %+v, %v", got, err)
	}
	for name, c := range map[string][2]string{
		"wrong password": {"alice", "Passw0rd2"}, "no password": {"alice", ""}, "unknown name": {"nobody", "Passw0rd1"}, "no name": {"", "Passw0rd1"},
		"NUL in the name": {"alice\x00", "Passw0rd1"}, "bad UTF-8": {"alice\xff", "Passw0rd1"}, "NUL in the password": {"alice", "Passw0rd1\x00"},
		"endless password": {"alice", strings.Repeat("Passw0rd1", 100_000)},
	} {
		got, err := f.VerifyPassword(t.Context(), c[0], c[1])
		if !errors.Is(err, fault.ErrUnauthorized) || err.Error() != "unauthorized" || got != (user.User{}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestAnUnknownNameCostsAsMuchAsAWrongPassword(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	costly := user.PasswordParams{Memory: 32 * 1024, Time: 2, Threads: 1}
	s := user.NewService(db.Gorm, time.Now, costly)
	if _, _, err := s.EnsureAdmin(t.Context(), "Admin12345"); err != nil {
		t.Fatal(err)
	}
	took := map[string][]time.Duration{}
	for range 9 { // in turns, so that a busy machine slows both
		for _, name := range []string{"admin", "nobody"} {
			begin := time.Now()
			if _, err := s.VerifyPassword(t.Context(), name, "Wrong12345"); !errors.Is(err, fault.ErrUnauthorized) {
				t.Fatal(err)
			}
			took[name] = append(took[name], time.Since(begin))
		}
	}
	median := func(name string) time.Duration {
		slices.Sort(took[name])
		return took[name][len(took[name])/2]
	}
	known, unknown := median("admin"), median("nobody")
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("a known name takes %s, an unknown one %s", known, unknown)
	}
}

func TestWaitingForAPasswordCheckEndsWithTheRequest(t *testing.T) {
	f := start(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.VerifyPassword(ctx, "admin", "Admin12345"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedHashIsAnErrorAndNoSignIn(t *testing.T) {
	f := start(t)
	for _, hash := range []string{
		"x", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=0$AAAA$AAAA",
		"$argon2id$v=19$m=64,t=1,p=1$!$AAAA", "$2b$10$abcdefghijklmnopqrstuv",
	} {
		if _, err := f.db.Pool.Exec(t.Context(), "UPDATE account SET password_hash = $1", hash); err != nil {
			t.Fatal(err)
		}
		if _, err := f.VerifyPassword(t.Context(), "admin", "Admin12345"); err == nil || errors.Is(err, fault.ErrUnauthorized) {
			t.Errorf("%s: %v", hash, err)
		}
	}
	if _, err := f.db.Pool.Exec(t.Context(), "UPDATE account SET password_hash = NULL"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.VerifyPassword(t.Context(), "admin", ""); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("an account without a password: %v", err)
	}
}

func (f fixture) session(t *testing.T, id user.ID, name string) []byte {
	t.Helper()
	key := sha256.Sum256([]byte(name))
	const insert = "INSERT INTO session (id_hash, account_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')"
	if _, err := f.db.Pool.Exec(t.Context(), insert, key[:], id); err != nil {
		t.Fatal(err)
	}
	return key[:]
}

func (f fixture) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if err := f.db.Pool.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPasswordChangeEndsTheOtherSessions(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	here := f.session(t, u.ID, "here")
	f.session(t, u.ID, "elsewhere")
	f.session(t, user.AdminID, "somebody else's")
	old := "Passw0rd1"
	if err := f.SetPassword(t.Context(), as(u), u.ID, &old, "Passw0rd2", here); err != nil {
		t.Fatal(err)
	}
	if n := f.count(t, "SELECT count(*) FROM session WHERE account_id = $1", u.ID); n != 1 {
		t.Errorf("%d sessions are left", n)
	}
	if err := f.SetPassword(t.Context(), f.admin, u.ID, nil, "Passw0rd3"); err != nil {
		t.Fatal(err)
	}
	if n := f.count(t, "SELECT count(*) FROM session"); n != 1 {
		t.Errorf("%d sessions are left, want the administrator's", n)
	}
	for password, want := range map[string]error{"Passw0rd1": fault.ErrUnauthorized, "Passw0rd2": fault.ErrUnauthorized, "Passw0rd3": nil} {
		if _, err := f.VerifyPassword(t.Context(), "alice", password); !errors.Is(err, want) {
			t.Errorf("%s: %v", password, err)
		}
	}
	if got := f.audited(t); got[0] != "admin: update user: alice, password" || got[1] != "alice: update user: alice, password" {
		t.Errorf("audited %q", got)
	}
}

func TestWhoMaySetAPassword(t *testing.T) {
	f := start(t)
	u, other := f.person(t, "alice"), f.person(t, "bob")
	wrong, right := "bad", "Passw0rd1"
	for name, c := range map[string]struct {
		by      rbac.Subject
		id      user.ID
		old     *string
		new     string
		kind    error
		message string
	}{
		"own, wrong old":        {as(u), u.ID, &wrong, "Passw0rd4", fault.ErrForbidden, "Current password is incorrect"},
		"own, no old":           {as(u), u.ID, nil, "Passw0rd4", fault.ErrForbidden, "Current password is incorrect"},
		"admin's own, no old":   {f.admin, user.AdminID, nil, "Passw0rd4", fault.ErrForbidden, "Current password is incorrect"},
		"another's":             {as(other), u.ID, &right, "Passw0rd4", fault.ErrForbidden, "only an administrator"},
		"nobody's":              {f.admin, 999, nil, "Passw0rd4", fault.ErrNotFound, "user 999 not found"},
		"too weak":              {f.admin, u.ID, nil, "weak", fault.ErrInvalid, "the password or secret must be"},
		"the same again":        {as(u), u.ID, &right, right, fault.ErrInvalid, "the new password can not be same with the old one"},
		"a robot with the same": {rbac.Subject{Kind: rbac.Machine, ID: u.ID}, u.ID, &right, "Passw0rd4", fault.ErrForbidden, "only an administrator"},
	} {
		t.Run(name, func(t *testing.T) {
			refusal(t, f.SetPassword(t.Context(), c.by, c.id, c.old, c.new), c.kind, c.message)
		})
	}
	if _, err := f.VerifyPassword(t.Context(), "alice", right); err != nil {
		t.Errorf("the old password no longer works: %v", err)
	}
}

func TestOfTwoPasswordChangesAtOnceOneCounts(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	old := "Passw0rd1"
	results := together(4, func(i int) error {
		return f.SetPassword(context.Background(), as(u), u.ID, &old, "Passw0rd"+string(rune('2'+i)))
	})
	if n := count(results, nil); n != 1 {
		t.Errorf("%d changes went through: %v", n, results)
	}
}

func BenchmarkVerifyPassword(b *testing.B) {
	s := user.NewService(storetest.New(b, migrations.Files).Gorm, time.Now, user.DefaultPasswordParams())
	if _, _, err := s.EnsureAdmin(b.Context(), "Admin12345"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.VerifyPassword(b.Context(), "admin", "Admin12345"); err != nil {
			b.Fatal(err)
		}
	}
}
