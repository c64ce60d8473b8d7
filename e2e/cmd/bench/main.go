// Command bench fills a server with as much as a large installation has and measures what people wait for: the lists and searches
// of the management API (time, and processor time of the server and of its Postgres), and then the command it is given, which
// finds BASE_URL and the rest in its environment as withserver's does: the portal's measurements in a browser.
//
// It ends with an error when a figure is over its limit, and writes them all to the file that BENCH_FILE names.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command []string) error {
	return harness.Alone(ctx, func(server *harness.Server, _ string) error {
		if err := seed(ctx, server); err != nil {
			return fmt.Errorf("fill the database: %w", err)
		}
		figures, err := measure(ctx, server)
		if err != nil {
			return err
		}
		report(os.Stdout, figures)
		if err := keep(os.Getenv("BENCH_FILE"), figures); err != nil {
			return err
		}
		return errors.Join(over(figures), inBrowser(ctx, server, command))
	})
}

func keep(file string, figures []figure) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func inBrowser(ctx context.Context, server *harness.Server, command []string) error {
	if len(command) == 0 {
		return nil
	}
	return server.RunBeside(ctx, command, "BENCH_PROJECT="+bulkProject, "BENCH_REPOSITORY="+bulkRepository, "BENCH_SEARCH="+searchWord)
}
