package user_test

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
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

type fixture struct {
	*user.Service
	db    *store.DB
	admin rbac.Subject
}

func cheap() user.PasswordParams { return user.PasswordParams{Memory: 64, Time: 1, Threads: 1} }

func start(t *testing.T) fixture {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	s := user.NewService(db.Gorm, time.Now, cheap())
	if _, _, err := s.EnsureAdmin(t.Context(), "Admin12345"); err != nil {
		t.Fatal(err)
	}
	return fixture{s, db, rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true}}
}

func (f fixture) person(t *testing.T, name string) user.User {
	t.Helper()
	u, err := f.Create(t.Context(), f.admin, person(name))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func person(name string) user.New {
	return user.New{Name: name, Email: name + "@example.com", Realname: "A Person", Comment: "c", Password: "Passw0rd1"}
}

func as(u user.User) rbac.Subject {
	return rbac.Subject{Kind: rbac.Human, ID: u.ID, Name: u.Name, SysAdmin: u.SysAdmin}
}

// refusal checks an error's kind and message.
func refusal(t *testing.T, err, kind error, message string) {
	t.Helper()
	if !errors.Is(err, kind) || !strings.HasPrefix(err.Error(), message) {
		t.Errorf("got %v, want %q", err, message)
	}
}

func (f fixture) audited(t *testing.T) []string {
	t.Helper()
	list, err := audit.NewService(f.db.Gorm, time.Now).List(t.Context(), audit.Scope{}, page.Page{Number: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		out = append(out, e.Username+": "+e.Description)
	}
	return out
}

func TestAnAccountIsMadeFoundAndListed(t *testing.T) {
	f := start(t)
	made := f.person(t, "Alice")
	got, err := f.FindByName(t.Context(), "aLICE")
	if err != nil || got != made || made.ID <= user.AdminID {
		t.Fatalf("made %+v, found %+v, %v", made, got, err)
	}
	if got, err := f.Get(t.Context(), made.ID); err != nil || got != made {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = f.Get(t.Context(), 99999)
	refusal(t, err, fault.ErrNotFound, "user 99999 not found")
	for _, name := range []string{"", "nosuch", "nul\x00", "\xff", strings.Repeat("x", 1<<20)} {
		if _, err = f.FindByName(t.Context(), name); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	p, err := page.New(1, 2, "username=~ali", "-username")
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.List(t.Context(), p)
	if err != nil || list.Total != 1 || list.Items[0] != made {
		t.Errorf("got %+v, %v", list, err)
	}
	if got := f.audited(t); got[0] != "admin: create user: Alice" {
		t.Errorf("audited %q", got)
	}
}

func TestSearchFindsBeginningsOfNames(t *testing.T) {
	f := start(t)
	for _, name := range []string{"bob", "Bobby", "bop", "a_bob", "böb"} {
		in := person(name)
		in.Email = ""
		if _, err := f.Create(t.Context(), f.admin, in); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string]string{"BOB": "bob Bobby", "bo": "bob Bobby bop", "bö": "böb", "%": "", "a_": "a_bob", "x\x00": "", "": "a_bob admin bob Bobby bop böb"} {
		list, err := f.Search(t.Context(), prefix, page.Page{})
		var got []string
		for _, u := range list.Items {
			got = append(got, u.Name)
		}
		if err != nil || strings.Join(got, " ") != want || int(list.Total) != len(got) {
			t.Errorf("%q: %v of %d, %v", prefix, got, list.Total, err)
		}
	}
}

func TestFindingAPersonAmongManyReadsAnIndex(t *testing.T) {
	f := start(t)
	_, err := f.db.Pool.Exec(t.Context(), "INSERT INTO account (name) SELECT 'Person' || i FROM generate_series(1, 20000) i")
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScan(t, f.db, "SELECT id FROM account WHERE deleted_at IS NULL AND lower(name) = lower($1) LIMIT 1", "person7")
	storetest.NoSeqScan(t, f.db, `SELECT id FROM account WHERE deleted_at IS NULL
		AND lower(name) >= lower($1) AND lower(name) < lower($1) || chr(1114111) ORDER BY lower(name) LIMIT 10`, "person7")
}

func TestBadInputIsRefusedWithAReason(t *testing.T) {
	f := start(t)
	f.person(t, "u1")
	const rule = "the password or secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number"
	for name, c := range map[string]struct {
		change  func(*user.New)
		message string
	}{
		"no name":               {func(n *user.New) { n.Name = "" }, "username with illegal length"},
		"a long name":           {func(n *user.New) { n.Name = strings.Repeat("é", 256) }, "username with illegal length"},
		"a name with a dollar":  {func(n *user.New) { n.Name = "robot$x" }, "username contains illegal characters"},
		"a name with a comma":   {func(n *user.New) { n.Name = "a,b" }, "username contains illegal characters"},
		"a name with NUL":       {func(n *user.New) { n.Name = "a\x00b" }, "username contains illegal characters"},
		"a name with a space":   {func(n *user.New) { n.Name = " a" }, "username contains illegal characters"},
		"a name with bad UTF-8": {func(n *user.New) { n.Name = "a\xff" }, "username contains illegal characters"},
		"bad mail":              {func(n *user.New) { n.Email = "bad" }, "email with illegal format"},
		"mail with NUL":         {func(n *user.New) { n.Email = "\"a\x00\"@example.com" }, "email with illegal format"},
		"mail with bad UTF-8":   {func(n *user.New) { n.Email = "a\xff@example.com" }, "email with illegal format"},
		"long mail":             {func(n *user.New) { n.Email = strings.Repeat("a", 250) + "@example.com" }, "email with illegal format"},
		"no real name":          {func(n *user.New) { n.Realname = "" }, "realname with illegal length"},
		"a real name with #":    {func(n *user.New) { n.Realname = "a#" }, "realname contains illegal characters"},
		"a long comment":        {func(n *user.New) { n.Comment = strings.Repeat("x", 31) }, "comment with illegal length"},
		"a comment with NUL":    {func(n *user.New) { n.Comment = "\x00" }, "comment contains illegal characters"},
		"a short password":      {func(n *user.New) { n.Password = "Shor1" }, rule},
		"a long password":       {func(n *user.New) { n.Password = strings.Repeat("Aa1", 50) }, rule},
		"a lower password":      {func(n *user.New) { n.Password = "password1" }, rule},
		"no digit":              {func(n *user.New) { n.Password = "Passwords" }, rule},
	} {
		t.Run(name, func(t *testing.T) {
			in := person("u2")
			c.change(&in)
			_, err := f.Create(t.Context(), f.admin, in)
			refusal(t, err, fault.ErrInvalid, c.message)
		})
	}
	same := person("U1")
	same.Email = "zz@example.com"
	_, err := f.Create(t.Context(), f.admin, same)
	refusal(t, err, fault.ErrConflict, "user U1 or email zz@example.com already exists")
	same = person("u3")
	same.Email = "U1@example.com"
	_, err = f.Create(t.Context(), f.admin, same)
	refusal(t, err, fault.ErrConflict, "user u3 or email U1@example.com already exists")
	if got := f.audited(t); len(got) != 2 {
		t.Errorf("refusals were audited as changes: %q", got)
	}
}

func TestOfTwoWhoTakeANameAtOnceOneGetsIt(t *testing.T) {
	f := start(t)
	results := together(8, func(i int) error {
		in := person("same")
		in.Email = fmt.Sprintf("same%d@example.com", i)
		_, err := f.Create(context.Background(), f.admin, in)
		return err
	})
	if won, lost := count(results, nil), count(results, fault.ErrConflict); won != 1 || lost != 7 {
		t.Errorf("%d won, %d lost: %v", won, lost, results)
	}
}

func together(n int, do func(int) error) []error {
	out := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { out[i] = do(i) })
	}
	wg.Wait()
	return out
}

func count(results []error, kind error) (n int) {
	for _, err := range results {
		if errors.Is(err, kind) {
			n++
		}
	}
	return n
}

func TestAProfileChangesWhole(t *testing.T) {
	f := start(t)
	u, other := f.person(t, "u1"), f.person(t, "u2")
	if err := f.UpdateProfile(t.Context(), as(u), u.ID, user.Profile{Email: "u1@example.org", Realname: "New", Comment: "n"}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := f.Get(t.Context(), u.ID)
	if err != nil || got.Email != "u1@example.org" || got.Realname != "New" || got.Comment != "n" || !got.UpdatedAt.After(u.UpdatedAt) {
		t.Errorf("got %+v, %v", got, err)
	}
	err = f.UpdateProfile(t.Context(), as(u), u.ID, user.Profile{Email: other.Email, Realname: "New"}, nil)
	refusal(t, err, fault.ErrConflict, "user u1 or email u2@example.com already exists")
	err = f.UpdateProfile(t.Context(), f.admin, 999, user.Profile{Realname: "New"}, nil)
	refusal(t, err, fault.ErrNotFound, "user 999 not found")
	if got := f.audited(t); got[0] != "u1: update user: u1" {
		t.Errorf("audited %q", got)
	}
}
