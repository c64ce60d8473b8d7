package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Folder adds batched counts to rows.
type Folder interface {
	Fold(ctx context.Context) (int64, error)
}

// Fold works on job.FoldArgs.
type Fold struct{ Artifacts Folder }

// Steps are its steps.
func (w Fold) Steps() Steps { return Steps{job.Statistics: w.fold} }

// fold goes on until a batch is not full.
func (w Fold) fold(ctx context.Context) (total int64, err error) {
	for {
		n, err := w.Artifacts.Fold(ctx)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}
