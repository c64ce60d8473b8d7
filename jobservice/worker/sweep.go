package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// auditMonths is how many months ahead the audit log has partitions.
const auditMonths = 3

// Sweep works on job.SweepArgs.
type Sweep struct {
	Sessions interface {
		Sweep(ctx context.Context) (int64, error)
	}
	Audit interface {
		EnsurePartitions(ctx context.Context, months int) (made int, err error)
		Tally(ctx context.Context) (int64, error)
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
	Deletions interface {
		SweepDeletions(ctx context.Context) (int64, error)
	}
}

// Steps are its steps.
func (w Sweep) Steps() Steps {
	return Steps{
		job.SessionExpiry:  w.Sessions.Sweep,
		job.ExecutionSweep: w.History.Sweep,
		job.ChangeSweep:    w.Changes.Sweep,
		job.DeletionSweep:  w.Deletions.SweepDeletions,
		job.AuditTally:     w.Audit.Tally,
		job.UploadExpiry:   counted(w.Uploads.SweepUploads),
		job.AuditPartitions: counted(func(ctx context.Context) (int, error) {
			return w.Audit.EnsurePartitions(ctx, auditMonths)
		}),
	}
}

func counted(do func(context.Context) (int, error)) func(context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		n, err := do(ctx)
		return int64(n), err
	}
}
