package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
)

// doctor says for each thing that the server needs whether it is there, and what
// to do if it is not.
func doctor(ctx context.Context, args []string, out io.Writer) error {
	cfg, err := load("doctor", args, out, nil)
	if err != nil {
		return err
	}
	findings := []app.Finding{{Check: "configuration", Detail: "every setting is known and has an allowed value"}}
	findings = append(findings, app.Examine(ctx, cfg, slog.New(slog.DiscardHandler))...)
	var text strings.Builder
	bad := 0
	for _, f := range findings {
		mark := "ok  "
		if f.Todo != "" {
			mark = "FAIL"
			bad++
		}
		fmt.Fprintf(&text, "%s  %-14s %s\n", mark, f.Check, f.Detail)
		if f.Todo != "" {
			fmt.Fprintf(&text, "      %-14s → %s\n", "", f.Todo)
		}
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	if bad > 0 {
		return errors.New("not everything is in order; do what the arrows say and run roadstead doctor again")
	}
	return nil
}
