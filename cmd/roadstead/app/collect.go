package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/store"
)

// CollectOptions are what `roadstead gc` is asked to do.
type CollectOptions struct {
	DryRun  bool // only list
	Workers int
}

// Collect does garbage collection on the machine itself, beside a running server or
// without one, and writes what it did or would do to out.
func Collect(ctx context.Context, cfg config.Config, o CollectOptions, log *slog.Logger, out io.Writer) (err error) {
	if o.Workers < 1 || o.Workers > gc.MaxWorkers {
		return fmt.Errorf("--workers %d: use 1 to %d", o.Workers, gc.MaxWorkers)
	}
	a := &App{cfg: cfg, log: log, clock: time.Now, metrics: prometheus.NewRegistry()}
	defer func() { err = errors.Join(err, a.close(context.WithoutCancel(ctx))) }()
	if address, running := store.RunningBundled(cfg.DataDir); running && cfg.DatabaseURL == "" {
		a.cfg.DatabaseURL = config.Secret(address)
	}
	if err := a.openDatabase(ctx); err != nil {
		return err
	}
	s, err := newServices(ctx, a, a.openStorage(ctx))
	if err != nil {
		return err
	}
	say := func(format string, values ...any) { _, _ = fmt.Fprintf(out, format+"\n", values...) }
	if o.DryRun {
		would, err := s.garbage.List(ctx, false, mostShown, say)
		if err != nil {
			return err
		}
		say("%s would go.", would)
		return nil
	}
	freed, err := s.garbage.CollectNow(ctx, o.Workers)
	say("%s went.", freed)
	return err
}

// mostShown is how many blobs a dry run names on a terminal or into a file.
const mostShown = 1_000_000
