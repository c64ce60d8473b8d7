package app

import (
	"context"
	"net/http"
	"strings"

	"github.com/roadstead-registry/roadstead/core/api"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/web"
	"github.com/roadstead-registry/roadstead/portal"
	"github.com/roadstead-registry/roadstead/registryctl"
)

// handler is the whole web server.
func (a *App) handler() (http.Handler, error) {
	registry, err := a.registry()
	if err != nil {
		return nil, err
	}
	a.management = prepare(a.buildManagement)
	routes := routes{registry: registry, token: a.services.tokens, management: a.management, portal: portal.Handler()}
	if !a.cfg.Has(config.RoleRegistry) {
		routes.registry = elsewhere("registry")
	}
	if !a.cfg.Has(config.RoleCore) {
		routes.portal, routes.token = elsewhere("core"), elsewhere("core")
	}
	return behindProxies(a.cfg.TrustedProxies, web.Identified(web.Logged(a.log, clientAddress, web.Recovered(a.log, routes)))), nil
}

func (a *App) registry() (*registryctl.Registry, error) {
	secret, err := a.services.box.Derive("roadstead/registry/uploads", 32)
	if err != nil {
		return nil, err
	}
	// Uploads that are under way outlive the signal to stop; Close ends the rest.
	ctx, cancel := context.WithCancel(context.Background())
	r, err := registryctl.New(ctx, registryctl.Deps{
		Index: a.services.artifacts, Tokens: a.services.tokens, Authn: a.services.auth, Projects: a.services.projects,
		Policy: a.services.policy, Store: a.services.storage, Secret: secret,
		ReadOnly:    a.services.readOnly,
		ExternalURL: reached(a.cfg), ClientAddress: clientAddress, Cache: registryctl.DefaultCache,
		Metrics: a.metrics, Log: a.log.With("component", "registry"), Clock: a.clock,
	})
	if err != nil {
		cancel()
		return nil, err
	}
	a.settling = r.RunSettling
	a.services.local.handler = web.Identified(web.Recovered(a.log, r))
	a.defers("registry", func(ctx context.Context) error { defer cancel(); return r.Close(ctx) })
	return r, nil
}

func (a *App) buildManagement() (http.Handler, error) {
	key, err := a.services.box.Derive("roadstead/api/csrf", 32)
	if err != nil {
		return nil, err
	}
	s := a.services
	return api.New(api.Deps{
		Users: s.users, Audit: s.audit, Auth: s.auth, Projects: s.projects, Artifacts: s.artifacts, Labels: s.labels,
		Immutable: s.immutable, Retention: s.retention, Quotas: s.quotas, Robots: s.robots, Remote: s.remote, Settings: s.settings, Stats: s.stats, Additions: s.additions, Search: s.search, Jobs: s.queue, Garbage: s.garbage, Replications: s.replications, Policy: s.policy,
		Health: a.health, Volume: a.volume, CACert: a.cfg.CACert, ExternalURL: external(a.cfg), Clock: a.clock, Log: a.log.With("component", "api"),
		Version: a.version, StorageName: a.cfg.StorageDriver, CSRFKey: key,
		SecureCookies: a.cfg.HTTPS(),
	})
}

// prepared is a handler that is made while others answer already: describing two
// hundred operations takes a third of a start. Who asks for it earlier waits.
type prepared struct {
	done    chan struct{}
	handler http.Handler
	err     error
}

func prepare(build func() (http.Handler, error)) *prepared {
	p := &prepared{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.handler, p.err = build()
	}()
	return p
}

// wait returns why there is no handler, once that is known.
func (p *prepared) wait() error { <-p.done; return p.err }

func (p *prepared) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.wait() != nil { // the program is ending: Run tells why
		http.Error(w, "this server could not start", http.StatusServiceUnavailable)
		return
	}
	p.handler.ServeHTTP(w, r)
}

// routes sends a request to its part by the beginning of its path. It is no
// ServeMux, which would redirect paths that it finds untidy; each part judges
// those by its own rules.
type routes struct {
	registry, token, management, portal http.Handler
}

func (h routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case path == "/v2" || strings.HasPrefix(path, "/v2/"):
		h.registry.ServeHTTP(w, r)
	case path == "/service/token":
		h.token.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/c/"):
		h.management.ServeHTTP(w, r)
	default:
		h.portal.ServeHTTP(w, r)
	}
}

// elsewhere answers for a part that this process does not run.
func elsewhere(part string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "this server does not run the part "+part+"; ask the one that does (setting roles)", http.StatusNotFound)
	})
}
