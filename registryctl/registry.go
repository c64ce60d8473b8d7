// Package registryctl is the embedded registry: everything under /v2/. Reads are
// answered from the index and the storage without entering distribution's App;
// uploads run through the App's protocol over our own blob store. It is the one
// place that imports distribution. It must not own names (Postgres does, behind
// Index) nor decide who holds which role.
package registryctl

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// Deps are what a Registry needs; none is optional.
type Deps struct {
	Index    Index
	Tokens   Tokens
	Authn    Authn
	Projects Projects
	Policy   *rbac.Policy
	Store    *storage.Store

	// Secret signs upload sessions: the same on all replicas, and not guessable.
	Secret []byte
	// ReadOnly says whether nothing may be pushed or deleted at the moment. It is
	// asked with every such request.
	ReadOnly func(context.Context) (bool, error)
	// ExternalURL is where the client reaches this server, behind whatever proxy.
	ExternalURL func(*http.Request) *url.URL
	// ClientAddress is the address to audit and to throttle by.
	ClientAddress func(*http.Request) string
	// Cache bounds the bytes of manifests and small blobs kept in memory.
	Cache int64

	Metrics prometheus.Registerer
	Log     *slog.Logger
	Clock   func() time.Time
}

// DefaultCache is enough for some ten thousand manifests with their configs.
const DefaultCache = 64 << 20

const minSecret = 16

// Registry serves /v2/. It is safe for concurrent use.
type Registry struct {
	index     Index
	tokens    Tokens
	authn     Authn
	projects  Projects
	policy    *rbac.Policy
	store     *storage.Store
	payloads  *payloads
	sessions  *sessions
	app       *app
	metrics   *metrics
	unsettled *unsettled
	buffers   sync.Pool // *[copyBuffer]byte

	readOnly    func(context.Context) (bool, error)
	externalURL func(*http.Request) *url.URL
	address     func(*http.Request) string
	log         *slog.Logger
	clock       func() time.Time
}

// New returns a Registry. ctx bounds the life of what distribution's App starts.
func New(ctx context.Context, d Deps) (*Registry, error) {
	if len(d.Secret) < minSecret {
		return nil, fmt.Errorf("the registry's secret has %d bytes, it needs at least %d", len(d.Secret), minSecret)
	}
	m, err := newMetrics(d.Metrics, d.Store.Syncs)
	if err != nil {
		return nil, fmt.Errorf("register the registry's metrics: %w", err)
	}
	s, err := newSessions(d)
	if err != nil {
		return nil, fmt.Errorf("upload sessions: %w", err)
	}
	g := &Registry{
		index: d.Index, tokens: d.Tokens, authn: d.Authn, projects: d.Projects, policy: d.Policy, store: d.Store,
		payloads: newPayloads(d.Cache), unsettled: &unsettled{digests: map[digest.Digest]struct{}{}}, sessions: s, metrics: m,
		readOnly: d.ReadOnly, externalURL: d.ExternalURL, address: d.ClientAddress, log: d.Log, clock: d.Clock,
	}
	if g.app, err = newApp(ctx, d, g.blobStore()); err != nil {
		return nil, fmt.Errorf("start distribution's app: %w", err)
	}
	return g, nil
}

// Close ends what New started. Stop the HTTP server first: requests that are
// under way still need it.
func (g *Registry) Close(context.Context) error { return g.app.close() }

// ServeHTTP answers one request.
func (g *Registry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &response{ResponseWriter: w}
	out.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	rt, err := parseRoute(r.URL)
	label := "none"
	if err == nil {
		label = rt.kind.String()
		err = g.serve(out, r, rt)
	}
	if err != nil {
		g.fail(out, r, rt, err)
	}
	g.metrics.request(label, r, out)
}

func (g *Registry) serve(w *response, r *http.Request, rt route) (err error) {
	if methods := rt.kind.methods(); !slices.Contains(methods, r.Method) {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		return refusal(http.StatusMethodNotAllowed, codeUnsupported, "%s is not possible here; use %s", clip(r.Method), strings.Join(methods, ", "))
	}
	who, err := g.admit(r, rt)
	defer func() { g.noteRefusal(r, rt, who, err) }()
	if err != nil {
		return err
	}
	if err := g.admitChange(r); err != nil {
		return err
	}
	switch rt.kind {
	case kindCatalog:
		return g.catalog(w, r)
	case kindManifest:
		return g.manifest(w, r, rt, who)
	case kindBlob:
		return g.blob(w, r, rt, who)
	case kindUploads:
		return g.startUpload(w, r, rt, who)
	case kindUpload:
		return g.upload(w, r, rt, who)
	case kindTags:
		return g.tags(w, r, rt)
	case kindReferrers:
		return g.referrers(w, r, rt)
	case kindBase:
	}
	writeJSON(w, http.StatusOK, jsonType, struct{}{})
	return nil
}

// fail answers with an error; what is the server's own fault is logged here, once.
func (g *Registry) fail(w *response, r *http.Request, rt route, err error) {
	p, known := asProblem(rt.kind, err)
	if !known {
		id := audit.RequestID(r.Context())
		g.log.ErrorContext(r.Context(), "registry request failed", "method", r.Method, "route", rt.kind.String(),
			"repository", rt.name, "reference", clip(rt.reference), "request_id", id, "error", err)
		if id != "" {
			p.detail = "request id " + id
		}
	}
	if w.status == 0 {
		p.write(w)
	}
}
