package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Purger deletes old entries of the audit log.
type Purger interface {
	Purge(ctx context.Context, run *job.Run, args job.PurgeArgs) error
}

// Purge works on job.PurgeArgs.
type Purge struct{ Audit Purger }

// Work purges.
func (w Purge) Work(ctx context.Context, run *job.Run, args job.PurgeArgs) error {
	return w.Audit.Purge(ctx, run, args)
}
