// Roadstead is an enterprise container registry in one program: portal,
// management API, token service, registry and job service over one Postgres.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version = "dev"

// command is a subcommand: one line here is all it takes to add one.
type command struct {
	name, help string
	run        func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "run the server (the default)", serve},
		{"doctor", "check configuration, Postgres, storage, clock and ports, and say what to do", doctor},
		{"gc", "remove what nothing refers to any more, now; --dry-run lists it", gc},
		{"admin", "reset-password: set a new password for an account; rebuild-index: take over the names that another registry left in the storage", admin},
		{"version", "print the version", func(_ context.Context, _ []string, out io.Writer) error {
			_, err := fmt.Fprintln(out, "roadstead", version)
			return err
		}},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "roadstead:", err)
	os.Exit(1)
}

func run(ctx context.Context, args []string, out io.Writer) error {
	all := commands()
	name := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if name == "help" || (len(args) > 0 && (args[0] == "-h" || args[0] == "--help")) {
		return usage(out, all)
	}
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return fmt.Errorf("there is no command %q; `roadstead help` lists them", name)
	}
	return all[i].run(ctx, args, out)
}

func usage(out io.Writer, all []command) error {
	text := "Usage: roadstead COMMAND [--config roadstead.yml]\n\n"
	for _, c := range all {
		text += fmt.Sprintf("  %-9s %s\n", c.name, c.help)
	}
	text += "\nEvery setting is also an environment variable; docs/ops/configuration.md lists them.\n"
	_, err := io.WriteString(out, text)
	return err
}
