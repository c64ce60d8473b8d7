package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/user"
)

func (f fixture) asAlice() rbac.Subject {
	return rbac.Subject{Kind: rbac.Human, ID: f.alice.ID, Name: f.alice.Name}
}

func (f fixture) seats(t *testing.T) []auth.Seat {
	t.Helper()
	out, err := f.Seats(t.Context(), f.asAlice())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSessionsAreListedTheLastUsedFirst(t *testing.T) {
	f := start(t)
	first := f.login(t)
	f.clock.pass(2 * time.Minute)
	f.login(t)
	f.clock.pass(2 * time.Minute)
	if _, _, err := f.Session(t.Context(), first.Cookie); err != nil {
		t.Fatal(err)
	}
	got := f.seats(t)
	if len(got) != 2 || string(got[0].IDHash) != string(first.Key) || got[0].Address != "192.0.2.1" || !strings.HasPrefix(got[0].UserAgent, "docker/27") {
		t.Fatalf("%+v", got)
	}
	if got[0].SeenAt.Sub(got[0].CreatedAt) != 4*time.Minute || got[0].ExpiresAt.Sub(got[0].SeenAt) != time.Hour {
		t.Errorf("%+v", got[0])
	}
	f.clock.pass(59 * time.Minute)
	if got := f.seats(t); len(got) != 1 {
		t.Errorf("%d sessions, of which one has expired", len(got))
	}
}

func TestASessionIsEndedByItsOwnerOnly(t *testing.T) {
	f := start(t)
	s := f.login(t)
	id := f.seats(t)[0].ID()
	for _, other := range []string{id[:63] + "x", id[2:], "", strings.Repeat("0", 64)} {
		if err := f.EndSeat(t.Context(), f.asAlice(), other); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := f.EndSeat(t.Context(), f.admin, id); !errors.Is(err, fault.ErrNotFound) {
		t.Error("somebody else's session was ended", err)
	}
	if err := f.EndSeat(t.Context(), f.asAlice(), id); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Error("the session goes on", err)
	}
	if got := f.audited(t); got[0] != "alice  logout user: alice ended one session true" {
		t.Error(got)
	}
}

func TestAllOtherSessionsEndAtOnce(t *testing.T) {
	f := start(t)
	here, there, elsewhere := f.login(t), f.login(t), f.login(t)
	if err := f.EndOtherSeats(t.Context(), f.asAlice(), here.Key); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[*auth.Session]error{&here: nil, &there: fault.ErrUnauthorized, &elsewhere: fault.ErrUnauthorized} {
		if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if err := f.EndOtherSeats(t.Context(), f.asAlice(), nil); err != nil || len(f.seats(t)) != 0 {
		t.Error("without a session all end", err)
	}
}

func TestAChangedPasswordEndsTheOtherSessions(t *testing.T) {
	f := start(t)
	here, there := f.login(t), f.login(t)
	old := right
	if err := f.users.SetPassword(t.Context(), f.asAlice(), f.alice.ID, &old, "Passw0rd9", here.Key); err != nil {
		t.Fatal(err)
	}
	if got := f.seats(t); len(got) != 1 || string(got[0].IDHash) != string(here.Key) {
		t.Errorf("%d sessions", len(got))
	}
	if _, _, err := f.Session(t.Context(), there.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Error(err)
	}
}

func TestWhoRegistersAdministersNothing(t *testing.T) {
	f := start(t)
	in := user.New{Name: "bob", Email: "bob@example.com", Realname: "Bob", Password: right, SysAdmin: true}
	u, err := f.Join(t.Context(), in, from("192.0.2.7"))
	if err != nil || u.SysAdmin {
		t.Fatalf("%+v, %v", u, err)
	}
	if _, err := f.Join(t.Context(), in, from("192.0.2.7")); !errors.Is(err, fault.ErrConflict) {
		t.Error(err)
	}
}

func TestAnAddressThatRegistersManyHasToWait(t *testing.T) {
	f := start(t)
	for i := range 20 {
		if err := f.AdmitStranger(t.Context(), from("192.0.2.7")); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	err := f.AdmitStranger(t.Context(), from("192.0.2.7"))
	if told, ok := fault.As(err); !ok || told.Kind != fault.KindTooMany || told.RetryAfter < 1 {
		t.Fatal(err)
	}
	if err := f.AdmitStranger(t.Context(), from("192.0.2.8")); err != nil {
		t.Error("another address", err)
	}
	if _, err := f.Basic(t.Context(), "alice", right, from("192.0.2.7")); err != nil {
		t.Error("signing in is counted by itself", err)
	}
	f.clock.pass(2 * time.Second)
	if err := f.AdmitStranger(t.Context(), from("192.0.2.7")); err != nil {
		t.Error("after the wait", err)
	}
}

func TestAShorterTimeoutEndsSessionsThatAreThere(t *testing.T) {
	f := start(t)
	timeout := time.Hour
	o := auth.DefaultOptions()
	o.SessionIdle = func(context.Context) (time.Duration, error) { return timeout, nil }
	f.Service = f.with(o)
	s := f.login(t)
	timeout = time.Minute
	for range 5 { // who is there stays
		f.clock.pass(30 * time.Second)
		if _, _, err := f.Session(t.Context(), s.Cookie); err != nil {
			t.Fatal(err)
		}
	}
	f.clock.pass(61 * time.Second)
	if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Error(err)
	}
	timeout = 48 * time.Hour // longer than sessions live otherwise
	s = f.login(t)
	f.clock.pass(47 * time.Hour)
	if _, _, err := f.Session(t.Context(), s.Cookie); err != nil {
		t.Error(err)
	}
}
