package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Alone launches a server for a program that is no Go test, and stops it when use returns. dir is a temporary folder that goes
// with the server.
func Alone(ctx context.Context, use func(server *Server, dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "roadstead-e2e-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the bundled Postgres is unprivileged
		return err
	}
	server, err := NewServer(dir, nil)
	if err != nil {
		return err
	}
	defer server.Release()
	if err := server.Launch(ctx); err != nil {
		return err
	}
	defer func() {
		if stopped := server.Stop(); stopped != nil {
			server.Kill()
			err = errors.Join(err, stopped)
		}
	}()
	if err := use(server, dir); err != nil {
		return fmt.Errorf("%w; the server's log ends with:\n%s", err, server.LogTail())
	}
	return nil
}

// RunBeside runs a command that finds the server in its environment: BASE_URL, REGISTRY, ADMIN_USER, ADMIN_PASSWORD and more.
func (s *Server) RunBeside(ctx context.Context, args []string, more ...string) error {
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "BASE_URL="+s.URL, "REGISTRY="+s.Address, "ADMIN_USER="+AdminName, "ADMIN_PASSWORD="+AdminPassword)
	command.Env = append(command.Env, more...)
	return command.Run()
}
