package api

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

type contextKey int

const (
	subjectKey contextKey = iota
	accessKey
	sessionKey
	guardKey
)

// subject is who makes the request.
func subject(ctx context.Context) rbac.Subject {
	who, _ := ctx.Value(subjectKey).(rbac.Subject)
	return who
}

// access is the project that the path names, in operations that have a project
// permission.
func access(ctx context.Context) project.Access {
	a, _ := ctx.Value(accessKey).(project.Access)
	return a
}

// sessionKeyOf is the key of the session that the request belongs to, if it does.
func sessionKeyOf(ctx context.Context) []byte {
	key, _ := ctx.Value(sessionKey).([]byte)
	return key
}

// authenticate finds out who makes the request. A wrong password is refused even
// where nobody need be known; a session that has ended makes one anonymous.
func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if guardOf(ctx.Operation()).kind == guardOpen {
		next(ctx)
		return
	}
	who, key, err := s.identify(humagin.Unwrap(ctx).Request)
	if err != nil {
		s.fail(ctx, err)
		return
	}
	next(huma.WithValue(huma.WithValue(ctx, subjectKey, who), sessionKey, key))
}

func (s *server) identify(r *http.Request) (who rbac.Subject, session []byte, err error) {
	from := source(r)
	nobody := rbac.Subject{Address: from.Address}
	if name, password, ok := r.BasicAuth(); ok {
		who, err = s.Auth.Basic(r.Context(), name, password, from)
		var ended *auth.EndedError
		if errors.Is(err, fault.ErrUnauthorized) && !errors.As(err, &ended) {
			err = unauthorized()
		}
		return who, nil, err
	}
	cookie := sessionOf(r)
	if cookie == "" {
		return nobody, nil, nil
	}
	who, found, err := s.Auth.Session(r.Context(), cookie)
	if errors.Is(err, fault.ErrUnauthorized) {
		return nobody, nil, nil
	}
	if who.Address == "" {
		who.Address = from.Address
	}
	return who, found.Key, err
}

// sessionOf is the session's cookie, or "".
func sessionOf(r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil {
		return c.Value
	}
	return ""
}

func source(r *http.Request) auth.Source {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	return auth.Source{Address: address, UserAgent: r.UserAgent(), Purpose: "api"}
}

func unauthorized() error { return fault.Unauthorized("unauthorized") }
