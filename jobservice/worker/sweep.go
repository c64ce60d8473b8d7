package worker

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/roadstead-registry/roadstead/core/job"
)

// auditMonths is how many months ahead the audit log has partitions.
const auditMonths = 3

// Sweep works on job.SweepArgs. Each part is tried even when another fails.
type Sweep struct {
	river.WorkerDefaults[job.SweepArgs]
	Sessions interface {
		Sweep(ctx context.Context) (int64, error)
	}
	Audit interface {
		EnsurePartitions(ctx context.Context, months int) error
		Tally(ctx context.Context) error
	}
	Uploads interface {
		SweepUploads(ctx context.Context) (int, error)
	}
	History interface {
		Sweep(ctx context.Context) (int64, error)
	}
	Changes interface {
		Sweep(ctx context.Context) (int64, error)
	}
	Tags interface {
		ExpireTags(ctx context.Context) (int64, error)
		SweepDeletions(ctx context.Context) (int64, error)
	}
}

// Timeout bounds one sweep.
func (*Sweep) Timeout(*river.Job[job.SweepArgs]) time.Duration { return 30 * time.Minute }

// Work removes what has expired.
func (w *Sweep) Work(ctx context.Context, _ *river.Job[job.SweepArgs]) error {
	_, sessions := w.Sessions.Sweep(ctx)
	_, uploads := w.Uploads.SweepUploads(ctx)
	_, history := w.History.Sweep(ctx)
	_, changes := w.Changes.Sweep(ctx)
	_, tags := w.Tags.ExpireTags(ctx)
	_, deletions := w.Tags.SweepDeletions(ctx)
	return errors.Join(sessions, uploads, history, changes, tags, deletions, w.Audit.EnsurePartitions(ctx, auditMonths), w.Audit.Tally(ctx))
}
