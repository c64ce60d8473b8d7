package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/csrf"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	sessionCookie = "sid"
	csrfHeader    = "X-Harbor-CSRF-Token"
	csrfLifetime  = 12 * 60 * 60 // seconds
)

// protectFromForgery demands the token of Harbor's clients on changes that carry a
// session cookie and on everything under /c/, and hands it out there and to a
// portal that starts.
func (s *server) protectFromForgery(next http.Handler) http.Handler {
	withToken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(csrfHeader, csrf.Token(r))
		next.ServeHTTP(w, r)
	})
	refused := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(csrfHeader, csrf.Token(r))
		s.writeProblem(w, s.problem(r.Context(), fault.Forbidden("%s", refusedToken(csrf.FailureReason(r)))))
	})
	protected := csrf.Protect(s.CSRFKey,
		csrf.RequestHeader(csrfHeader), csrf.FieldName(csrfHeader), csrf.Path("/"), csrf.MaxAge(csrfLifetime),
		csrf.HttpOnly(true), csrf.Secure(s.SecureCookies), csrf.SameSite(csrf.SameSiteStrictMode),
		csrf.ErrorHandler(refused))(withToken)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if needsToken(r) {
			protected.ServeHTTP(w, s.fromOrigin(r))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func needsToken(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/c/") {
		return true
	}
	if _, err := r.Cookie(sessionCookie); err == nil {
		return true
	}
	return r.Method == http.MethodGet && (r.URL.Path == base+"/systeminfo" || r.URL.Path == base+"/users/current")
}

// fromOrigin tells gorilla/csrf as which address the server was called, for it to
// compare with the Origin that every browser sends with a change: the external
// address, or the one of the request itself. A client without an Origin is no
// browser, and a check of its Referer would only refuse scripts.
func (s *server) fromOrigin(r *http.Request) *http.Request {
	called := &url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		called.Scheme = "https"
	}
	sent := r.Header.Get("Origin")
	if external := s.ExternalURL(r); external != nil && sent == external.Scheme+"://"+external.Host {
		called = external
	}
	out, u := *r, *r.URL
	u.Host = called.Host
	out.URL = &u
	if sent == "" || called.Scheme == "http" {
		return csrf.PlaintextHTTPRequest(&out)
	}
	return &out
}

// refusedToken keeps Harbor's words for a token that is missing.
func refusedToken(reason error) string {
	switch {
	case errors.Is(reason, csrf.ErrNoToken):
		return "CSRF token not found in request"
	case errors.Is(reason, csrf.ErrBadToken):
		return "CSRF token invalid: send the one of the last answer's " + csrfHeader + " with its cookie"
	case errors.Is(reason, csrf.ErrBadOrigin):
		return "origin invalid: the page is not of this server; set the external URL to the address that people open"
	}
	return reason.Error()
}
