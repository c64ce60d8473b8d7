// Package storetest gives tests a real PostgreSQL: one server for a run, one
// database for a test, made from a template that has the migrations. It must
// never be imported by the product.
//
// The server is the one that ROADSTEAD_TEST_DATABASE_URL names (make test starts
// one for all packages with core/store/storetest/cmd/testpg), or else one that
// the package's test process starts for itself when the first test asks. For
// that one to be stopped and its folder removed, a package's tests say
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
//
// Without it the server still ends with the process, but its folder stays until
// a later run sweeps it.
package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
)

// serverVariable names a server to use instead of starting one; its user must be
// allowed to create databases.
const serverVariable = "ROADSTEAD_TEST_DATABASE_URL"

const startTimeout = 2 * time.Minute

// Server is a PostgreSQL that keeps nothing.
type Server struct {
	bundled *store.Bundled
	dir     string
}

// Start starts a server in a temporary folder.
func Start(ctx context.Context, log *slog.Logger) (*Server, error) {
	sweep()
	bin, err := store.FindBinaries("")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a folder for the test server: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // the server's uid goes through it
		return nil, err
	}
	b, err := store.StartBundled(ctx, store.BundledOptions{BinDir: bin, DataDir: dir, Log: log, Volatile: true})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return &Server{bundled: b, dir: dir}, nil
}

// URL is the address of the server's own database.
func (s *Server) URL() string { return s.bundled.URL() }

// Stop ends the server and removes its folder.
func (s *Server) Stop(ctx context.Context) error {
	if err := s.bundled.Stop(ctx); err != nil {
		return err
	}
	return os.RemoveAll(s.dir)
}

const folderPrefix = "roadstead-test-"

// sweep removes the folders of servers that were killed with their parent. A
// folder in use is locked; a young one may be about to be.
func sweep() {
	locks, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*", "postgres.lock"))
	if err != nil {
		return
	}
	for _, path := range locks {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		if info, err := f.Stat(); err == nil && time.Since(info.ModTime()) > time.Minute &&
			syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
		_ = f.Close()
	}
}

// process is this test process's own server. It is package state because the
// testing package gives a process-wide resource no other place.
var process struct {
	sync.Mutex
	server *Server
	err    error
}

// serverURL returns the address of the run's server, and starts one if need be.
func serverURL(t testing.TB) string {
	t.Helper()
	if url := os.Getenv(serverVariable); url != "" {
		return url
	}
	process.Lock()
	defer process.Unlock()
	if process.server == nil && process.err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		process.server, process.err = Start(ctx, quiet())
	}
	if process.err != nil {
		t.Fatalf("start PostgreSQL for the tests: %v", process.err)
	}
	return process.server.URL()
}

// Main runs a package's tests and then stops the server that they started.
func Main(m *testing.M) int {
	code := m.Run()
	process.Lock()
	defer process.Unlock()
	if process.server == nil {
		return code
	}
	if err := process.server.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		return max(code, 1)
	}
	return code
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
