package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Path is where clients find the service.
const Path = "/service/token"

const (
	maxQuery      = 64 << 10 // bytes
	sessionCookie = "sid"
)

// Challenge is the WWW-Authenticate value that sends a client here for a token
// with the scopes.
func (s *Service) Challenge(r *http.Request, scopes ...string) string {
	out := fmt.Sprintf("Bearer realm=%s,service=%s", quoted(s.opts.ExternalURL(r)+Path), quoted(s.opts.Service))
	if len(scopes) > 0 {
		out += ",scope=" + quoted(strings.Join(scopes, " "))
	}
	return out
}

// quoted is an RFC 9110 quoted-string; what cannot be in one is left out.
func quoted(s string) string {
	return `"` + strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, s) + `"`
}

// ServeHTTP answers GET /service/token. It never answers POST: containerd then
// falls back to GET.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		writeError(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "ask for a token with GET")
		return
	}
	if len(r.URL.RawQuery) > maxQuery {
		writeError(w, http.StatusBadRequest, "BAD_REQUEST", fmt.Sprintf("the query is longer than %d bytes; ask for fewer scopes", maxQuery))
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		writeError(w, http.StatusBadRequest, "BAD_REQUEST", "the query string cannot be read: "+err.Error())
		return
	}
	if service := query.Get("service"); service != s.opts.Service {
		unknownService(w, service)
		return
	}
	r = r.WithContext(change.Once(r.Context()))
	if err := s.answer(w, r, query["scope"]); err != nil {
		s.refuse(w, r, err)
	}
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, scopes []string) error {
	asked, err := ParseScopes(scopes)
	if err != nil {
		return err
	}
	who, err := s.subject(r)
	if err != nil {
		return err
	}
	if len(asked) == 0 {
		if !who.Known() {
			return fault.Unauthorized("sign in, or ask for a scope: without either there is nothing to give a token for")
		}
		// docker login asks for nothing: it only wants to know whether the
		// password is right.
		if err := s.log.RecordNow(r.Context(), who, audit.Entry{
			Operation: audit.Login, ResourceType: audit.User, Resource: who.Name, Payload: map[string]string{"purpose": "token"},
		}); err != nil {
			return err
		}
	}
	signed, expires, err := s.Issue(r.Context(), who, asked)
	if err != nil {
		return err
	}
	issued := s.now().Truncate(time.Second)
	writeJSON(w, http.StatusOK, struct {
		Token       string `json:"token"`
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"` // seconds
		IssuedAt    string `json:"issued_at"`
	}{signed, "", int(expires.Sub(issued).Seconds()), issued.Format(time.RFC3339)})
	return nil
}

// subject is who asks: by name and password, by the portal's session, or nobody.
func (s *Service) subject(r *http.Request) (rbac.Subject, error) {
	from := auth.Source{Address: s.opts.Address(r), UserAgent: r.UserAgent(), Purpose: "token"}
	if r.Header.Get("Authorization") != "" {
		name, password, ok := r.BasicAuth()
		switch {
		case !ok:
			return rbac.Subject{}, fault.Unauthorized("only basic authentication is understood here: send user name and password")
		case name == "" && password == "": // what some clients send for nobody
			return rbac.Subject{}, nil
		}
		who, err := s.authn.Basic(r.Context(), name, password, from)
		var ended *auth.EndedError
		if errors.Is(err, fault.ErrUnauthorized) && !errors.As(err, &ended) {
			return rbac.Subject{}, fault.Unauthorized("incorrect username or password")
		}
		return who, err
	}
	cookies := r.CookiesNamed(sessionCookie)
	if len(cookies) == 0 {
		return rbac.Subject{}, nil
	}
	who, _, err := s.authn.Session(r.Context(), cookies[0].Value)
	if errors.Is(err, fault.ErrUnauthorized) {
		return rbac.Subject{}, nil
	}
	who.Address = from.Address
	return who, err
}

// refuse answers an error in the body that docker shows.
func (s *Service) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client has gone
	}
	f, ok := fault.As(err)
	if !ok {
		s.opts.Log.ErrorContext(r.Context(), "token request failed", "error", err, "request_id", audit.RequestID(r.Context()))
		if f = store.Outage(err); f == nil {
			writeError(w, http.StatusInternalServerError, "UNKNOWN", "internal server error")
			return
		}
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	switch f.Kind {
	case fault.KindUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="harbor"`)
		writeError(w, http.StatusUnauthorized, "UNAUTHORIZED", f.Message)
	case fault.KindTooMany:
		writeError(w, http.StatusTooManyRequests, "TOO_MANY_REQUEST", f.Message)
	case fault.KindUnavailable:
		writeError(w, http.StatusServiceUnavailable, "UNAVAILABLE", f.Message)
	default:
		writeError(w, http.StatusBadRequest, "BAD_REQUEST", f.Message)
	}
}

// unknownService is text, as Harbor's is.
func unknownService(w http.ResponseWriter, service string) {
	const longest = 128
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = fmt.Fprintf(w, "Unable to handle service: %.*s", longest, service)
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	type problem struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	writeJSON(w, status, map[string][]problem{"errors": {{code, message}}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone: there is nobody to tell
}
