package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Collector collects garbage, and looks for what is wrong.
type Collector interface {
	Run(ctx context.Context, run *job.Run, args job.CollectArgs) error
	Check(ctx context.Context, run *job.Run, args job.CheckStorageArgs) error
}

// CollectDue works on job.CollectDueArgs.
type CollectDue struct {
	river.WorkerDefaults[job.CollectDueArgs]
	Garbage interface {
		Collect(ctx context.Context) error
	}
}

// Timeout bounds one pass; the next one goes on.
func (*CollectDue) Timeout(*river.Job[job.CollectDueArgs]) time.Duration { return 10 * time.Minute }

// Work makes one pass.
func (w *CollectDue) Work(ctx context.Context, _ *river.Job[job.CollectDueArgs]) error {
	return w.Garbage.Collect(ctx)
}

// Collect works on job.CollectArgs.
type Collect struct{ Garbage Collector }

// Work collects what is due.
func (w Collect) Work(ctx context.Context, run *job.Run, args job.CollectArgs) error {
	return w.Garbage.Run(ctx, run, args)
}

// CheckStorage works on job.CheckStorageArgs.
type CheckStorage struct{ Garbage Collector }

// Work checks.
func (w CheckStorage) Work(ctx context.Context, run *job.Run, args job.CheckStorageArgs) error {
	return w.Garbage.Check(ctx, run, args)
}
