package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Replicator copies between registries.
type Replicator interface {
	Work(ctx context.Context, run *job.Run, args job.ReplicationArgs) error
}

// Replicate works on job.ReplicationArgs.
type Replicate struct{ Policies Replicator }

// Work does one task.
func (w Replicate) Work(ctx context.Context, run *job.Run, args job.ReplicationArgs) error {
	return w.Policies.Work(ctx, run, args)
}
