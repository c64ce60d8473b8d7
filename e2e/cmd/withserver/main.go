// Command withserver runs another command against a freshly started and furnished server, and ends as that command does.
// It exists for the suites that are not Go tests: the portal's browser walks and the OCI conformance suite. The command finds
// BASE_URL, REGISTRY, ADMIN_USER and ADMIN_PASSWORD in its environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withserver COMMAND [ARGUMENT]...")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		os.Exit(ended.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "withserver:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	return harness.Alone(ctx, func(server *harness.Server, dir string) error {
		if err := furnish(ctx, server.Admin, dir); err != nil {
			return err
		}
		return server.RunBeside(ctx, args)
	})
}
