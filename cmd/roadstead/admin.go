package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
)

// admin is what an administrator does on the machine itself.
func admin(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "reset-password" {
		return fmt.Errorf("usage: roadstead admin reset-password [--user admin] [--config roadstead.yml]")
	}
	var name string
	cfg, err := load("admin reset-password", args[1:], out, func(f *flag.FlagSet) {
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
