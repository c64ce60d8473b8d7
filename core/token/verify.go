package token

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

const (
	rememberedTokens  = 8192
	maxToken          = 64 << 10 // bytes; a header line is shorter
	maxRememberedSize = 4 << 10  // bytes; so that all of them are 32 MiB at most

	// The clocks of two replicas are this close.
	leeway = 10 * time.Second
)

type verified struct {
	claims    Claims
	notBefore time.Time
}

// Verify returns what a token permits. One that is not ours, or not of now, is
// fault.Unauthorized. A token that was verified before costs no signature check
// until it expires; only the first token of a key that another replica made
// costs a query.
func (s *Service) Verify(raw string) (Claims, error) {
	if len(raw) > maxToken {
		return Claims{}, fault.Unauthorized("the token is longer than %d bytes; ask for fewer scopes", maxToken)
	}
	now := s.clock()
	if v, ok := s.verified.Get(raw); ok {
		if now.Before(v.claims.ExpiresAt.Add(leeway)) && !now.Before(v.notBefore.Add(-leeway)) {
			return v.claims, nil
		}
		s.verified.Remove(raw)
		return Claims{}, fault.Unauthorized("the token has expired; sign in again")
	}
	var p payload
	_, err := jwt.ParseWithClaims(raw, &p, s.keyOf,
		jwt.WithValidMethods([]string{jwt.SigningMethodES256.Alg()}),
		jwt.WithIssuer(s.opts.Issuer), jwt.WithAudience(s.opts.Service),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(),
		jwt.WithTimeFunc(s.clock), jwt.WithLeeway(leeway))
	var unavailable *keyringError
	switch {
	case errors.As(err, &unavailable):
		return Claims{}, unavailable
	case errors.Is(err, jwt.ErrTokenExpired):
		return Claims{}, fault.Unauthorized("the token has expired; sign in again")
	case err != nil:
		return Claims{}, fault.Unauthorized("the token is not valid; sign in again")
	}
	v := verified{notBefore: time.Unix(p.NotBefore, 0), claims: Claims{
		Subject:   rbac.Subject{Kind: rbac.SubjectKind(p.Kind), ID: p.SubjectID, Name: p.Subject},
		Access:    p.Access,
		ExpiresAt: time.Unix(p.ExpiresAt, 0).UTC(),
	}}
	if len(raw) <= maxRememberedSize {
		s.verified.Add(strings.Clone(raw), v) // not the header that it was cut from
	}
	return v.claims, nil
}

func (s *Service) keyOf(t *jwt.Token) (any, error) {
	kid, _ := t.Header["kid"].(string)
	key, err := s.keys.verifier(kid)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fmt.Errorf("no key %.64q", kid)
	}
	return key, nil
}
