package outbound_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/roadstead-registry/roadstead/core/outbound"
)

func guard(t *testing.T, o outbound.Options) *outbound.Guard {
	t.Helper()
	g, err := outbound.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// get asks for a URL through a Guard, following redirects as Go's client does.
func get(t *testing.T, g *outbound.Guard, how outbound.TLS, url string) (*http.Response, error) {
	t.Helper()
	transport, err := g.Transport(how)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: transport}).Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	return answer, err
}

func TestAddressesThatNoRequestGoesTo(t *testing.T) {
	// Nothing allows them.
	g := guard(t, outbound.Options{Allow: []string{"0.0.0.0/0", "::/0", "metadata.google.internal"}})
	for _, host := range []string{
		"169.254.169.254", "169.254.0.1", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1",
		"[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::1]", "[::]", "[ff02::1]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[::169.254.169.254]",
		"metadata.google.internal", "METADATA.google.internal.", "metadata",
	} {
		_, err := get(t, g, outbound.TLS{}, "http://"+host+"/latest/meta-data/")
		blocked, ok := errors.AsType[*outbound.BlockedError](err)
		if !ok {
			t.Errorf("%s: %v", host, err)
			continue
		}
		if said := outbound.Reason(err); said != blocked.Error() || !strings.Contains(said, "are refused: it is") {
			t.Errorf("%s: %s", host, said)
		}
	}
	// What is written in another way than an address is looked up, and then known.
	for _, host := range []string{"2852039166", "0xa9fea9fe", "0251.0376.0251.0376"} {
		if _, err := get(t, g, outbound.TLS{}, "http://"+host+"/"); err == nil {
			t.Errorf("%s was answered", host)
		}
	}
}

func TestARedirectLeadsToNothingThatIsRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	_, err := get(t, guard(t, outbound.Options{}), outbound.TLS{}, server.URL)
	if _, ok := errors.AsType[*outbound.BlockedError](err); !ok {
		t.Fatal(err)
	}
}

func TestAllowAndDeny(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name        string
		allow, deny []string
		host        string
		refused     string // how its reason goes on
	}{
		{"nothing is said", nil, nil, "127.0.0.1", ""},
		{"nothing is said, by name", nil, nil, "localhost", ""},
		{"the network is allowed", []string{"127.0.0.0/8", "::1"}, nil, "localhost", ""},
		{"the name is allowed", []string{"localhost"}, nil, "LOCALHOST", ""},
		{"another network is allowed", []string{"10.0.0.0/8"}, nil, "127.0.0.1", "the setting outbound.allow names neither it nor its network"},
		{"another name is allowed", []string{"registry.example.com"}, nil, "localhost", "the setting outbound.allow names neither it nor its network"},
		{"the address is denied", nil, []string{"127.0.0.1", "::1"}, "127.0.0.1", "it is in a network of the setting outbound.deny"},
		{"the address that a name leads to is denied", nil, []string{"127.0.0.0/8", "::1"}, "localhost", "it is in a network of the setting outbound.deny"},
		{"the name is denied", nil, []string{"localhost"}, "localhost", "the setting outbound.deny names it"},
		{"denied wins over allowed", []string{"127.0.0.1"}, []string{"127.0.0.0/8"}, "127.0.0.1", "it is in a network of the setting outbound.deny"},
		{"all hosts of a domain are denied", nil, []string{"*.example.com"}, "a.b.example.com", "the setting outbound.deny names it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := get(t, guard(t, outbound.Options{Allow: test.allow, Deny: test.deny}), outbound.TLS{}, "http://"+test.host+":"+port)
			switch {
			case test.refused == "" && err != nil:
				t.Error(err)
			case test.refused != "" && (err == nil || !strings.HasSuffix(outbound.Reason(err), test.refused)):
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAListThatCannotBeReadNamesItsEntry(t *testing.T) {
	for _, bad := range []string{"10.0.0.0/33", "300.1.1.1", "a b", "http://example.com", "*", "-a.example.com", "a..b", "example.com/8", strings.Repeat("a", 64) + ".example.com"} {
		for _, o := range []outbound.Options{{Allow: []string{bad}}, {Deny: []string{bad}}} {
			if _, err := outbound.New(o); err == nil || !strings.HasPrefix(err.Error(), "outbound.") || !strings.Contains(err.Error(), "is neither a network such as") {
				t.Errorf("%q: %v", bad, err)
			}
		}
	}
}

func TestAProxyIsAskedAndRefusesNothingForTheGuard(t *testing.T) {
	var through atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { through.Store(r.URL.String()) }))
	t.Cleanup(proxy.Close)
	// The proxy itself need not be among what is allowed.
	g := guard(t, outbound.Options{Allow: []string{"registry.invalid"}, Proxy: &httpproxy.Config{HTTPProxy: proxy.URL}})
	if _, err := get(t, g, outbound.TLS{}, "http://registry.invalid/v2/"); err != nil || through.Load() != "http://registry.invalid/v2/" {
		t.Fatalf("%v, through the proxy came %v", err, through.Load())
	}
	for _, url := range []string{"http://169.254.169.254/latest/", "http://metadata.google.internal/"} {
		if _, err := get(t, g, outbound.TLS{}, url); err == nil {
			t.Errorf("%s was asked for", url)
		}
	}
	if through.Load() != "http://registry.invalid/v2/" {
		t.Errorf("the proxy was asked for %v", through.Load())
	}
}

func TestRequestsSayWhoTheyAreFrom(t *testing.T) {
	var agent atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { agent.Store(r.UserAgent()) }))
	t.Cleanup(server.Close)
	if _, err := get(t, guard(t, outbound.Options{UserAgent: "roadstead/1"}), outbound.TLS{}, server.URL); err != nil || agent.Load() != "roadstead/1" {
		t.Fatalf("%v, %v", err, agent.Load())
	}
}

