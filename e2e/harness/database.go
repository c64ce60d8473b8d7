package harness

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Database returns the URL of an empty database on a Postgres that is not the server's own: the one that `make test` shares, or one
// started for this test.
func Database(t testing.TB) string {
	t.Helper()
	admin := os.Getenv("ROADSTEAD_TEST_DATABASE_URL")
	if admin == "" {
		server, err := StartPostgres(t.Context(), Folder(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
		admin = server.URL
	}
	where, drop, err := createDatabase(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return where
}

// createDatabase makes an empty one on the server that admin names.
func createDatabase(ctx context.Context, admin string) (where string, drop func() error, err error) {
	address, err := url.Parse(admin)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("e2e_%d_%d", os.Getpid(), time.Now().UnixNano())
	if err := execute(ctx, admin, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	address.Path = "/" + name
	// The test's own context has ended in a cleanup.
	return address.String(), func() error { return execute(context.Background(), admin, "DROP DATABASE "+name+" WITH (FORCE)") }, nil
}

func execute(ctx context.Context, where, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	connection, err := pgx.Connect(ctx, where)
	if err != nil {
		return err
	}
	if _, err := connection.Exec(ctx, statement); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", statement, err), connection.Close(ctx))
	}
	return connection.Close(ctx)
}

// Postgres is a database server beside the program's own. What it holds is lost with it: it does not sync.
type Postgres struct {
	URL     string
	command *exec.Cmd
	stdin   io.Closer
}

// StartPostgres runs the same test server that `make test` starts; its program is built into dir.
func StartPostgres(ctx context.Context, dir string) (*Postgres, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "testpg")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./core/store/storetest/cmd/testpg")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the test Postgres: %w: %s", err, output)
	}
	p := &Postgres{command: exec.Command(binary)}
	p.command.Dir, p.command.Stderr = root, os.Stderr
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the test Postgres prints no URL: %w", err), p.Stop())
	}
	p.URL = strings.TrimSpace(line)
	return p, nil
}

// Create makes an empty database, which goes with the server.
func (p *Postgres) Create(ctx context.Context) (string, error) {
	where, _, err := createDatabase(ctx, p.URL)
	return where, err
}

// Stop ends it.
func (p *Postgres) Stop() error {
	_ = p.stdin.Close() // it ends with its input
	if err := p.command.Wait(); err != nil {
		return fmt.Errorf("the test Postgres ended: %w", err)
	}
	return nil
}
