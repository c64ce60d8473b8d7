package app

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/roadstead-registry/roadstead/core/config"
)

// origin is where the client thinks it is talking to.
type origin struct{ scheme, host string }

type originKey struct{}

// behindProxies believes X-Forwarded-For, -Proto and -Host when they come from a
// trusted proxy, and removes them otherwise, so that nothing after it can be
// fooled. The client's address is in RemoteAddr from then on.
func behindProxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := originOf(r)
		o := seen
		if len(trusted) > 0 && trusts(trusted, addressOf(r.RemoteAddr)) {
			if proto := firstValue(r.Header.Get("X-Forwarded-Proto")); proto == "http" || proto == "https" {
				o.scheme = proto
			}
			if host := firstValue(r.Header.Get("X-Forwarded-Host")); validHost(host) {
				o.host = host
			}
			if client := clientOf(r.Header.Values("X-Forwarded-For"), trusted); client.IsValid() {
				r.RemoteAddr = net.JoinHostPort(client.String(), "0")
			}
		}
		for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-Ip"} {
			delete(r.Header, name) // these are canonical
		}
		if o != seen {
			r = r.WithContext(context.WithValue(r.Context(), originKey{}, o))
		}
		next.ServeHTTP(w, r)
	})
}

// originOf is what a request says by itself.
func originOf(r *http.Request) origin {
	if r.TLS != nil {
		return origin{scheme: "https", host: r.Host}
	}
	return origin{scheme: "http", host: r.Host}
}

// reached returns the base URL under which the client reached this server: its
// own host, since that is the one it can reach, and the scheme that the
// administrator configured or the proxy reported.
func reached(cfg config.Config) func(*http.Request) *url.URL {
	return func(r *http.Request) *url.URL {
		o, ok := r.Context().Value(originKey{}).(origin)
		if !ok {
			o = originOf(r)
		}
		if cfg.ExternalURL != nil {
			o.scheme = cfg.ExternalURL.Scheme
		}
		return &url.URL{Scheme: o.scheme, Host: o.host}
	}
}

// external returns the URL to show to people: the configured one, or the one the
// client used.
func external(cfg config.Config) func(*http.Request) *url.URL {
	if cfg.ExternalURL != nil {
		return func(*http.Request) *url.URL { u := *cfg.ExternalURL; return &u }
	}
	return reached(cfg)
}

// clientAddress is the client's address without its port.
func clientAddress(r *http.Request) string {
	if a := addressOf(r.RemoteAddr); a.IsValid() {
		return a.String()
	}
	return ""
}

func addressOf(hostport string) netip.Addr {
	ap, err := netip.ParseAddrPort(hostport)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

func trusts(trusted []netip.Prefix, a netip.Addr) bool {
	for _, p := range trusted {
		if a.IsValid() && p.Contains(a) {
			return true
		}
	}
	return false
}

// clientOf is the last address in the list that is not a trusted proxy: what
// stands before it may have been made up by the client.
func clientOf(headers []string, trusted []netip.Prefix) netip.Addr {
	parts := strings.Split(strings.Join(headers, ","), ",")
	var client netip.Addr
	for i := len(parts) - 1; i >= 0; i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(parts[i]))
		if err != nil {
			return client
		}
		client = a.Unmap()
		if !trusts(trusted, client) {
			return client
		}
	}
	return client
}

func firstValue(header string) string {
	first, _, _ := strings.Cut(header, ",")
	return strings.TrimSpace(first)
}

// validHost says whether s is a host with an optional port, and nothing that
// could change the meaning of a URL or a header.
func validHost(s string) bool {
	if s == "" || len(s) > 255 || strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-_:[]", c)
	}) {
		return false
	}
	u, err := url.Parse("http://" + s)
	return err == nil && u.Host == s && u.User == nil && u.Path == ""
}
