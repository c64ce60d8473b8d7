package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Retainer deletes what a retention policy does not keep.
type Retainer interface {
	Run(ctx context.Context, run *job.Run, args job.RetentionArgs) error
}

// Retention works on job.RetentionArgs.
type Retention struct{ Policies Retainer }

// Work deletes, or counts in a dry run.
func (w Retention) Work(ctx context.Context, run *job.Run, args job.RetentionArgs) error {
	return w.Policies.Run(ctx, run, args)
}
