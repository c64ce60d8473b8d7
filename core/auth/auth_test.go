package auth_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const right = "Passw0rd1"

// clock is a clock that a test moves.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	onRead func() // if not nil
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.onRead != nil {
		c.onRead()
	}
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type fixture struct {
	*auth.Service
	users *user.Service
	db    *store.DB
	clock *clock
	admin rbac.Subject
	alice user.User
}

func start(t testing.TB) fixture {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	c := &clock{now: time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)}
	users := user.NewService(db.Gorm, c.read, user.PasswordParams{Memory: 64, Time: 1, Threads: 1})
	if _, _, err := users.EnsureAdmin(t.Context(), "Admin12345"); err != nil {
		t.Fatal(err)
	}
	admin := rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true}
	alice, err := users.Create(t.Context(), admin, user.New{Name: "alice", Realname: "Alice", Password: right})
	if err != nil {
		t.Fatal(err)
	}
	f := fixture{users: users, db: db, clock: c, admin: admin, alice: alice}
	f.Service = f.replica()
	return f
}

// replica is another process on the same database.
func (f fixture) replica() *auth.Service { return f.with(auth.DefaultOptions()) }

func (f fixture) with(o auth.Options) *auth.Service {
	return auth.NewService(f.db.Gorm, f.users, audit.NewService(f.db.Gorm, f.clock.read), f.clock.read, o)
}

func from(address string) auth.Source {
	return auth.Source{Address: address, UserAgent: "docker/27 \xff\x00", Purpose: "token"}
}

