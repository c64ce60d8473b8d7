package harness

import (
	"bufio"
	"context"
	"fmt"
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
		admin = startPostgres(t)
	}
	where, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("e2e_%d_%d", os.Getpid(), time.Now().UnixNano())
	execute(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	where.Path = "/" + name
	return where.String()
}

func execute(t testing.TB, where, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // the test's own context has ended in a cleanup
	defer cancel()
	connection, err := pgx.Connect(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	_, err = connection.Exec(ctx, statement)
	if closed := connection.Close(ctx); err == nil {
		err = closed
	}
	if err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

// startPostgres runs the same test server that `make test` starts.
func startPostgres(t testing.TB) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(Folder(t), "testpg")
	build := exec.Command("go", "build", "-o", binary, "./core/store/storetest/cmd/testpg")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the test Postgres: %v: %s", err, output)
	}
	command := exec.Command(binary)
	command.Dir, command.Stderr = root, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // it ends with its input
		if err := command.Wait(); err != nil {
			t.Errorf("the test Postgres ended: %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the test Postgres prints no URL: %v", err)
	}
	return strings.TrimSpace(line)
}
