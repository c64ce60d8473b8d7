package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// Finding is what one check found. Todo is empty when all is well.
type Finding struct {
	Check, Detail, Todo string
}

const (
	examineTimeout = 30 * time.Second
	// maxSkew is how far this machine's clock may be from Postgres's: tokens are
	// valid from the second they are issued.
	maxSkew = 5 * time.Second
	// leastFree is the free space below which pushes will soon fail, in bytes.
	leastFree = 1 << 30
)

// Examine checks what a server with this configuration needs, without changing
// anything that lasts. It may run beside a running server.
func Examine(ctx context.Context, cfg config.Config, log *slog.Logger) []Finding {
	ctx, cancel := context.WithTimeout(ctx, examineTimeout)
	defer cancel()
	found := []Finding{examineFolder(cfg.DataDir)}
	found = append(found, examineDatabase(ctx, cfg, log)...)
	found = append(found, examineStorage(ctx, cfg), examinePort(ctx, "listen", cfg.Listen, "ROADSTEAD_LISTEN"))
	if cfg.MetricsListen != "off" {
		found = append(found, examinePort(ctx, "metrics", cfg.MetricsListen, "ROADSTEAD_METRICS_LISTEN"))
	}
	return found
}

func examineFolder(dir string) Finding {
	f := Finding{Check: "data_dir", Detail: dir}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		f.Detail, f.Todo = err.Error(), "make the folder and give it to the user that runs Roadstead, or set ROADSTEAD_DATA_DIR"
		return f
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		f.Detail, f.Todo = err.Error(), "let the user that runs Roadstead write to "+dir+", or set ROADSTEAD_DATA_DIR"
		return f
	}
	defer func() { _ = os.Remove(probe.Name()) }()
	if err := errors.Join(probe.Sync(), probe.Close()); err != nil {
		f.Detail, f.Todo = err.Error(), "the disk does not keep what is written; look at it before you trust it with images"
		return f
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err == nil {
		free := int64(fs.Bavail) * fs.Bsize
		f.Detail = fmt.Sprintf("%s, %d MiB free", dir, free>>20)
		if free < leastFree {
			f.Todo = "make room: pushes fail when the disk is full"
		}
	}
	return f
}

func examineDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) []Finding {
	f := Finding{Check: "postgres"}
	address := cfg.DatabaseURL.Reveal()
	if address == "" {
		if running, ok := store.RunningBundled(cfg.DataDir); ok {
			address = running
		} else {
			return []Finding{examineBundled(cfg)}
		}
	}
	db, err := store.Open(ctx, store.Options{URL: address, MaxConns: 2, Log: log})
	if err != nil {
		f.Detail, f.Todo = err.Error(), "check ROADSTEAD_DATABASE_URL, that the server runs, and that it lets this user in"
		return []Finding{f}
	}
	defer db.Close()
	var version string
	var now time.Time
	if err := db.Pool.QueryRow(ctx, `SELECT current_setting('server_version'), clock_timestamp()`).Scan(&version, &now); err != nil {
		f.Detail, f.Todo = err.Error(), "look at the database server's log"
		return []Finding{f}
	}
	f.Detail = "PostgreSQL " + version + " answers"
	return []Finding{f, examineClock(time.Since(now))}
}

func examineBundled(cfg config.Config) Finding {
	f := Finding{Check: "postgres"}
	bin, err := store.FindBinaries(cfg.PostgresBin)
	if err != nil {
		f.Detail, f.Todo = "the bundled PostgreSQL is not there", err.Error()
		return f
	}
	f.Detail = "the bundled programs are in " + bin
	if _, err := os.Stat(filepath.Join(cfg.DataDir, "postgres", "PG_VERSION")); err == nil {
		f.Detail += "; its data is there"
	} else {
		f.Detail += "; its data will be made at the first start"
	}
	return f
}

func examineClock(skew time.Duration) Finding {
	f := Finding{Check: "clock", Detail: fmt.Sprintf("%s from the database's", skew.Abs().Round(time.Millisecond))}
	if skew.Abs() > maxSkew {
		f.Todo = "set the clocks of this machine and of the database by NTP: tokens of one server are not valid yet, or no longer, on another"
	}
	return f
}

func examineStorage(ctx context.Context, cfg config.Config) Finding {
	f := Finding{Check: "storage", Detail: cfg.StorageDriver}
	todo := "let the user that runs Roadstead write to " + cfg.StorageRoot + ", or set ROADSTEAD_STORAGE_ROOT"
	if cfg.StorageDriver == storage.KindS3 {
		todo = "check bucket, endpoint, region and keys (ROADSTEAD_STORAGE_S3_…), and that the key may read, write, list and delete"
	}
	s, err := storage.Open(ctx, storageOptions(cfg))
	if err == nil {
		err = s.Probe(ctx)
	}
	if err != nil {
		f.Detail, f.Todo = err.Error(), todo
		return f
	}
	f.Detail += ": a file was written, read and removed"
	return f
}

func examinePort(ctx context.Context, check, address, setting string) Finding {
	f := Finding{Check: check, Detail: address + " is free"}
	l, err := net.Listen("tcp", address)
	if err == nil {
		_ = l.Close()
		return f
	}
	if errors.Is(err, syscall.EADDRINUSE) && answers(ctx, address, check) {
		f.Detail = address + " is served by a running Roadstead"
		return f
	}
	f.Detail, f.Todo = err.Error(), "stop what uses the port, or choose another one with "+setting
	return f
}

// answers says whether a Roadstead serves the address.
func answers(ctx context.Context, address, check string) bool {
	path := "/api/v2.0/ping"
	if check == "metrics" {
		path = "/metrics"
	}
	// Whatever holds the port need not speak HTTP.
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(address)+path, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode == http.StatusOK
}