// signed is a certificate for names, valid from a time for a day, and the authority's.
func signed(t *testing.T, from time.Time, names ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{"Harbour Office"}, CommonName: "Harbour Office CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: from.AddDate(-1, 0, 0), NotAfter: from.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	root, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "registry"}, NotBefore: from, NotAfter: from.Add(24 * time.Hour), DNSNames: names}
	if len(names) == 0 {
		leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	raw, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}))
}

func withTLS(t *testing.T, c tls.Certificate) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnAuthorityOfOnesOwnIsTrustedAndTheCheckCanBeSwitchedOff(t *testing.T) {
	c, authority := signed(t, time.Now())
	url, g := withTLS(t, c), guard(t, outbound.Options{})
	if _, err := get(t, g, outbound.TLS{CA: authority}, url); err != nil {
		t.Error(err)
	}
	if _, err := get(t, g, outbound.TLS{Insecure: true}, url); err != nil {
		t.Error(err)
	}
	if _, err := get(t, g, outbound.TLS{}, url); err == nil {
		t.Error("anybody's certificate will do")
	}
	if _, err := g.Transport(outbound.TLS{CA: "no certificate"}); err == nil {
		t.Error("what is no certificate will do")
	}
}

func TestTheReasonOfAFailureIsToldInWords(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(plain.Close)
	hangs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(hangs.Close)
	own, _ := signed(t, time.Now())
	other, otherCA := signed(t, time.Now(), "registry.example.com", "www.example.com")
	old, oldCA := signed(t, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, test := range []struct {
		name, url string
		how       outbound.TLS
		want      string
	}{
		{"nothing listens", refused, outbound.TLS{}, "connection refused to " + strings.TrimPrefix(refused, "http://") + ": nothing listens there"},
		{"a name that is none", "http://registry.invalid", outbound.TLS{}, "the name registry.invalid "},
		{"no TLS", strings.Replace(plain.URL, "http", "https", 1), outbound.TLS{}, "the server speaks no TLS at this port: write http://"},
		{"an authority that nobody knows", withTLS(t, own), outbound.TLS{}, "the certificate is signed by CN=Harbour Office CA,O=Harbour Office, which is not trusted here"},
		{"the certificate of others", withTLS(t, other), outbound.TLS{CA: otherCA}, "the certificate is not for 127.0.0.1: it is for registry.example.com, www.example.com"},
		{"an old certificate", withTLS(t, old), outbound.TLS{CA: oldCA}, "the certificate of 127.0.0.1 is valid from 2020-01-01 to 2020-01-02 only"},
		{"the other side goes", hangs.URL, outbound.TLS{}, "the other side has closed the connection before it answered in full"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := get(t, guard(t, outbound.Options{}), test.how, test.url)
			if err == nil {
				t.Fatal("there is an answer")
			}
			if got := outbound.Reason(err); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s\nof %v", got, err)
			}
		})
	}
	if got := outbound.Reason(context.DeadlineExceeded); !strings.HasPrefix(got, "no answer in time") {
		t.Error(got)
	}
}

func TestTransportsAreSharedByThoseWhoAskForTheSame(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	g := guard(t, outbound.Options{})
	for range 5 {
		if _, err := get(t, g, outbound.TLS{}, server.URL); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}
