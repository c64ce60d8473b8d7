package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// BenchmarkFreeing frees 10,000 blobs on a file system, and for comparison only removes
// as many files and folders.
func BenchmarkFreeing(b *testing.B) {
	const blobs = 10_000
	path := func(i int) string {
		hex := fmt.Sprintf("%02x%062x", i%256, i)
		return filepath.Join("docker/registry/v2/blobs/sha256", hex[:2], hex, "data")
	}
	fill := func(b *testing.B, root string) {
		b.Helper()
		for i := range blobs {
			p := filepath.Join(root, path(i))
			if err := os.MkdirAll(filepath.Dir(p), 0o750); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(p, make([]byte, 4096), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("files alone", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			root := b.TempDir()
			fill(b, root)
			b.StartTimer()
			for i := range blobs {
				p := filepath.Join(root, path(i))
				if err := os.Remove(p); err != nil {
					b.Fatal(err)
				}
				if err := os.Remove(filepath.Dir(p)); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(blobs*b.N)/b.Elapsed().Seconds(), "blobs/s")
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
				fill(b, root)
				for _, sql := range []string{
					`INSERT INTO blob (digest, size, lease_until, created_at) SELECT 'sha256:' || lpad(to_hex(g % 256), 2, '0') || lpad(to_hex(g), 62, '0'), 4096, now() - interval '1 minute', now()
						FROM generate_series(0, $1::int - 1) g`,
					`INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, now() - interval '1 minute' FROM blob WHERE $1::int > 0`,
				} {
					if _, err := db.Pool.Exec(b.Context(), sql, blobs); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				freed, err := g.CollectNow(b.Context(), workers)
				if err != nil || freed.Blobs != blobs {
					b.Fatal(freed, err)
				}
			}
			b.ReportMetric(float64(blobs*b.N)/b.Elapsed().Seconds(), "blobs/s")
		})
	}
}
