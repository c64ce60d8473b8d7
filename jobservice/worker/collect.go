package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Collector collects garbage, and looks for what is wrong.
type Collector interface {
	Run(ctx context.Context, run *job.Run, args job.CollectArgs) error
	Check(ctx context.Context, run *job.Run, args job.CheckStorageArgs) error
}

// CollectDue works on job.CollectDueArgs.
type CollectDue struct {
	Garbage interface {
		Collect(ctx context.Context) (int64, error)
	}
}

// Steps are its steps.
func (w CollectDue) Steps() Steps { return Steps{job.ContinuousCollection: w.Garbage.Collect} }

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
