// Package worker has one file per kind of job, each a thin call of the domain.
package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Folder adds batched counts to rows.
type Folder interface {
	Fold(ctx context.Context) (int64, error)
}

// Fold works on job.FoldArgs.
type Fold struct {
	river.WorkerDefaults[job.FoldArgs]
	Artifacts Folder
}

// Timeout bounds one fold.
func (*Fold) Timeout(*river.Job[job.FoldArgs]) time.Duration { return time.Minute }

// Work folds until a batch is not full.
func (w *Fold) Work(ctx context.Context, _ *river.Job[job.FoldArgs]) error {
	for {
		n, err := w.Artifacts.Fold(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}
