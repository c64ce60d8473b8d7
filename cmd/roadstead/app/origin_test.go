package app

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestTheClientIsTheLastAddressThatIsNoTrustedProxy(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, test := range []struct{ remote, forwarded, want string }{
		{"10.0.0.1:5", "192.0.2.7", "192.0.2.7"},
		{"10.0.0.1:5", "1.1.1.1, 192.0.2.7, 10.0.0.9", "192.0.2.7"},
		{"10.0.0.1:5", "garbage, 192.0.2.7", "192.0.2.7"},
		{"10.0.0.1:5", "192.0.2.7, garbage", "10.0.0.1"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"192.0.2.1:5", "192.0.2.7", "192.0.2.1"},
		{"[::ffff:10.0.0.1]:5", "2001:db8::1", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = test.remote
		r.Header.Set("X-Forwarded-For", test.forwarded)
		var got string
		behindProxies(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = clientAddress(r)
			if r.Header.Get("X-Forwarded-For") != "" {
				t.Error("the header reaches the handlers")
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
		if got != test.want {
			t.Errorf("%+v: got %s", test, got)
		}
	}
}

func TestAForwardedHostThatIsNoHostIsIgnored(t *testing.T) {
	for _, bad := range []string{"", "a/b", "a b", "user@host", "a\"b", "h?x", "h#x"} {
		if validHost(bad) {
			t.Errorf("%q passes as a host", bad)
		}
	}
	for _, good := range []string{"h", "h:8080", "registry.example.com", "[2001:db8::1]:443"} {
		if !validHost(good) {
			t.Errorf("%q is a host", good)
		}
	}
}
