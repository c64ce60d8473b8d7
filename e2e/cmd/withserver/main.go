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

func run(ctx context.Context, args []string) (err error) {
	dir, err := os.MkdirTemp("", "roadstead-e2e-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the bundled Postgres is unprivileged
		return err
	}
	server, err := harness.NewServer(dir, nil)
	if err != nil {
		return err
	}
	if err := server.Launch(ctx); err != nil {
		return err
	}
	defer func() {
		if stopped := server.Stop(); stopped != nil {
			server.Kill()
			err = errors.Join(err, stopped)
		}
	}()
	if err := furnish(ctx, server.Admin, dir); err != nil {
		return fmt.Errorf("%w; the server's log ends with:\n%s", err, server.LogTail())
	}

	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "BASE_URL="+server.URL, "REGISTRY="+server.Address,
		"ADMIN_USER="+harness.AdminName, "ADMIN_PASSWORD="+harness.AdminPassword)
	if err := command.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "the server's log ends with:\n%s\n", server.LogTail())
		return err
	}
	return nil
}
