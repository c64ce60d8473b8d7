package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// GarbageBlobs is how many blobs the benchmarks free.
const GarbageBlobs = 10_000

func garbagePath(i int) string {
	hex := fmt.Sprintf("%02x%062x", i%256, i)
	return filepath.Join("docker/registry/v2/blobs/sha256", hex[:2], hex, "data")
}

// FillGarbageFiles makes the files of blobs of 4 KiB.
func FillGarbageFiles(b *testing.B, root string) {
	b.Helper()
	for i := range GarbageBlobs {
		p := filepath.Join(root, garbagePath(i))
		if err := os.MkdirAll(filepath.Dir(p), 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(p, make([]byte, 4096), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// FillGarbageRows makes their rows, which are due.
func FillGarbageRows(b *testing.B, exec func(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)) {
	b.Helper()
	const rows = `
WITH made AS (
  INSERT INTO blob (digest, size, lease_until, created_at) SELECT 'sha256:' || lpad(to_hex(g % 256), 2, '0') || lpad(to_hex(g), 62, '0'), 4096, now() - interval '1 minute', now()
  FROM generate_series(0, $1::int - 1) g RETURNING id)
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, now() - interval '1 minute' FROM made`
	if _, err := exec(b.Context(), rows, GarbageBlobs); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFreeing frees 10,000 blobs on a file system, and for comparison only removes
// as many files and folders.
func BenchmarkFreeing(b *testing.B) {
	b.Run("files alone", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			root := b.TempDir()
			FillGarbageFiles(b, root)
			b.StartTimer()
			for i := range GarbageBlobs {
				p := filepath.Join(root, garbagePath(i))
				if err := os.Remove(p); err != nil {
					b.Fatal(err)
				}
				if err := os.Remove(filepath.Dir(p)); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(GarbageBlobs*b.N)/b.Elapsed().Seconds(), "blobs/s")
	})
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("%d workers", workers), func(b *testing.B) {
			db, root := storetest.New(b, migrations.Files), b.TempDir()
			s, err := storage.Open(b.Context(), storage.Options{Kind: storage.KindFilesystem, Root: root})
			if err != nil {
				b.Fatal(err)
			}
			g, err := gc.New(gc.Deps{DB: db, Storage: collected{s}, Clock: time.Now, Metrics: prometheus.NewRegistry(), Resting: func(context.Context) (bool, error) { return false, nil }})
			if err != nil {
				b.Fatal(err)
			}
			for range b.N {
				b.StopTimer()
				FillGarbageFiles(b, root)
				FillGarbageRows(b, db.Pool.Exec)
				b.StartTimer()
				freed, err := g.CollectNow(b.Context(), workers)
				if err != nil || freed.Blobs != GarbageBlobs {
					b.Fatal(freed, err)
				}
			}
			b.ReportMetric(float64(GarbageBlobs*b.N)/b.Elapsed().Seconds(), "blobs/s")
		})
	}
}
