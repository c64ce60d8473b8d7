package token

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// payload is the body of a token, as Harbor's has it. Kind and id of the subject
// are for logs; nothing is decided from them.
type payload struct {
	Issuer    string   `json:"iss"`
	Subject   string   `json:"sub,omitempty"`
	Audience  string   `json:"aud"`
	ExpiresAt int64    `json:"exp"`
	NotBefore int64    `json:"nbf"`
	IssuedAt  int64    `json:"iat"`
	ID        string   `json:"jti"`
	Access    []Access `json:"access"`
	Kind      string   `json:"roadstead_kind,omitempty"`
	SubjectID int64    `json:"roadstead_id,omitempty"`
}

func (p payload) GetExpirationTime() (*jwt.NumericDate, error) { return date(p.ExpiresAt), nil }
func (p payload) GetIssuedAt() (*jwt.NumericDate, error)       { return date(p.IssuedAt), nil }
func (p payload) GetNotBefore() (*jwt.NumericDate, error)      { return date(p.NotBefore), nil }
func (p payload) GetIssuer() (string, error)                   { return p.Issuer, nil }
func (p payload) GetSubject() (string, error)                  { return p.Subject, nil }
func (p payload) GetAudience() (jwt.ClaimStrings, error)       { return jwt.ClaimStrings{p.Audience}, nil }

// date is nil for a claim that is not there, which is then missed.
func date(unix int64) *jwt.NumericDate {
	if unix == 0 {
		return nil
	}
	return jwt.NewNumericDate(time.Unix(unix, 0))
}

// Issue makes a token for who, and says until when it is good. It carries each
// resource that was asked for, with those of the actions asked for that who may
// do there now. One query, whatever was asked for.
func (s *Service) Issue(ctx context.Context, who rbac.Subject, asked []Access) (string, time.Time, error) {
	allowed, err := s.allowed(ctx, who, asked)
	if err != nil {
		return "", time.Time{}, err
	}
	key, err := s.keys.signer(ctx)
	if err != nil {
		return "", time.Time{}, err
	}
	id, err := newTokenID()
	if err != nil {
		return "", time.Time{}, err
	}
	lifetime, err := s.opts.Lifetime(ctx)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("lifetime of a token: %w", err)
	}
	now := s.now().Truncate(time.Second)
	expires := now.Add(min(lifetime, LongestLifetime))
	t := jwt.NewWithClaims(jwt.SigningMethodES256, payload{
		Issuer: s.opts.Issuer, Subject: who.Name, Audience: s.opts.Service, ID: id,
		ExpiresAt: expires.Unix(), NotBefore: now.Unix(), IssuedAt: now.Unix(),
		Access: allowed, Kind: string(who.Kind), SubjectID: who.ID,
	})
	t.Header["kid"] = key.id
	signed, err := t.SignedString(key.private)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign token: %w", err)
	}
	return signed, expires, nil
}

// Left is how long a token that is good until then is good still.
func (s *Service) Left(expires time.Time) time.Duration { return expires.Sub(s.now()) }

func (s *Service) allowed(ctx context.Context, who rbac.Subject, asked []Access) ([]Access, error) {
	var names []string
	for _, a := range asked {
		if name, ok := projectOf(a); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	access, err := s.projects.AccessByNames(ctx, who, names)
	if err != nil {
		return nil, err
	}
	var out []Access
	for _, a := range asked {
		granted := Access{Type: a.Type, Name: a.Name, Actions: []string{}}
		switch name, inProject := projectOf(a); {
		case inProject:
			if in, ok := access[name]; ok {
				granted.Actions = s.onRepository(in, who, a.Actions)
			}
		case a.Type == typeRegistry && a.Name == catalogName && rbac.AllowedInSystem(who, rbac.On(rbac.Catalog, rbac.Read)) && slices.Contains(a.Actions, "*"):
			granted.Actions = []string{"*"}
		}
		out = append(out, granted)
	}
	return out, nil
}

// projectOf returns the project of a repository's scope.
func projectOf(a Access) (string, bool) {
	name, rest, ok := strings.Cut(a.Name, "/")
	return name, ok && rest != "" && a.Type == typeRepository
}

// onRepository returns those actions asked for that are allowed. An asterisk
// asks for all.
func (s *Service) onRepository(in project.Access, who rbac.Subject, asked []string) []string {
	out := []string{}
	for _, action := range []rbac.Action{rbac.Pull, rbac.Push, rbac.Delete} {
		wanted := slices.Contains(asked, string(action)) || slices.Contains(asked, "*")
		if wanted && s.projects.Allowed(in, who, rbac.On(rbac.Repository, action)) {
			out = append(out, string(action))
		}
	}
	return out
}
