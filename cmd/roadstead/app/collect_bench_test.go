package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
)

const (
	pullsASecond = 400
	pullsAtATime = 8
	// window is what a percentile is of: a machine that stands still for a moment spoils one, and not the median of many.
	window      = 3 * time.Second
	idleWindows = 7
)

// BenchmarkPullsDuringCollection tells the 99th percentile of pulls at a steady rate, in turns while nothing else goes on and while
// 10,000 blobs are freed by the collection that goes on by itself: the medians of windows of three seconds, their ratio, and how fast
// it frees.
func BenchmarkPullsDuringCollection(b *testing.B) {
	s := apptest.Start(b)
	s.Project("web", true)
	text := manifest(b, s, "admin", "web/app", "the layer")
	if r := put(s, "admin", "web/app", "v1", text); r.StatusCode != http.StatusCreated {
		b.Fatal(r.Text)
	}
	db, err := pgx.Connect(b.Context(), s.Config.DatabaseURL.Reveal())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	var idle, during []time.Duration
	var freeing time.Duration
	for b.Loop() {
		app.FillGarbageFiles(b, filepath.Join(s.Data, "storage"))
		syscall.Sync() // so that the disk has nothing of that to do any more
		for range idleWindows {
			idle = append(idle, p99(b, pullSteadily(b.Context(), b, s)))
		}
		app.FillGarbageRows(b, db.Exec)
		awaitGarbage(b, db, func(left int) bool { return left < app.GarbageBlobs })
		began := time.Now()
		busy, ended := context.WithCancel(b.Context())
		go func() {
			defer ended()
			awaitGarbage(b, db, func(left int) bool { return left == 0 })
		}()
		for busy.Err() == nil {
			if took := pullSteadily(busy, b, s); busy.Err() == nil { // a whole window
				during = append(during, p99(b, took))
			}
		}
		freeing += time.Since(began)
	}
	slices.Sort(idle)
	slices.Sort(during)
	alone, beside := idle[len(idle)/2], during[len(during)/2]
	b.ReportMetric(float64(alone.Microseconds()), "µs-p99-idle")
	b.ReportMetric(float64(beside.Microseconds()), "µs-p99-collecting")
	b.ReportMetric(float64(beside)/float64(alone), "ratio")
	b.ReportMetric(float64(app.GarbageBlobs*b.N)/freeing.Seconds(), "blobs/s")
}

// awaitGarbage waits until so many blobs are left to be freed.
func awaitGarbage(b *testing.B, db *pgx.Conn, enough func(left int) bool) {
	for b.Context().Err() == nil {
		var left int
		if err := db.QueryRow(b.Context(), "SELECT count(*) FROM gc_candidate WHERE kind = 'blob' AND not_before <= now() + interval '1 minute'").Scan(&left); err != nil {
			b.Error(err)
			return
		}
		if enough(left) {
			return
		}
		time.Sleep(time.Second)
	}
}

// pullSteadily asks for a manifest by its tag so many times a second, for a window or until ctx ends. What is late counts from when
// it was due.
func pullSteadily(ctx context.Context, b *testing.B, s *apptest.Server) (took []time.Duration) {
	b.Helper()
	ctx, end := context.WithTimeout(ctx, window)
	defer end()
	began, due := time.Now(), make(chan time.Time, pullsASecond)
	go func() {
		defer close(due)
		for n := 0; ; n++ {
			at := began.Add(time.Duration(n) * time.Second / pullsASecond)
			select {
			case <-time.After(time.Until(at)):
			case <-ctx.Done():
				return
			}
			select {
			case due <- at:
			case <-ctx.Done():
				return
			}
		}
	}()
	var mu sync.Mutex
	var all sync.WaitGroup
	for range pullsAtATime {
		all.Go(func() {
			for at := range due {
				if err := pullOnce(b.Context(), s); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(at))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took
}

func pullOnce(ctx context.Context, s *apptest.Server) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/v2/web/app/manifests/v1", nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth("admin", apptest.Password)
	req.Header.Set("Accept", imageManifest)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("a pull is answered %d", resp.StatusCode)
	}
	return err
}

func p99(b *testing.B, took []time.Duration) time.Duration {
	b.Helper()
	if len(took) < 100 {
		b.Fatalf("%d pulls are too few", len(took))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}
