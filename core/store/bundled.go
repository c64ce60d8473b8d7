package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// The user and database of the bundled server.
const (
	bundledUser     = "roadstead"
	bundledDatabase = "roadstead"
)

// Stop waits stopFast for the clean shutdown and then stopNow for the immediate
// one, after which the next start replays the log.
const (
	stopFast = 30 * time.Second
	stopNow  = 5 * time.Second
)

// BundledOptions says where the bundled server's programs and data are.
type BundledOptions struct {
	BinDir  string // as FindBinaries returns it
	DataDir string // the program's data folder; the server's is <DataDir>/postgres
	Log     *slog.Logger
	// Volatile is for tests: nothing is synced to disk, so that data outlives a
	// killed server but not a machine that loses power; and more connections are
	// allowed, for packages that share a server.
	Volatile bool
}

// Bundled is a PostgreSQL server that runs as a child of this process, reachable
// only through a unix socket. It is started again when it dies, and dies with
// this process even when that is killed.
type Bundled struct {
	binDir, data, socketDir string
	tempSocket              bool
	volatile                bool
	log                     *slog.Logger
	account                 account
	lock                    *os.File
	lines                   *serverLog

	stopping chan struct{} // closed by Stop
	done     chan struct{} // closed when the server has ended for good
	stopOnce sync.Once

	mu      sync.Mutex
	process *os.Process
	ready   bool // it has answered once, so a death is followed by a restart
	ended   bool // it will not be started again
}

// StartBundled starts the server and returns when it answers. ctx bounds the
// start only; Stop ends the server.
func StartBundled(ctx context.Context, o BundledOptions) (*Bundled, error) {
	dataDir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, fmt.Errorf("bundled PostgreSQL: data folder %s: %w", o.DataDir, err)
	}
	// Searchable by the server's uid, which is not ours under root.
	if err := os.MkdirAll(dataDir, 0o711); err != nil {
		return nil, fmt.Errorf("bundled PostgreSQL: make the data folder: %w", err)
	}
	lock, err := lockDataDir(dataDir)
	if err != nil {
		return nil, fmt.Errorf("bundled PostgreSQL: %w", err)
	}
	b := &Bundled{
		binDir: o.BinDir, data: filepath.Join(dataDir, "postgres"), volatile: o.Volatile,
		log: o.Log, lock: lock, lines: &serverLog{log: o.Log},
		stopping: make(chan struct{}), done: make(chan struct{}),
	}
	if err := b.start(ctx, dataDir); err != nil {
		b.release()
		return nil, fmt.Errorf("bundled PostgreSQL: %w", err)
	}
	return b, nil
}

func (b *Bundled) start(ctx context.Context, dataDir string) error {
	var err error
	if b.account, err = accountFor(dataDir); err != nil {
		return err
	}
	if err := b.account.reach(dataDir, b.binDir); err != nil {
		return err
	}
	if err := b.stopOrphans(ctx); err != nil {
		return err
	}
	if err := b.cluster(ctx); err != nil {
		return err
	}
	if err := b.chooseSocketDir(); err != nil {
		return err
	}
	if err := b.dropForeignPIDFiles(); err != nil {
		return err
	}
	started := make(chan error, 1)
	go b.supervise(started)
	if err := <-started; err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	if err := b.awaitReady(ctx); err != nil {
		return errors.Join(err, b.Stop(context.WithoutCancel(ctx)))
	}
	return nil
}

// URL is the address for Open and for any PostgreSQL client on this machine that
// runs as root or as the server's uid.
func (b *Bundled) URL() string { return b.url(bundledDatabase) }

func (b *Bundled) url(database string) string {
	// The port is part of the socket's name; it is spelled out so that PGPORT
	// in the environment does not change it.
	query := url.Values{"host": {b.socketDir}, "port": {"5432"}}
	return (&url.URL{Scheme: "postgres", User: url.User(bundledUser), Path: "/" + database, RawQuery: query.Encode()}).String()
}

// Stop ends the server: cleanly, or at once when that takes too long or ctx
// ends. Nothing that was committed is lost either way. Close every DB first.
func (b *Bundled) Stop(ctx context.Context) error {
	b.stopOnce.Do(func() { close(b.stopping) })
	defer b.release()
	b.signal(syscall.SIGINT)
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
	case <-time.After(stopFast):
	}
	b.log.Warn("the bundled PostgreSQL does not stop; ending it at once")
	b.signal(syscall.SIGQUIT)
	select {
	case <-b.done:
		return nil
	case <-time.After(stopNow):
		return fmt.Errorf("the bundled PostgreSQL on %s does not stop; the next start will try again", b.data)
	}
}

// release gives the data folder back.
func (b *Bundled) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tempSocket {
		_ = os.Remove(b.socketDir)
	}
	_ = b.lock.Close()
}
