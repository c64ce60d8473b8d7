package registryctl

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/token"
)

// The service name and realm that clients have stored credentials for; Harbor's.
const (
	tokenService   = "harbor-registry"
	basicChallenge = `Basic realm="harbor"`
)

// action is what a request does to a repository, as tokens name it.
type action string

const (
	pull   action = "pull"
	push   action = "push"
	remove action = "delete"
)

func (a action) permission() rbac.Permission {
	switch a {
	case push:
		return rbac.On(rbac.Repository, rbac.Push)
	case remove:
		return rbac.On(rbac.Repository, rbac.Delete)
	}
	return rbac.On(rbac.Repository, rbac.Pull)
}

// needs is what a request must be allowed to do. Everything about an upload is
// part of a push: its status and its end too.
func needs(k kind, method string) action {
	switch {
	case k == kindUploads || k == kindUpload:
		return push
	case method == http.MethodGet || method == http.MethodHead:
		return pull
	case method == http.MethodDelete:
		return remove
	}
	return push
}

// caller is who sent a request and what the credentials allow.
type caller struct {
	rbac.Subject
	claims *token.Claims // nil when the request came with name and password
}

// admit lets a request through or says why not, and of whom it knows also who. A token costs no query; name and
// password cost what Authn costs and one query for the project.
func (g *Registry) admit(r *http.Request, rt route) (caller, error) {
	header := r.Header.Get("Authorization")
	scheme, credentials, _ := strings.Cut(header, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return g.admitToken(r, rt, strings.TrimSpace(credentials))
	case strings.EqualFold(scheme, "Basic"):
		return g.admitBasic(r, rt)
	}
	// Harbor's rule: without credentials not even a public repository is read; the
	// client is sent for a token, which anonymous clients get as well.
	return caller{}, g.challenge(r, rt)
}

func (g *Registry) admitToken(r *http.Request, rt route, raw string) (caller, error) {
	claims, err := g.tokens.Verify(raw)
	if err != nil {
		if _, ok := fault.As(err); !ok {
			return caller{}, err
		}
		p := unauthorized(rt, needs(rt.kind, r.Method), err.Error())
		if expired(raw, g.clock()) { // a client that pushes for longer than a token lives fetches the next one
			p.challenge = g.bearerChallenge(r, rt) + `,error="invalid_token"`
		}
		return caller{}, p
	}
	who := caller{Subject: claims.Subject, claims: &claims}
	who.Address = g.address(r)
	switch rt.kind {
	case kindBase:
		return who, nil
	case kindCatalog:
		if !claims.AllowsCatalog() {
			return caller{}, errCatalog()
		}
		return who, nil
	}
	want := needs(rt.kind, r.Method)
	if !claims.Allows(rt.name, string(want)) {
		return who, g.refuse(r, who.Subject, rt, want)
	}
	return who, nil
}

func (g *Registry) admitBasic(r *http.Request, rt route) (caller, error) {
	name, password, ok := r.BasicAuth()
	if !ok {
		return caller{}, unauthorized(rt, needs(rt.kind, r.Method), "the Authorization header is not Basic credentials")
	}
	subject, err := g.authn.Basic(r.Context(), name, password, auth.Source{
		Address: g.address(r), UserAgent: r.UserAgent(), Purpose: "registry",
	})
	if errors.Is(err, fault.ErrUnauthorized) {
		return caller{}, unauthorized(rt, needs(rt.kind, r.Method), err.Error())
	}
	if err != nil {
		return caller{}, err
	}
	subject.Address = g.address(r)
	who := caller{Subject: subject}
	switch rt.kind {
	case kindBase:
		return who, nil
	case kindCatalog:
		if !rbac.AllowedInSystem(subject, rbac.On(rbac.Catalog, rbac.Read)) {
			return caller{}, errCatalog()
		}
		return who, nil
	}
	want := needs(rt.kind, r.Method)
	allowed, err := g.holds(r.Context(), subject, rt.project(), want)
	if err != nil {
		return caller{}, err
	}
	if !allowed {
		return who, g.refuse(r, subject, rt, want)
	}
	return who, nil
}

// may says whether the caller may do want in another repository than the one
// that the request names: the source of a mount.
func (g *Registry) may(ctx context.Context, who caller, rt route, want action) (bool, error) {
	if who.claims != nil {
		return who.claims.Allows(rt.name, string(want)), nil
	}
	return g.holds(ctx, who.Subject, rt.project(), want)
}

func (g *Registry) holds(ctx context.Context, who rbac.Subject, project string, want action) (bool, error) {
	access, err := g.projects.AccessByName(ctx, who, project)
	if errors.Is(err, fault.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("who may %s in %s: %w", want, project, err)
	}
	return g.projects.Allowed(access, who, want.permission()), nil
}

// challenge answers a request without credentials.
func (g *Registry) challenge(r *http.Request, rt route) error {
	if rt.kind == kindCatalog {
		return errCatalog()
	}
	p := refusal(http.StatusUnauthorized, codeUnauthorized, "unauthorized: log in, or ask the token service for an anonymous token")
	if rt.name != "" {
		want := needs(rt.kind, r.Method)
		p.message = fmt.Sprintf("unauthorized to access repository: %s, action: %s: log in, or ask the token service for an anonymous token", rt.name, want)
	}
	p.challenge = g.bearerChallenge(r, rt)
	return p
}

func (g *Registry) bearerChallenge(r *http.Request, rt route) string {
	realm := g.externalURL(r).JoinPath("service", "token")
	challenge := fmt.Sprintf(`Bearer realm="%s",service="%s"`, realm, tokenService)
	if rt.name == "" {
		return challenge
	}
	actions := string(pull)
	if want := needs(rt.kind, r.Method); want != pull {
		actions += "," + string(want)
	}
	scope := fmt.Sprintf("repository:%s:%s", rt.name, actions)
	if from := r.URL.Query().Get("from"); rt.kind == kindUploads && oci.ValidRepository(from) {
		scope += fmt.Sprintf(" repository:%s:%s", from, pull) // a mount pulls from its source
	}
	return fmt.Sprintf(`%s,scope="%s"`, challenge, scope)
}

func unauthorized(rt route, want action, reason string) *problem {
	message := "unauthorized: " + reason
	if rt.name != "" {
		message = fmt.Sprintf("unauthorized to access repository: %s, action: %s: %s", rt.name, want, reason)
	}
	return &problem{status: http.StatusUnauthorized, code: codeUnauthorized, message: message, challenge: basicChallenge}
}

func errCatalog() error {
	return &problem{
		status: http.StatusUnauthorized, code: codeUnauthorized, challenge: basicChallenge,
		message: "unauthorized to list catalog: only system administrators may; list the repositories of your projects with the management API",
	}
}

// expired reads the time off a token that was refused. It decides only how the
// client is told to try again, so the signature does not matter.
func expired(raw string, now time.Time) bool {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return false
	}
	var claims struct {
		Expires float64 `json:"exp"`
	}
	return json.Unmarshal(payload, &claims) == nil && claims.Expires > 0 && now.After(time.Unix(int64(claims.Expires), 0))
}
