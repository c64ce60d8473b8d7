// Package app puts the program together: it is the only place that knows every
// package. New makes everything that can fail, in order and without globals; Run
// serves until it is told to stop, then lets what is under way finish.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/jobservice"
	"github.com/roadstead-registry/roadstead/migrations"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// App is the assembled program.
type App struct {
	cfg     config.Config
	log     *slog.Logger
	version string
	clock   func() time.Time

	db       *store.DB
	services *services
	jobs     *jobservice.Service
	metrics  *prometheus.Registry

	web         *http.Server
	webListener net.Listener
	metricsWeb  *http.Server
	metricsOn   net.Listener
	firstStart  firstStart
	settling    func(context.Context) // of the registry's small blobs
	management  *prepared

	closers []closer // undone in reverse
}

type closer struct {
	what string
	do   func(context.Context) error
}

// New starts what the program stands on (Postgres, migrations, storage) and
// prepares the rest. On an error everything that was started is stopped again.
func New(ctx context.Context, cfg config.Config, version string, log *slog.Logger) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, version: version, clock: time.Now, metrics: prometheus.NewRegistry()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(context.WithoutCancel(ctx)))
		}
	}()
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	// The addresses first: a port that is taken is told in milliseconds, before
	// anything has been started.
	if err := a.listen(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o711); err != nil {
		return nil, fmt.Errorf("data_dir: %w; make it, or set ROADSTEAD_DATA_DIR to a folder this user may write", err)
	}
	stored := a.openStorage(ctx) // while the database is waited for
	if err := a.openDatabase(ctx); err != nil {
		return nil, err
	}
	if a.services, err = newServices(ctx, a, stored); err != nil {
		return nil, err
	}
	if a.firstStart, err = a.services.firstStart(ctx, cfg.AdminPassword.Reveal()); err != nil {
		return nil, err
	}
	if cfg.Has(config.RoleJobs) {
		if a.jobs, err = a.services.jobs(a.db, a.clock, a.metrics, log); err != nil {
			return nil, err
		}
	}
	handler, err := a.handler()
	if err != nil {
		return nil, err
	}
	a.web = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		// No read or write timeout: a layer may take hours on a slow line.
	}
	return a, nil
}

func (a *App) defers(what string, do func(context.Context) error) {
	a.closers = append(a.closers, closer{what, do})
}

func (a *App) listen() error {
	var err error
	if a.webListener, err = net.Listen("tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("listen on %s: %w; stop what uses the port, or set ROADSTEAD_LISTEN", a.cfg.Listen, err)
	}
	a.defers("listener", func(context.Context) error { return ignoreClosed(a.webListener.Close()) })
	if a.cfg.TLSCert != "" {
		shown, err := newCertificate(a.cfg.TLSCert, a.cfg.TLSKey, a.clock, a.log)
		if err != nil {
			return err
		}
		a.webListener = tls.NewListener(a.webListener, shown.config())
	}
	if a.cfg.MetricsListen == "off" {
		return nil
	}
	if a.metricsOn, err = net.Listen("tcp", a.cfg.MetricsListen); err != nil {
		return fmt.Errorf("listen for metrics on %s: %w; stop what uses the port, or set ROADSTEAD_METRICS_LISTEN (off switches it off)", a.cfg.MetricsListen, err)
	}
	a.defers("metrics listener", func(context.Context) error { return ignoreClosed(a.metricsOn.Close()) })
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	profiles(mux)
	a.metricsWeb = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return nil
}

// profiles are Go's own, for whoever asks at night what the program is doing.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

func (a *App) openDatabase(ctx context.Context) error {
	address := a.cfg.DatabaseURL.Reveal()
	if address == "" {
		bin, err := store.FindBinaries(a.cfg.PostgresBin)
		if err != nil {
			return err
		}
		bundled, err := store.StartBundled(ctx, store.BundledOptions{BinDir: bin, DataDir: a.cfg.DataDir, Log: a.log.With("component", "postgres")})
		if err != nil {
			return err
		}
		a.defers("bundled Postgres", bundled.Stop)
		address = bundled.URL()
	}
	db, err := store.Open(ctx, store.Options{URL: address, MaxConns: a.cfg.DatabaseMaxConns, Log: a.log})
	if err != nil {
		return err
	}
	a.db = db
	a.defers("database", func(context.Context) error { db.Close(); return nil })
	if err := store.Migrate(ctx, db, migrations.Files); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// openStorage begins to open the storage, which knows nothing of the database, and
// returns what waits for it.
func (a *App) openStorage(ctx context.Context) func() (*storage.Store, error) {
	var opened *storage.Store
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		opened, err = storage.Open(ctx, storageOptions(a.cfg))
	}()
	return func() (*storage.Store, error) { <-done; return opened, err }
}

// Addr is the address that the web server listens on.
func (a *App) Addr() string { return a.webListener.Addr().String() }

// MetricsAddr is the address of the metrics, ” when they are off.
func (a *App) MetricsAddr() string {
	if a.metricsOn == nil {
		return ""
	}
	return a.metricsOn.Addr().String()
}

// Run serves until ctx ends. Then no new request is accepted, those under way
// may finish for as long as the setting shutdown.timeout says, what is batched
// is written, and everything New started is stopped.
func (a *App) Run(ctx context.Context) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	var batches sync.WaitGroup
	for _, run := range append(a.services.batches(), a.settling) {
		batches.Go(func() { run(background) })
	}
	failed := make(chan error, 4)
	serve := func(s *http.Server, l net.Listener) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
	}
	go serve(a.web, a.webListener)
	if a.metricsWeb != nil {
		go serve(a.metricsWeb, a.metricsOn)
	}
	if err := a.management.wait(); err != nil {
		failed <- err
	}
	working := a.jobs != nil
	if working { // after the web server: nobody waits for a job
		if err := a.jobs.Start(background); err != nil {
			working = false
			failed <- err
		}
	}
	a.log.Info("roadstead is ready", "version", a.version, "address", a.Addr(), "metrics", a.MetricsAddr(), "storage", a.cfg.StorageDriver)

	var err error
	select {
	case <-ctx.Done():
		a.log.Info("stopping", "timeout", a.cfg.ShutdownTimeout)
	case err = <-failed:
	}
	grace, cancel := context.WithTimeout(background, a.cfg.ShutdownTimeout)
	defer cancel()
	if shut := a.web.Shutdown(grace); shut != nil {
		a.log.Warn("requests were still under way at the end of shutdown.timeout and have been cut off", "error", shut)
		err = errors.Join(err, a.web.Close())
	}
	if a.metricsWeb != nil {
		err = errors.Join(err, a.metricsWeb.Close())
	}
	if working {
		err = errors.Join(err, a.jobs.Stop(grace))
	}
	stopBackground()
	batches.Wait() // what they held is written by now
	err = errors.Join(err, a.close(context.WithoutCancel(ctx)))
	a.log.Info("stopped")
	return err
}

func (a *App) close(ctx context.Context) error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		if err := a.closers[i].do(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", a.closers[i].what, err))
		}
	}
	a.closers = nil
	return errors.Join(errs...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
