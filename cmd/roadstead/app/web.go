package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roadstead-registry/roadstead/core/api"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/portal"
	"github.com/roadstead-registry/roadstead/registryctl"
)

// handler is the whole web server.
func (a *App) handler() (http.Handler, error) {
	registry, err := a.registry()
	if err != nil {
		return nil, err
	}
	management, err := a.management()
	if err != nil {
		return nil, err
	}
	routes := routes{registry: registry, token: a.services.tokens, management: management, portal: portal.Handler()}
	if !a.cfg.Has(config.RoleRegistry) {
		routes.registry = elsewhere("registry")
	}
	if !a.cfg.Has(config.RoleCore) {
		routes.portal, routes.token = elsewhere("core"), elsewhere("core")
	}
	return behindProxies(a.cfg.TrustedProxies, identified(logged(a.log, recovered(a.log, routes)))), nil
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
		ExternalURL: reached(a.cfg), ClientAddress: clientAddress, ManifestCache: registryctl.DefaultManifestCache,
		Metrics: a.metrics, Log: a.log.With("component", "registry"), Clock: a.clock,
	})
	if err != nil {
		cancel()
		return nil, err
	}
	a.defers("registry", func(ctx context.Context) error { defer cancel(); return r.Close(ctx) })
	return r, nil
}

func (a *App) management() (http.Handler, error) {
	key, err := a.services.box.Derive("roadstead/api/csrf", 32)
	if err != nil {
		return nil, err
	}
	s := a.services
	return api.New(api.Deps{
		Users: s.users, Audit: s.audit, Auth: s.auth, Projects: s.projects, Artifacts: s.artifacts, Labels: s.labels,
		Immutable: s.immutable, Quotas: s.quotas, Robots: s.robots, Settings: s.settings, Stats: s.stats, Policy: s.policy,
		Health: a.health, ReadOnly: func() bool { return false }, ExternalURL: external(a.cfg), Clock: a.clock, Log: a.log.With("component", "api"),
		Version: a.version, StorageName: a.cfg.StorageDriver, CSRFKey: key,
		SecureCookies: a.cfg.ExternalURL != nil && a.cfg.ExternalURL.Scheme == "https",
	})
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

const (
	requestIDHeader = "X-Request-Id"
	maxRequestID    = 128
)

// identified gives each request an id, the client's own if it is sane, and says
// it in the answer.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !saneRequestID(id) {
			id = uuid.NewString()
			r.Header.Set(requestIDHeader, id)
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(audit.WithRequestID(r.Context(), id)))
	})
}

func saneRequestID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// logged writes one line for each request.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w}
		method, path := r.Method, r.URL.Path
		next.ServeHTTP(rec, r)
		log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("method", method), slog.String("path", path), slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes),
			slog.Duration("took", time.Since(began)), slog.String("address", clientAddress(r)), slog.String("request_id", audit.RequestID(r.Context())))
	})
}

// recovered turns a panic into a line with its stack, and a 500. Once a part of
// the body has gone out the connection is cut instead: whatever were added would
// make a broken transfer look whole.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			log.Error("a request panicked", "panic", p, "request_id", audit.RequestID(r.Context()), "stack", string(debug.Stack()))
			if rec.status != 0 || rec.bytes > 0 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"errors":[{"code":"UNKNOWN","message":"internal server error"}]}`+"\n")
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder notes what was answered. It keeps io.ReaderFrom, without which a blob
// would be copied through memory instead of sent by the kernel.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom hands the copying to the connection.
func (w *recorder) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, src)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
