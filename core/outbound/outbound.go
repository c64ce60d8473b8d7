// Package outbound is how the program makes requests to servers that people name:
// other registries, and what else is to come. It looks at the address that a name
// leads to, for every connection and so for every redirect, because a URL must not
// become a way into what only this machine can reach. It must not know what the
// requests are for.
package outbound

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/http/httpproxy"
)

const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
	// headerTimeout is long because a registry answers the end of an upload when it
	// has moved gigabytes inside its object store.
	headerTimeout = 5 * time.Minute
	// stallTimeout ends a connection on which nothing has moved; there is no limit
	// to how long a transfer may take.
	stallTimeout = 5 * time.Minute
	idleTimeout  = 90 * time.Second

	maxIdlePerHost = 16
	maxTransports  = 256
)

// Options say where requests may go and how.
type Options struct {
	Allow     []string // networks and host names; empty: everything that is not denied
	Deny      []string // networks and host names
	Proxy     *httpproxy.Config
	UserAgent string
}

// Guard makes connections that keep to the Options. It is safe for concurrent use.
type Guard struct {
	allow, deny hostRules
	proxy       func(*url.URL) (*url.URL, error)
	proxies     map[string]bool // host:port of proxies, which the administrator named
	userAgent   string

	mu         sync.Mutex
	transports map[transportKey]*http.Transport
}

// TLS is how a server's certificate is looked at.
type TLS struct {
	Insecure bool   // any certificate will do
	CA       string // PEM of authorities that are trusted besides the system's
}

type transportKey struct {
	insecure bool
	ca       [sha256.Size]byte
}

// New returns a Guard. The error names the entry of Allow or Deny that cannot be read.
func New(o Options) (*Guard, error) {
	g := &Guard{userAgent: o.UserAgent, proxies: map[string]bool{}, transports: map[transportKey]*http.Transport{}}
	var err error
	if g.allow, err = parseRules(o.Allow); err != nil {
		return nil, fmt.Errorf("outbound.allow: %w", err)
	}
	if g.deny, err = parseRules(o.Deny); err != nil {
		return nil, fmt.Errorf("outbound.deny: %w", err)
	}
	if o.Proxy != nil {
		g.proxy = o.Proxy.ProxyFunc()
		for _, text := range []string{o.Proxy.HTTPProxy, o.Proxy.HTTPSProxy} {
			if u, err := url.Parse(text); err == nil && u.Host != "" {
				g.proxies[hostPort(u)] = true
			}
		}
	}
	return g, nil
}

// Transport returns the RoundTripper for servers whose certificates are looked at in
// this way. Connections are shared by all who ask for the same. The error says that
// the CA is not PEM.
func (g *Guard) Transport(t TLS) (http.RoundTripper, error) {
	key := transportKey{t.Insecure, sha256.Sum256([]byte(t.CA))}
	g.mu.Lock()
	defer g.mu.Unlock()
	made, ok := g.transports[key]
	if !ok {
		config, err := t.config()
		if err != nil {
			return nil, err
		}
		if len(g.transports) >= maxTransports { // certificates were tried out
			for old, transport := range g.transports {
				transport.CloseIdleConnections()
				delete(g.transports, old)
			}
		}
		made = g.transport(config)
		g.transports[key] = made
	}
	return &guarded{g, made}, nil
}

// CheckCA says whether text is one certificate or more in PEM.
func CheckCA(text string) error {
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		return errors.New("it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
	}
	return nil
}

func (t TLS) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Insecure} //nolint:gosec // only where a person asked for it
	if t.CA == "" {
		return config, nil
	}
	if err := CheckCA(t.CA); err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pool.AppendCertsFromPEM([]byte(t.CA))
	config.RootCAs = pool
	return config, nil
}

func (g *Guard) transport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if g.proxy == nil {
				return nil, nil
			}
			return g.proxy(r.URL)
		},
		DialContext:           g.dial,
		TLSClientConfig:       config,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   handshakeTimeout,
		ResponseHeaderTimeout: headerTimeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       idleTimeout,
		MaxIdleConnsPerHost:   maxIdlePerHost,
		DisableCompression:    true, // digests are of the bytes as they are
	}
}

// dial connects to a host, and looks at each of its addresses before it does.
func (g *Guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	if !g.proxies[address] {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		dialer.ControlContext = func(_ context.Context, _, resolved string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return &BlockedError{Host: host, Why: "its address cannot be read"}
			}
			return g.check(host, at.Addr())
		}
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &stalling{Conn: conn}, nil
}

// guarded is a transport whose requests are looked at before they leave.
type guarded struct {
	guard *Guard
	next  *http.Transport
}

// RoundTrip implements http.RoundTripper.
func (t *guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return nil, refused(r, &BlockedError{Host: r.URL.Host, Why: "only http and https are spoken"})
	}
	if err := t.guard.checkRequest(r); err != nil {
		return nil, refused(r, err)
	}
	if t.guard.userAgent != "" && r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", t.guard.userAgent)
	}
	return t.next.RoundTrip(r)
}

// refused closes the body, as a RoundTripper has to.
func refused(r *http.Request, err error) error {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return err
}

// checkRequest looks at what can be seen before there is a connection: the name, an
// address that is written out, and, where a proxy will connect, what the name leads
// to as far as this machine knows.
func (g *Guard) checkRequest(r *http.Request) error {
	host := r.URL.Hostname()
	if addr, err := netip.ParseAddr(host); err == nil {
		return g.check(host, addr)
	}
	if err := g.checkName(host); err != nil {
		return err
	}
	if g.proxy == nil {
		return nil
	}
	through, err := g.proxy(r.URL)
	if err != nil || through == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), dialTimeout)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil //nolint:nilerr // the name may be known to the proxy alone
	}
	for _, addr := range addrs {
		if err := g.check(host, addr); err != nil {
			return err
		}
	}
	return nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	case strings.HasPrefix(u.Scheme, "socks5"):
		port = "1080"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// stalling is a connection that ends when nothing moves on it.
type stalling struct{ net.Conn }

func (c *stalling) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *stalling) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
