package main

import (
	"context"
	"flag"
	"io"
	"log/slog"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
)

// gc collects garbage on the machine itself.
func gc(ctx context.Context, args []string, out io.Writer) error {
	var o app.CollectOptions
	cfg, err := load("gc", args, out, func(f *flag.FlagSet) {
		f.BoolVar(&o.DryRun, "dry-run", false, "list what would go, and change nothing")
		f.IntVar(&o.Workers, "workers", 2, "how many remove at the same time, 1 to 10")
	})
	if err != nil {
		return err
	}
	return app.Collect(ctx, cfg, o, slog.New(slog.DiscardHandler), out)
}
