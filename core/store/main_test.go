package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// The variables make a test process play a Roadstead that runs a bundled server.
const (
	parentData = "STORE_TEST_PARENT_DATA"
	parentBin  = "STORE_TEST_PARENT_BIN"
)

func TestMain(m *testing.M) {
	if data := os.Getenv(parentData); data != "" {
		os.Exit(playParent(data, os.Getenv(parentBin)))
	}
	os.Exit(storetest.Main(m))
}

func playParent(data, bin string) int {
	b, err := store.StartBundled(context.Background(), store.BundledOptions{BinDir: bin, DataDir: data, Log: discard(), Volatile: true})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(b.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := b.Stop(context.Background()); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// parent is another process with a bundled server.
type parent struct {
	cmd   *exec.Cmd
	stdin io.Closer
	url   string
}

func startParent(t *testing.T, program, data, bin string, as *syscall.Credential) parent {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), parentData+"="+data, parentBin+"="+bin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres://") {
		t.Fatalf("the other process says %q (%v)", line, err)
	}
	return parent{cmd: cmd, stdin: stdin, url: strings.TrimSpace(line)}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func binaries(t *testing.T) string {
	t.Helper()
	bin, err := store.FindBinaries("")
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func startBundled(t *testing.T, data string) *store.Bundled {
	t.Helper()
	b, err := store.StartBundled(t.Context(), store.BundledOptions{BinDir: binaries(t), DataDir: data, Log: discard(), Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func openDB(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{URL: url, Log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func exec1(t *testing.T, db *store.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func value[T any](t *testing.T, db *store.DB, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := db.Pool.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	limit := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-limit:
			t.Fatalf("still not after 30 s: %s", what)
		case <-tick.C:
		}
	}
}

func postmaster(t *testing.T, data string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(data, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(content), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}
