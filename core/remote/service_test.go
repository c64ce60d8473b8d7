package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/outbound"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// place is the service over a real database, with a clock that the test moves.
type place struct {
	*remote.Service
	*coretest.Domain
	clock *coretest.Clock
	users map[remote.ID][]string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Domain: coretest.New(t), clock: coretest.NewClock(time.Now()), users: map[remote.ID][]string{}}
	p.Service = p.again(t, 1)
	return p
}

// again is the service of another process, with a master key.
func (p *place) again(t *testing.T, key byte) *remote.Service {
	t.Helper()
	guard, err := outbound.New(outbound.Options{})
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(bytes.Repeat([]byte{key}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return remote.NewService(remote.Deps{
		DB: p.DB.Gorm, Sealer: box, Outbound: guard, Clock: p.clock.Read,
		Users: func(_ store.Tx, id remote.ID) ([]string, error) { return p.users[id], nil },
	})
}

func peer(t *testing.T) *adaptertest.Registry {
	t.Helper()
	return adaptertest.New(t, adaptertest.Options{User: user, Password: password, Bearer: true}, nil)
}

func fields(name string, r *adaptertest.Registry) remote.Fields {
	return remote.Fields{Name: name, Kind: "docker-registry", URL: r.URL, Credential: mover}
}

func (p *place) make(t *testing.T, f remote.Fields) remote.Endpoint {
	t.Helper()
	e, err := p.Create(t.Context(), p.Admin, f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func ptr[T any](v T) *T { return &v }

func TestASecretIsSealedForItsRowAndOpensTheRegistry(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	var raw []byte
	if err := p.DB.Pool.QueryRow(t.Context(), "SELECT secret FROM registry WHERE id = $1", e.ID).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	if len(raw) == 0 || bytes.Contains(raw, []byte(password)) {
		t.Fatalf("%q is no sealed secret", raw)
	}
	a, err := p.Open(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b, err := p.Open(t.Context(), e.ID); err != nil || b != a {
		t.Errorf("it does not keep its tokens: %v", err)
	}
	// Moved to another row it is worth nothing.
	second := p.make(t, remote.Fields{Name: "second", Kind: "docker-registry", URL: adaptertest.New(t, adaptertest.Options{}, nil).URL})
	if err := p.DB.Gorm.Exec("UPDATE registry SET secret = ?, updated_at = now() WHERE id = ?", raw, second.ID).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := p.Open(t.Context(), second.ID); err == nil {
		t.Error("a secret was opened in another row")
	}
	// Sealed under a key that is lost, it can be given anew.
	lost := p.again(t, 2)
	if _, err := lost.Open(t.Context(), e.ID); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("%v", err)
	}
	if err := lost.Update(t.Context(), p.Admin, e.ID, nil, remote.Change{AccessSecret: ptr(config.Secret(password))}); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeARegistryIsRefusedAndLeavesNothing(t *testing.T) {
	p, r := newPlace(t), peer(t)
	host := strings.TrimPrefix(r.URL, "http://")
	for name, test := range map[string]struct {
		change func(f *remote.Fields)
		want   string
	}{
		"no name":                     {func(f *remote.Fields) { f.Name = "" }, "the name of a registry cannot be empty"},
		"a long name":                 {func(f *remote.Fields) { f.Name = strings.Repeat("n", 65) }, "at most 64 characters"},
		"a name of spaces":            {func(f *remote.Fields) { f.Name = " " }, "without spaces around it"},
		"a name with a line end":      {func(f *remote.Fields) { f.Name = "a\nb" }, "without control characters"},
		"a long description":          {func(f *remote.Fields) { f.Description = strings.Repeat("d", 1025) }, "description"},
		"a kind that there is not":    {func(f *remote.Fields) { f.Kind = "helm-hub" }, `unsupported registry type: "helm-hub"`},
		"no kind":                     {func(f *remote.Fields) { f.Kind = "" }, "type or url cannot be empty"},
		"no URL":                      {func(f *remote.Fields) { f.URL = "" }, "type or url cannot be empty"},
		"a password in the URL":       {func(f *remote.Fields) { f.URL = "http://me:hunter22@" + host }, "it holds a user name or a password"},
		"a user in the URL":           {func(f *remote.Fields) { f.URL = "me@" + host }, "it holds a user name or a password"},
		"another scheme":              {func(f *remote.Fields) { f.URL = "file:///etc/passwd" }, `unsupported scheme "file"`},
		"no host":                     {func(f *remote.Fields) { f.URL = "http:///v2/" }, "it names no host"},
		"a query":                     {func(f *remote.Fields) { f.URL += "/?a=b" }, "neither a query"},
		"a fragment":                  {func(f *remote.Fields) { f.URL += "/#a" }, "nor a fragment"},
		"a port that is none":         {func(f *remote.Fields) { f.URL = "http://127.0.0.1:99999" }, "is no port"},
		"a URL that is none":          {func(f *remote.Fields) { f.URL = "http://[::1" }, "it cannot be read"},
		"a URL with a space":          {func(f *remote.Fields) { f.URL = "http://a b/" }, "invalid URL"},
		"a metadata service":          {func(f *remote.Fields) { f.URL = "http://169.254.169.254" }, "the registry is unhealthy: requests to 169.254.169.254 are refused"},
		"a certificate that is none":  {func(f *remote.Fields) { f.CACertificate = "-----" }, "no certificate in PEM"},
		"a credential of no type":     {func(f *remote.Fields) { f.Credential.Type = "cookie" }, "must be basic"},
		"a colon in the user's name":  {func(f *remote.Fields) { f.Credential.Key = "a:b" }, "no colon"},
		"a huge secret":               {func(f *remote.Fields) { f.Credential.Secret = config.Secret(strings.Repeat("s", 20_000)) }, "at most 16 KiB"},
		"the mask in place of one":    {func(f *remote.Fields) { f.Credential.Secret = remote.Masked }, "there is none yet"},
		"a wrong password":            {func(f *remote.Fields) { f.Credential.Secret = "wrong" }, "the registry is unhealthy: the registry does not accept the name and the secret: sign in: " + host + " answered 401: UNAUTHORIZED: incorrect username or password"},
		"a port where nobody listens": {func(f *remote.Fields) { f.URL = "http://127.0.0.1:1" }, "the registry is unhealthy: connection refused to 127.0.0.1:1: nothing listens there"},
		"another kind's registry":     {func(f *remote.Fields) { f.Kind = "harbor" }, "the registry is unhealthy: this is not a registry of the kind harbor"},
	} {
		t.Run(name, func(t *testing.T) {
			f := fields("refused", r)
			test.change(&f)
			_, err := p.Create(t.Context(), p.Admin, f)
			if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
			if err != nil && strings.Contains(err.Error(), "hunter22") {
				t.Errorf("the refusal shows the password: %v", err)
			}
		})
	}
	if all, err := p.List(t.Context(), "", page.Page{}); err != nil || all.Total != 0 {
		t.Errorf("%d are there, %v", all.Total, err)
	}
}

func TestURLsAreKeptInOneForm(t *testing.T) {
	p, r := newPlace(t), adaptertest.New(t, adaptertest.Options{}, nil)
	host := strings.TrimPrefix(r.URL, "http://")
	for i, text := range []string{host, " http://" + host + "/ ", "HTTP://" + host + "//"} {
		e := p.make(t, remote.Fields{Name: fmt.Sprint("r", i), Kind: "docker-registry", URL: text})
		if e.URL != "http://"+host {
			t.Errorf("%q is kept as %q", text, e.URL)
		}
	}
}

func TestNamesAreGivenOnce(t *testing.T) {
	p, r := newPlace(t), peer(t)
	first := p.make(t, fields("first", r))
	second := p.make(t, fields("second", r))
	var at sync.WaitGroup
	for range 4 {
		at.Go(func() {
			if _, err := p.Create(t.Context(), p.Admin, fields("first", r)); !errors.Is(err, fault.ErrConflict) {
				t.Errorf("%v", err)
			}
		})
	}
	at.Wait()
	made := make(chan error, 4)
	for range 4 {
		at.Go(func() { _, err := p.Create(t.Context(), p.Admin, fields("third", r)); made <- err })
	}
	at.Wait()
	close(made)
	n := 0
	for err := range made {
		if err == nil {
			n++
		} else if !errors.Is(err, fault.ErrConflict) {
			t.Errorf("%v", err)
		}
	}
	if n != 1 {
		t.Errorf("third was made %d times", n)
	}
	if err := p.Update(t.Context(), p.Admin, second.ID, nil, remote.Change{Name: &first.Name}); !errors.Is(err, fault.ErrConflict) || err.Error() != "registry first already exists" {
		t.Errorf("%v", err)
	}
}

func TestAChangeIsPartial(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	update := func(c remote.Change) error { return p.Update(t.Context(), p.Admin, e.ID, nil, c) }
	if err := update(remote.Change{Name: ptr("renamed"), Description: ptr("d"), AccessSecret: ptr(config.Secret(remote.Masked))}); err != nil {
		t.Fatal(err)
	}
	after, err := p.Service.Get(t.Context(), e.ID)
	if err != nil || after.Name != "renamed" || after.Description != "d" || after.URL != e.URL || after.AccessKey != user || !after.HasSecret() {
		t.Fatalf("%+v, %v", after, err)
	}
	a, err := p.Open(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Ping(t.Context()); err != nil {
		t.Errorf("the secret is another: %v", err)
	}
	if err := update(remote.Change{AccessSecret: ptr(config.Secret("wrong"))}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a wrong secret: %v", err)
	}
	if err := p.Update(t.Context(), p.Admin, e.ID, ptr(e.UpdatedAt.Add(-time.Minute)), remote.Change{}); err == nil {
		t.Error("a change of an old state was taken")
	}
	if err := p.Update(t.Context(), p.Admin, 999, nil, remote.Change{}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestASecretGoesToNoOtherServer(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	asked := false
	thief := adaptertest.New(t, adaptertest.Options{Before: func(_ http.ResponseWriter, q *http.Request) bool { asked = true; return false }}, nil)
	for name, do := range map[string]func() error{
		"by a change": func() error {
			return p.Update(t.Context(), p.Admin, e.ID, nil, remote.Change{URL: &thief.URL})
		},
		"by a ping": func() error { return p.Ping(t.Context(), &e.ID, remote.Change{URL: &thief.URL}) },
	} {
		if err := do(); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "the secret was given for "+r.URL) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if asked {
		t.Error("the other server was asked")
	}
	if err := p.Update(t.Context(), p.Admin, e.ID, nil, remote.Change{URL: &thief.URL, AccessSecret: ptr(config.Secret(""))}); err != nil {
		t.Errorf("without the secret: %v", err)
	}
}

func TestAPingChangesNothing(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	if err := p.Ping(t.Context(), &e.ID, remote.Change{}); err != nil {
		t.Error(err)
	}
	if err := p.Ping(t.Context(), &e.ID, remote.Change{AccessSecret: ptr(config.Secret("wrong"))}); err == nil {
		t.Error("a wrong secret will do")
	}
	if err := p.Ping(t.Context(), nil, remote.Change{Kind: ptr("docker-registry"), URL: &r.URL, AccessKey: ptr(user), AccessSecret: ptr(config.Secret(password))}); err != nil {
		t.Error(err)
	}
	if err := p.Ping(t.Context(), ptr(remote.ID(999)), remote.Change{}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if err := p.Ping(t.Context(), nil, remote.Change{}); err == nil || err.Error() != "type or url cannot be empty" {
		t.Errorf("%v", err)
	}
	after, err := p.Service.Get(t.Context(), e.ID)
	if err != nil || !after.UpdatedAt.Equal(e.UpdatedAt) || !after.Healthy {
		t.Errorf("%+v, %v", after, err)
	}
}

func TestARegistryThatIsUsedIsNotDeleted(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	p.users[e.ID] = []string{"replication policy nightly", "replication policy weekly"}
	err := p.Service.Delete(t.Context(), p.Admin, e.ID)
	f, ok := fault.As(err)
	want := fmt.Sprintf("the registry %d is referenced by replication policies, cannot delete it: replication policy nightly, replication policy weekly", e.ID)
	if !ok || f.Kind != fault.KindPrecondition || !strings.HasPrefix(f.Message, want) {
		t.Fatal(err)
	}
	delete(p.users, e.ID)
	if err := p.DB.Gorm.Exec("CREATE TABLE uses_registry (registry_id bigint REFERENCES registry (id))").Error; err != nil {
		t.Fatal(err)
	}
	if err := p.DB.Gorm.Exec("INSERT INTO uses_registry VALUES (?)", e.ID).Error; err != nil {
		t.Fatal(err)
	}
	if f, ok := fault.As(p.Service.Delete(t.Context(), p.Admin, e.ID)); !ok || f.Kind != fault.KindPrecondition {
		t.Errorf("a row refers to it: %v", f)
	}
	if err := p.DB.Gorm.Exec("DELETE FROM uses_registry").Error; err != nil {
		t.Fatal(err)
	}
	if err := p.Service.Delete(t.Context(), p.Admin, e.ID); err != nil {
		t.Fatal(err)
	}
	if err := p.Service.Delete(t.Context(), p.Admin, e.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := p.Open(t.Context(), e.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestChangesAreInTheAuditLogWithoutTheSecret(t *testing.T) {
	p, r := newPlace(t), peer(t)
	e := p.make(t, fields("first", r))
	if err := p.Update(t.Context(), p.Admin, e.ID, nil, remote.Change{Name: ptr("second"), AccessSecret: ptr(config.Secret(password))}); err != nil {
		t.Fatal(err)
	}
	if err := p.Service.Delete(t.Context(), p.Admin, e.ID); err != nil {
		t.Fatal(err)
	}
	var entries []struct{ Operation, Resource, Description, Payload string }
	err := p.DB.Gorm.Raw("SELECT operation, resource, description, coalesce(payload::text, '') AS payload FROM audit_event WHERE resource_type = 'registry' ORDER BY id").Scan(&entries).Error
	if err != nil || len(entries) != 3 {
		t.Fatalf("%+v, %v", entries, err)
	}
	if got := fmt.Sprint(entries); strings.Contains(got, password) || entries[1].Description != "update registry: first, now second" {
		t.Error(got)
	}
}

func TestTheHealthOfRegistriesIsFoundOutWithItsReason(t *testing.T) {
	p := newPlace(t)
	down := false
	r := adaptertest.New(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
		if down {
			adaptertest.Refuse(w, http.StatusInternalServerError, "UNKNOWN", "the disk is full")
		}
		return down
	}}, nil)
	e := p.make(t, remote.Fields{Name: "first", Kind: "docker-registry", URL: r.URL})
	check := func(want int) remote.Endpoint {
		t.Helper()
		n, err := p.Check(t.Context())
		if err != nil || n != want {
			t.Fatalf("%d were asked, %v", n, err)
		}
		now, err := p.Service.Get(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	check(0) // it was asked when it was made
	down = true
	p.clock.Pass(6*time.Minute + time.Second)
	began := p.clock.Read()
	now := check(1)
	if now.Healthy || !strings.HasSuffix(now.Reason, "answered 500: UNKNOWN: the disk is full") || now.Since.Sub(began).Abs() > time.Second || !now.UpdatedAt.Equal(e.UpdatedAt) {
		t.Fatalf("%+v", now)
	}
	check(0)
	p.clock.Pass(6*time.Minute + time.Second)
	if later := check(1); later.Healthy || !later.Since.Equal(now.Since) || !later.CheckedAt.After(*now.CheckedAt) {
		t.Fatalf("%+v", later)
	}
	down = false
	p.clock.Pass(6*time.Minute + time.Second)
	if later := check(1); !later.Healthy || later.Reason != "" || later.Since.Equal(now.Since) {
		t.Fatalf("%+v", later)
	}
}

func TestSeveralProcessesAskEachRegistryOnce(t *testing.T) {
	p := newPlace(t)
	var mu sync.Mutex
	asked := map[string]int{}
	r := adaptertest.New(t, adaptertest.Options{Before: func(_ http.ResponseWriter, q *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		asked[q.URL.Path]++
		return false
	}}, nil)
	const many = 45 // more than one batch
	for i := range many {
		err := p.DB.Gorm.Exec("INSERT INTO registry (name, kind, url, check_at) VALUES (?, 'docker-registry', ?, now())", fmt.Sprint("r", i), r.URL).Error
		if err != nil {
			t.Fatal(err)
		}
	}
	p.clock.Pass(time.Minute)
	var at sync.WaitGroup
	total := make(chan int, 3)
	for range 3 {
		other := p.again(t, 1)
		at.Go(func() {
			n, err := other.Check(context.WithoutCancel(t.Context()))
			if err != nil {
				t.Error(err)
			}
			total <- n
		})
	}
	at.Wait()
	close(total)
	sum := 0
	for n := range total {
		sum += n
	}
	if sum != many || asked["/v2/"] != many {
		t.Errorf("%d were checked with %v", sum, asked)
	}
}

func TestTheDueAreFoundByTheIndex(t *testing.T) {
	p := newPlace(t)
	err := p.DB.Gorm.Exec(`INSERT INTO registry (name, kind, url, check_at) SELECT 'r' || i, 'docker-registry', 'http://127.0.0.1', now() + i * interval '1 minute' FROM generate_series(1, 2000) i`).Error
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScan(t, p.DB, "SELECT id FROM registry WHERE check_at <= now() ORDER BY check_at LIMIT 20 FOR UPDATE SKIP LOCKED")
}
