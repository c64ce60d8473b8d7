package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
)

// admin is what an administrator does on the machine itself.
func admin(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "reset-password":
			return resetPassword(ctx, args[1:], out)
		case "rebuild-index":
			return rebuildIndex(ctx, args[1:], out)
		}
	}
	return errors.New("usage: roadstead admin reset-password [--user admin] [--config roadstead.yml]\n" +
		"       roadstead admin rebuild-index [--dry-run] [--into project] [--config roadstead.yml]")
}

func resetPassword(ctx context.Context, args []string, out io.Writer) error {
	var name string
	cfg, err := load("admin reset-password", args, out, func(f *flag.FlagSet) {
		f.StringVar(&name, "user", "admin", "account whose password to reset")
	})
	if err != nil {
		return err
	}
	password, err := app.ResetPassword(ctx, cfg, name, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The new password of %s is %s\nIts sessions have ended.\n", name, password)
	return err
}

func rebuildIndex(ctx context.Context, args []string, out io.Writer) error {
	var o app.RebuildOptions
	cfg, err := load("admin rebuild-index", args, out, func(f *flag.FlagSet) {
		f.BoolVar(&o.DryRun, "dry-run", false, "say what would be taken over, and change nothing")
		f.StringVar(&o.Into, "into", "", "project of repositories whose names have none, as library/ has")
	})
	if err != nil {
		return err
	}
	return app.RebuildIndex(ctx, cfg, o, slog.New(slog.DiscardHandler), out)
}
