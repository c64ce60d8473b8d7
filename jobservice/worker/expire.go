package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Expire works on job.ExpireArgs.
type Expire struct {
	Tags interface {
		ExpireTags(ctx context.Context) (looked, removed int64, err error)
	}
}

// Steps are its steps.
func (w Expire) Steps() Steps {
	return Steps{job.TagExpiry: func(ctx context.Context) (int64, error) {
		_, removed, err := w.Tags.ExpireTags(ctx)
		return removed, err
	}}
}
