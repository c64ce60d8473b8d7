package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func (f fixture) login(t *testing.T) auth.Session {
	t.Helper()
	s, err := f.Login(t.Context(), "alice", right, from("192.0.2.1"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASessionBeginsAndEnds(t *testing.T) {
	f := start(t)
	s := f.login(t)
	who, got, err := f.Session(t.Context(), s.Cookie)
	if err != nil || who.Name != "alice" || who.ID != f.alice.ID || got.Cookie != "" || string(got.Key) != string(s.Key) || !got.ExpiresAt.Equal(s.ExpiresAt) {
		t.Errorf("got %+v, %+v, %v", who, got, err)
	}
	var stored int
	if err := f.db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM session WHERE id_hash = $1 OR user_agent LIKE '%'||$2||'%'", []byte(s.Cookie), s.Cookie).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("the cookie itself is stored: %d, %v", stored, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s); strings.Contains(text, s.Cookie) {
		t.Errorf("the cookie is printed: %s", text)
	}
	for range 2 {
		if err := f.Logout(t.Context(), s.Cookie); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("after signing out: %v", err)
	}
	want := []string{"alice  logout user: alice true", "alice 192.0.2.1 login user: alice true"}
	if got := f.audited(t); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("audited %q", got)
	}
}

func TestACookieThatIsNoneIsNobody(t *testing.T) {
	f := start(t)
	f.login(t)
	for _, cookie := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("\xff", 43), strings.Repeat("A", 1<<20)} {
		if who, _, err := f.Session(t.Context(), cookie); !errors.Is(err, fault.ErrUnauthorized) || who.Known() {
			t.Errorf("%.10q: %+v, %v", cookie, who, err)
		}
	}
}

func TestAWrongPasswordStartsNoSession(t *testing.T) {
	f := start(t)
	if _, err := f.Login(t.Context(), "alice", "wrong", auth.Source{}); !errors.Is(err, fault.ErrUnauthorized) {
		t.Fatal(err)
	}
	if got := f.audited(t); len(got) != 1 {
		t.Errorf("audited %q", got)
	}
}

func TestASessionSlidesButNotForEver(t *testing.T) {
	f := start(t)
	idle := f.login(t)
	f.clock.pass(time.Hour)
	if _, _, err := f.Session(t.Context(), idle.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("after an idle hour: %v", err)
	}
	busy := f.login(t)
	queries := storetest.Count(t, f.db)
	for range 5 {
		f.clock.pass(10 * time.Second)
		if _, _, err := f.Session(t.Context(), busy.Cookie); err != nil {
			t.Fatal(err)
		}
	}
	if queries.Queries() != 5 || queries.Commits() != 0 {
		t.Errorf("five requests within a minute: %q", queries.Statements())
	}
	var alive time.Duration
	for ; alive < 48*time.Hour; alive += 50 * time.Minute {
		f.clock.pass(50 * time.Minute)
		if _, _, err := f.Session(t.Context(), busy.Cookie); err != nil {
			break
		}
	}
	if alive < 22*time.Hour || alive > 24*time.Hour {
		t.Errorf("a busy session lived for %s, want 24 hours at most", alive)
	}
}

func TestAPasswordChangeMissesNoSession(t *testing.T) {
	f := start(t)
	for i := range 10 { // a sign-in and a change at the same moment
		f.clock.pass(2 * time.Minute)
		old, next := right, "Passw0rd2"
		if i%2 == 1 {
			old, next = next, old
		}
		var wg sync.WaitGroup
		var s auth.Session
		wg.Go(func() { s, _ = f.Login(context.Background(), "alice", old, auth.Source{}) })
		wg.Go(func() {
			if err := f.users.SetPassword(context.Background(), f.admin, f.alice.ID, nil, next); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if s.Cookie == "" {
			continue
		}
		if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
			t.Fatalf("a session with the old password survived its change: %v", err)
		}
	}
}

func TestSweepingTakesOnlyWhatIsOver(t *testing.T) {
	f := start(t)
	f.login(t)
	if _, err := f.Basic(t.Context(), "nobody", "wrong", from("192.0.2.1")); !errors.Is(err, fault.ErrUnauthorized) {
		t.Fatal(err)
	}
	if n, err := f.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	f.clock.pass(2 * time.Hour)
	kept := f.login(t)
	if n, err := f.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, _, err := f.Session(t.Context(), kept.Cookie); err != nil {
		t.Error(err)
	}
	f.clock.pass(25 * time.Hour)
	if n, err := f.Sweep(t.Context()); n != 3 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}
