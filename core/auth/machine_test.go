package auth_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// machines is one machine, whose secret and state a test changes.
type machines struct {
	mu     sync.Mutex
	secret string
	ended  string
	gone   bool
	broken error
}

const ci = "robot$gold+ci"

func (m *machines) Verify(_ context.Context, name, secret string) (rbac.Subject, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.broken != nil:
		return rbac.Subject{}, false, m.broken
	case m.gone || name != ci || secret != m.secret:
		return rbac.Subject{}, false, nil
	case m.ended != "":
		return rbac.Subject{}, true, &auth.EndedError{Reason: m.ended}
	}
	return rbac.Subject{Kind: rbac.Machine, ID: 3, Name: ci, Grants: &rbac.Grants{}}, true, nil
}

func (m *machines) change(how func(*machines)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	how(m)
}

func startWithMachine(t testing.TB) (fixture, *machines) {
	t.Helper()
	f, m := start(t), &machines{secret: "aSecret1"}
	f.Service = f.replicaWith(m)
	return f, m
}

func (f fixture) replicaWith(m auth.Machines) *auth.Service {
	options := auth.DefaultOptions()
	options.Machines = m
	return auth.NewService(f.db.Gorm, f.users, audit.NewService(f.db.Gorm, f.clock.read), f.clock.read, options)
}

func TestAMachineIsWhoHasItsSecret(t *testing.T) {
	f, _ := startWithMachine(t)
	got, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1"))
	if err != nil || got.Kind != rbac.Machine || got.Name != ci || got.Address != "192.0.2.1" || got.Grants == nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := f.Basic(t.Context(), "alice", right, from("192.0.2.1")); err != nil || got.Kind != rbac.Human {
		t.Errorf("people sign in as before: %+v, %v", got, err)
	}
	for _, wrong := range []string{"", "x", right} {
		_, err := f.Basic(t.Context(), ci, wrong, from("192.0.2.2"))
		_, other := f.Basic(t.Context(), "robot$gold+nosuch", wrong, from("192.0.2.3"))
		if !errors.Is(err, fault.ErrUnauthorized) || err.Error() != other.Error() {
			t.Errorf("a wrong secret: %v, of nobody: %v", err, other)
		}
	}
}

func TestAMachineWhoseSecretWasRightIsAskedForOnceARequest(t *testing.T) {
	f, m := startWithMachine(t)
	sign := func() error {
		_, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1"))
		return err
	}
	if err := sign(); err != nil {
		t.Fatal(err)
	}
	count := storetest.Count(t, f.db)
	f.clock.pass(23 * time.Hour)
	if err := sign(); err != nil || count.Queries() != 0 {
		t.Errorf("%v, with %d queries beside the machine's own", err, count.Queries())
	}
	m.change(func(m *machines) { m.secret = "another1" })
	if err := sign(); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a rotated secret: %v", err)
	}
	m.change(func(m *machines) { m.secret, m.gone = "aSecret1", true })
	if err := sign(); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a deleted machine: %v", err)
	}
	m.change(func(m *machines) { m.broken = errors.New("no database") })
	if err := sign(); err == nil || errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a failure is no refusal: %v", err)
	}
}

func TestAnEndIsToldAndNotCounted(t *testing.T) {
	f, m := startWithMachine(t)
	m.change(func(m *machines) { m.ended = "it has expired" })
	for range 30 {
		_, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1"))
		var ended *auth.EndedError
		if !errors.As(err, &ended) || ended.Reason != "it has expired" || !errors.Is(err, fault.ErrUnauthorized) {
			t.Fatalf("got %v", err)
		}
	}
	m.change(func(m *machines) { m.ended = "" })
	if _, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1")); err != nil {
		t.Errorf("with more time: %v", err)
	}
	if got := f.audited(t); len(got) != 0 {
		t.Errorf("the log has %q", got)
	}
}

func TestGuessingAtAMachineIsLockedLikeAtAPerson(t *testing.T) {
	f, m := startWithMachine(t)
	if _, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, err := f.Basic(t.Context(), ci, fmt.Sprint("guess", i), from("192.0.2.9")); !errors.Is(err, fault.ErrUnauthorized) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	_, err := f.Basic(t.Context(), ci, "guess", from("192.0.2.10"))
	lockedFor(t, err)
	_, err = f.replicaWith(m).Basic(t.Context(), ci, "aSecret1", from("192.0.2.10"))
	lockedFor(t, err)
	if _, err := f.Basic(t.Context(), ci, "aSecret1", from("192.0.2.1")); err != nil {
		t.Errorf("who guesses locks out the machine at work: %v", err)
	}
	f.clock.pass(2 * time.Second)
	if _, err := f.replicaWith(m).Basic(t.Context(), ci, "aSecret1", from("192.0.2.10")); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if _, err := f.Basic(t.Context(), ci, "guess", from("192.0.2.10")); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a right secret clears the name: %v", err)
	}
}

func TestABurstOfGuessesGetsNoFurtherThanTheLock(t *testing.T) {
	f, _ := startWithMachine(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for i := range 30 {
		all.Go(func() {
			_, err := f.Basic(t.Context(), ci, fmt.Sprint("guess", i), from(fmt.Sprint("192.0.2.", i)))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, fault.ErrUnauthorized) {
				tried++
			}
		})
	}
	all.Wait()
	if tried != 5 {
		t.Errorf("%d guesses were looked at", tried)
	}
}

func TestAMachineHasNoSession(t *testing.T) {
	f, _ := startWithMachine(t)
	_, err := f.Login(t.Context(), ci, "aSecret1", from("192.0.2.1"))
	if !errors.Is(err, fault.ErrForbidden) || err.Error() != ci+" is a robot account, which has no session: use its name and secret with docker login, or with the API as basic authentication" {
		t.Errorf("got %v", err)
	}
	if _, err := f.Login(t.Context(), ci, "wrong", from("192.0.2.1")); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("a wrong secret: %v", err)
	}
}

func BenchmarkRobotThatIsKnown(b *testing.B) {
	f, _ := startWithMachine(b)
	for b.Loop() {
		if _, err := f.Basic(b.Context(), ci, "aSecret1", from("192.0.2.1")); err != nil {
			b.Fatal(err)
		}
	}
}
