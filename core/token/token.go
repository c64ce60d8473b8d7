// Package token gives registry clients their bearer tokens, and says what a
// token that comes back permits. A token carries what was asked for and is
// allowed at that moment, no more, and lives for half an hour unless a setting
// says otherwise. The package must
// not serve the registry; that is registryctl's, which asks Verify.
package token

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/seal"
)

// The names that Harbor's clients know.
const (
	DefaultIssuer   = "harbor-token-issuer"
	DefaultService  = "harbor-registry"
	DefaultLifetime = 30 * time.Minute
	LongestLifetime = 24 * time.Hour // keys are kept for longer
)

// Options are what a token says, and how requests are read.
type Options struct {
	Issuer  string // "" means DefaultIssuer
	Service string // "" means DefaultService
	// Lifetime is how long a token that is made now is good, LongestLifetime at
	// most; nil means DefaultLifetime.
	Lifetime func(context.Context) (time.Duration, error)
	Log      *slog.Logger               // for failures that are not the client's
	Address  func(*http.Request) string // the client's IP address, proxies seen through
	// ExternalURL is where the client reaches this server: scheme and host,
	// without a slash at the end.
	ExternalURL func(*http.Request) string
}

// Service issues and verifies tokens. It is safe for concurrent use.
type Service struct {
	authn    *auth.Service
	projects *project.Service
	log      *audit.Service
	clock    func() time.Time
	opts     Options
	keys     *keyring
	verified *lru.Cache[string, verified] // by the token
}

// NewService returns the Service over db. The first one on a database makes its
// signing key, sealed by keys.
func NewService(db *gorm.DB, keys seal.Sealer, authn *auth.Service, projects *project.Service, log *audit.Service, clock func() time.Time, opts Options) (*Service, error) {
	if opts.Issuer == "" {
		opts.Issuer = DefaultIssuer
	}
	if opts.Service == "" {
		opts.Service = DefaultService
	}
	if opts.Lifetime == nil {
		opts.Lifetime = func(context.Context) (time.Duration, error) { return DefaultLifetime, nil }
	}
	if opts.Log == nil || opts.Address == nil || opts.ExternalURL == nil {
		return nil, errors.New("token service: Log, Address and ExternalURL must be given")
	}
	ring, err := newKeyring(db, keys, clock, LongestLifetime)
	if err != nil {
		return nil, fmt.Errorf("token service: %w", err)
	}
	cache, err := lru.New[string, verified](rememberedTokens)
	if err != nil {
		return nil, err
	}
	return &Service{authn: authn, projects: projects, log: log, clock: clock, opts: opts, keys: ring, verified: cache}, nil
}

func (s *Service) now() time.Time { return s.clock().UTC() }

// Claims are what a verified token says. They are shared: do not write to Access.
type Claims struct {
	// Subject is who the token was made for, for logs and the audit log. It is
	// no system administrator, whoever it is: what counts is Access.
	Subject   rbac.Subject
	Access    []Access
	ExpiresAt time.Time
}

// Allows says whether the token permits the action (pull, push, delete) on the
// repository with that full name.
func (c Claims) Allows(repository, action string) bool {
	return c.allows(typeRepository, repository, action)
}

// AllowsCatalog says whether the token permits to list all repositories.
func (c Claims) AllowsCatalog() bool { return c.allows(typeRegistry, catalogName, "*") }

func (c Claims) allows(kind, name, action string) bool {
	for _, a := range c.Access {
		if a.Name == name && a.Type == kind {
			for _, have := range a.Actions {
				if have == action {
					return true
				}
			}
		}
	}
	return false
}

func newTokenID() (string, error) {
	raw := make([]byte, 12)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
