package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/token"
)

func (f *fixture) issue(t testing.TB, who rbac.Subject, asked ...token.Access) string {
	t.Helper()
	raw, _, err := f.Issue(t.Context(), who, asked)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func pull(repository string) token.Access {
	return token.Access{Type: "repository", Name: repository, Actions: []string{"pull"}}
}

func TestAVerifiedTokenIsNoAdministrator(t *testing.T) {
	f := start(t)
	f.project(t, "p", false)
	raw := f.issue(t, f.admin, pull("p/app"))
	for range 2 { // the second time from memory
		c, err := f.Verify(raw)
		if err != nil || c.Subject != (rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin"}) || !c.Allows("p/app", "pull") || c.Allows("p/app", "push") {
			t.Errorf("got %+v, %v", c, err)
		}
		if want := f.clock.Read().Add(30 * time.Minute); !c.ExpiresAt.Equal(want) {
			t.Errorf("expires %s, want %s", c.ExpiresAt, want)
		}
	}
}

func TestATokenEnds(t *testing.T) {
	f := start(t)
	raw := f.issue(t, f.admin)
	fresh := f.replica(t) // has not seen the token
	f.clock.Pass(30*time.Minute + 9*time.Second)
	if _, err := f.Verify(raw); err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	f.clock.Pass(2 * time.Second)
	for name, s := range map[string]*token.Service{"from memory": f.Service, "fresh": fresh} {
		if _, err := s.Verify(raw); !errors.Is(err, fault.ErrUnauthorized) || !strings.Contains(err.Error(), "expired") {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.clock.Pass(-3 * time.Hour)
	if _, err := fresh.Verify(raw); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("before its time: %v", err)
	}
}

func TestAForgedTokenIsRefused(t *testing.T) {
	f := start(t)
	raw := f.issue(t, f.admin, pull("p/app"))
	header, claims := decode(t, raw)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(method jwt.SigningMethod, key any, change func(header, claims map[string]any)) string {
		forged := jwt.NewWithClaims(method, jwt.MapClaims(maps.Clone(claims)))
		forged.Header["kid"] = header["kid"]
		change(forged.Header, forged.Claims.(jwt.MapClaims))
		out, err := forged.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	same := func(_, _ map[string]any) {}
	parts := strings.Split(raw, ".")
	for name, forged := range map[string]string{
		"another key":        sign(jwt.SigningMethodES256, other, same),
		"no key id":          sign(jwt.SigningMethodES256, other, func(h, _ map[string]any) { delete(h, "kid") }),
		"a key id of a kind": sign(jwt.SigningMethodES256, other, func(h, _ map[string]any) { h["kid"] = 7 }),
		"none":               sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"HMAC":               sign(jwt.SigningMethodHS256, []byte(header["kid"].(string)), same),
		"RSA":                sign(jwt.SigningMethodRS256, weak, same),
		"no signature":       parts[0] + "." + parts[1] + ".",
		"other claims":       parts[0] + "." + strings.Split(f.issue(t, f.admin, pull("q/app")), ".")[1] + "." + parts[2],
		"nothing":            "",
		"dots":               "..",
		"garbage":            "\x00\xff.\x00.\x00",
		"endless":            strings.Repeat("a", 1<<20),
	} {
		if c, err := f.Verify(forged); !errors.Is(err, fault.ErrUnauthorized) || len(c.Access) != 0 {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestOursButForAnotherServiceIsRefused(t *testing.T) {
	f := start(t)
	open := func(o token.Options) *token.Service {
		base := options(t)
		o.Log, o.Address, o.ExternalURL = base.Log, base.Address, base.ExternalURL
		s, err := token.NewService(f.db.Gorm, f.box, f.authn, f.projects, f.log, f.clock.Read, o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, o := range map[string]token.Options{"audience": {Service: "other"}, "issuer": {Issuer: "other"}} {
		raw, _, err := open(o).Issue(t.Context(), f.admin, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Verify(raw); !errors.Is(err, fault.ErrUnauthorized) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := token.NewService(f.db.Gorm, f.box, f.authn, f.projects, f.log, f.clock.Read, token.Options{}); err == nil {
		t.Error("a service that knows no address was made")
	}
}

func TestReplicasShareTheKeys(t *testing.T) {
	f := start(t)
	var wg sync.WaitGroup
	services := make([]*token.Service, 4)
	for i := range services {
		wg.Go(func() { services[i] = f.replica(t) })
	}
	wg.Wait()
	if n := f.keys(t); n != 1 {
		t.Fatalf("%d keys were made", n)
	}
	for _, s := range services {
		raw, _, err := s.Issue(t.Context(), f.admin, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Verify(raw); err != nil {
			t.Error(err)
		}
	}
}

func (f *fixture) keys(t *testing.T) (n int) {
	t.Helper()
	if err := f.db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM signing_key").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestKeysAreRotatedAndOldTokensStayGood(t *testing.T) {
	f := start(t)
	other := f.replica(t)
	before := f.issue(t, f.admin)
	if err := f.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := f.issue(t, f.admin)
	if a, b := kid(t, before), kid(t, after); a == b {
		t.Fatal("the key is the same")
	}
	if _, err := other.Verify(after); !errors.Is(err, fault.ErrUnauthorized) {
		t.Errorf("an unknown key within the second: %v", err)
	}
	queries := storetest.Count(t, f.db)
	f.clock.Pass(time.Second)
	for name, raw := range map[string]string{"old": before, "new": after} {
		for _, s := range []*token.Service{f.Service, other} {
			if _, err := s.Verify(raw); err != nil {
				t.Errorf("the %s token: %v", name, err)
			}
		}
	}
	if queries.Queries() != 1 {
		t.Errorf("the new key cost %d queries", queries.Queries())
	}
	f.clock.Pass(90 * 24 * time.Hour)
	aged, _, err := other.Issue(t.Context(), f.admin, nil)
	if err != nil || kid(t, aged) == kid(t, after) {
		t.Errorf("a key of 90 days still signs: %v", err)
	}
	if n := f.keys(t); n != 2 {
		t.Errorf("%d keys are kept, want the one that signs and the one before", n)
	}
	f.clock.Pass(time.Minute)
	if again := f.issue(t, f.admin); kid(t, again) != kid(t, aged) {
		t.Error("a replica does not take over the other's new key")
	}
}

func kid(t *testing.T, raw string) string {
	t.Helper()
	header, _ := decode(t, raw)
	return header["kid"].(string)
}

func TestAForeignMasterKeyStopsTheStart(t *testing.T) {
	f := start(t)
	box, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.open(t, box); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkVerifyCached(b *testing.B) {
	f := start(b)
	f.project(b, "p", false)
	raw := f.issue(b, f.admin, pull("p/app"))
	b.ReportAllocs()
	for b.Loop() {
		c, err := f.Verify(raw)
		if err != nil || !c.Allows("p/app", "pull") {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyFresh(b *testing.B) {
	f := start(b)
	f.project(b, "p", false)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		raw := f.issue(b, f.admin, pull("p/app"))
		b.StartTimer()
		if _, err := f.Verify(raw); err != nil {
			b.Fatal(err)
		}
	}
}