func (f fixture) audited(t *testing.T) []string {
	t.Helper()
	list, err := audit.NewService(f.db.Gorm, time.Now).List(t.Context(), audit.Scope{}, page.Page{Number: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		if e.Operation == audit.Login || e.Operation == audit.Logout {
			out = append(out, fmt.Sprintf("%s %s %s %t", e.Username, e.Address, e.Description, e.Succeeded))
		}
	}
	return out
}

func lockedFor(t *testing.T, err error) int {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindTooMany || f.Message != fmt.Sprintf("too many failed sign-ins; try again in %d seconds", f.RetryAfter) {
		t.Fatalf("got %v, want a lock", err)
	}
	return f.RetryAfter
}

func TestARightPasswordIsWhoeverItBelongsTo(t *testing.T) {
	f := start(t)
	got, err := f.Basic(t.Context(), "ALICE", right, from("192.0.2.1"))
	want := rbac.Subject{Kind: rbac.Human, ID: f.alice.ID, Name: "alice", Address: "192.0.2.1"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := f.audited(t); len(got) != 0 {
		t.Errorf("a request is no sign-in: %q", got)
	}
}

func TestARefusalIsWrittenDown(t *testing.T) {
	f := start(t)
	for _, name := range []string{"alice", "nobody", "x\x00\xff", strings.Repeat("é", 5000), ""} {
		if got, err := f.Basic(t.Context(), name, "wrong", from("192.0.2.1")); !errors.Is(err, fault.ErrUnauthorized) || err.Error() != "unauthorized" || got.Known() {
			t.Errorf("%.10q: %+v, %v", name, got, err)
		}
	}
	got := f.audited(t)
	if len(got) != 5 || got[4] != "alice 192.0.2.1 login user: alice refused, wrong user name or password false" {
		t.Errorf("audited %q", got)
	}
}

func TestGuessingGetsSlower(t *testing.T) {
	for _, name := range []string{"alice", "nobody"} { // the same for both, or the lock would tell
		t.Run(name, func(t *testing.T) {
			f := start(t)
			guess := func(password string) error {
				_, err := f.Basic(t.Context(), name, password, auth.Source{})
				return err
			}
			for range 5 {
				if err := guess("wrong"); !errors.Is(err, fault.ErrUnauthorized) {
					t.Fatal(err)
				}
			}
			for _, want := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
				if got := lockedFor(t, guess(right)); got != want {
					t.Fatalf("locked for %d seconds, want %d", got, want)
				}
				lockedFor(t, guess("wrong"))
				if _, err := f.replica().Basic(t.Context(), strings.ToUpper(name), right, from("198.51.100.1")); lockedFor(t, err) != want {
					t.Error("another process, or other letters, get around the lock")
				}
				f.clock.pass(time.Duration(want) * time.Second)
				if err := guess("wrong"); !errors.Is(err, fault.ErrUnauthorized) {
					t.Fatal(err)
				}
			}
			f.clock.pass(15 * time.Minute)
			if err := guess(right); name == "alice" && err != nil {
				t.Fatal(err)
			}
			if name == "alice" {
				f.clock.pass(time.Minute)
				if err := guess("wrong"); !errors.Is(err, fault.ErrUnauthorized) {
					t.Fatal(err)
				}
				if err := guess(right); err != nil {
					t.Errorf("a right password clears the count: %v", err)
				}
			}
		})
	}
}

func TestALockIsWrittenDownOnce(t *testing.T) {
	f := start(t)
	for range 50 {
		_, _ = f.Basic(t.Context(), "alice", "wrong", from("192.0.2.1"))
	}
	got := f.audited(t)
	if len(got) != 6 || got[0] != "alice 192.0.2.1 login user: alice refused, locked after too many wrong passwords false" {
		t.Errorf("audited %d: %q", len(got), got)
	}
}

func TestOneAddressCannotTryMany(t *testing.T) {
	f := start(t)
	for i := range 20 {
		address := fmt.Sprintf("2001:db8::%x", i+1) // one network
		if _, err := f.Basic(t.Context(), fmt.Sprintf("name%d", i), "wrong", from(address)); !errors.Is(err, fault.ErrUnauthorized) {
			t.Fatal(err)
		}
	}
	_, err := f.Basic(t.Context(), "alice", right, from("2001:db8::ffff"))
	if got := lockedFor(t, err); got != 1 {
		t.Errorf("locked for %d seconds", got)
	}
	if _, err := f.Basic(t.Context(), "alice", right, from("2001:db8:0:1::1")); err != nil {
		t.Errorf("another network: %v", err)
	}
	if _, err := f.replica().Basic(t.Context(), "alice", right, from("2001:db8::2")); err == nil {
		t.Error("another process lets the address in")
	}
	f.clock.pass(2 * time.Hour)
	if _, err := f.Basic(t.Context(), "name1", "wrong", from("2001:db8::1")); !errors.Is(err, fault.ErrUnauthorized) {
		t.Fatal(err)
	}
	if _, err := f.Basic(t.Context(), "alice", right, from("2001:db8::1")); err != nil {
		t.Errorf("after a quiet hour: %v", err)
	}
}

func TestABurstOfGuessesCountsEach(t *testing.T) {
	f := start(t)
	var wg sync.WaitGroup
	results := make([]error, 40)
	for i := range results {
		wg.Go(func() { _, results[i] = f.Basic(context.Background(), "alice", fmt.Sprint("wrong", i), auth.Source{}) })
	}
	wg.Wait()
	var checked int
	for _, err := range results {
		if errors.Is(err, fault.ErrUnauthorized) {
			checked++
		} else {
			lockedFor(t, err)
		}
	}
	if checked != 5 {
		t.Errorf("%d of 40 guesses at once were checked, want 5", checked)
	}
}

func TestAGuesserWhoHangsUpIsCounted(t *testing.T) {
	f := start(t)
	ctx, hangUp := context.WithCancel(t.Context())
	reads := 0
	f.clock.onRead = func() {
		if reads++; reads == 4 { // the time of the failure, once the password is found wrong
			hangUp()
		}
	}
	if _, err := f.Basic(ctx, "alice", "wrong", auth.Source{}); !errors.Is(err, fault.ErrUnauthorized) || ctx.Err() == nil {
		t.Errorf("got %v, %v", err, ctx.Err())
	}
	var failures int
	if err := f.db.Pool.QueryRow(t.Context(), "SELECT failures FROM login_failure WHERE key = 'name:alice'").Scan(&failures); err != nil || failures != 1 {
		t.Errorf("%d failures were counted, %v", failures, err)
	}
}

func TestAPasswordIsRememberedForAMoment(t *testing.T) {
	f := start(t)
	signIn := func() (rbac.Subject, error) { return f.Basic(t.Context(), "alice", right, auth.Source{}) }
	must := func() rbac.Subject {
		t.Helper()
		who, err := signIn()
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	must()
	queries := storetest.Count(t, f.db)
	must()
	if queries.Queries() != 1 || queries.Commits() != 0 {
		t.Errorf("a remembered password: %q", queries.Statements())
	}
	f.clock.pass(time.Minute)
	queries.Reset()
	must()
	if queries.Queries() < 2 {
		t.Error("a password is remembered for longer than a minute")
	}
	for range 6 { // somebody else guesses: whoever knows the password goes on
		_, _ = f.Basic(t.Context(), "alice", "wrong", auth.Source{})
	}
	must()
	if err := f.users.SetSysAdmin(t.Context(), f.admin, f.alice.ID, true); err != nil {
		t.Fatal(err)
	}
	if !must().SysAdmin {
		t.Error("a promotion is not seen at once")
	}
	if err := f.users.SetSysAdmin(t.Context(), f.admin, f.alice.ID, false); err != nil {
		t.Fatal(err)
	}
	if must().SysAdmin {
		t.Error("a demotion is not seen at once")
	}
	f.clock.pass(time.Second)
	if err := f.users.SetPassword(t.Context(), f.admin, f.alice.ID, nil, "Passw0rd2"); err != nil {
		t.Fatal(err)
	}
	f.clock.pass(20 * time.Second)
	if _, err := signIn(); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("the old password after a change: %v", err)
	}
}

func TestADeletedAccountIsForgottenAtOnce(t *testing.T) {
	f := start(t)
	if _, err := f.Basic(t.Context(), "alice", right, auth.Source{}); err != nil {
		t.Fatal(err)
	}
	s, err := f.Login(t.Context(), "alice", right, auth.Source{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.users.Delete(t.Context(), f.admin, f.alice.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Basic(t.Context(), "alice", right, auth.Source{}); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("its password: %v", err)
	}
	if _, _, err := f.Session(t.Context(), s.Cookie); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("its session: %v", err)
	}
}

func TestWaitingForATurnEndsWithTheRequest(t *testing.T) {
	f := start(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Basic(ctx, "alice", right, auth.Source{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := f.Basic(t.Context(), "alice", right, auth.Source{}); err != nil {
		t.Errorf("the turn was not given back: %v", err)
	}
}
