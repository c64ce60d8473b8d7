package jobservice_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/jobservice"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// upkeep records which parts of the upkeep ran.
type upkeep struct{ ran chan string }

func (u upkeep) Fold(context.Context) (int64, error) { u.ran <- "fold"; return 0, nil }

func (u upkeep) Sweep(context.Context) (int64, error) {
	u.ran <- "sessions"
	return 0, errors.New("the sessions cannot be swept")
}
func (u upkeep) EnsurePartitions(context.Context, int) error { u.ran <- "partitions"; return nil }
func (u upkeep) Tally(context.Context) error                 { u.ran <- "tally"; return nil }
func (u upkeep) SweepUploads(context.Context) (int, error)   { u.ran <- "uploads"; return 0, nil }
func (u upkeep) workers() jobservice.Workers {
	return jobservice.Workers{Fold: &worker.Fold{Artifacts: u}, Sweep: &worker.Sweep{Sessions: u, Audit: u, Uploads: u, Changes: changes{u}}}
}

// changes are swept by a method of the same name as sessions.
type changes struct{ upkeep }

func (c changes) Sweep(context.Context) (int64, error) { c.ran <- "changes"; return 0, nil }

func TestUpkeepRunsAtStartAndOnePartThatFailsDoesNotStopTheOthers(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	u := upkeep{ran: make(chan string, 100)}
	s, err := jobservice.New(db.Pool, u.workers(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{"fold": true, "sessions": true, "partitions": true, "tally": true, "uploads": true, "changes": true}
	deadline := time.After(30 * time.Second)
	for len(missing) > 0 {
		select {
		case part := <-u.ran:
			delete(missing, part)
		case <-deadline:
			t.Fatalf("did not run: %v", missing)
		}
	}
	stop, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := s.Stop(stop); err != nil {
		t.Error(err)
	}
}
