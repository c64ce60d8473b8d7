package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Registries works on job.RegistriesArgs.
type Registries struct {
	river.WorkerDefaults[job.RegistriesArgs]
	Remote interface {
		Check(ctx context.Context) (int, error)
	}
}

// Timeout bounds one round. What it leaves is due in the next.
func (*Registries) Timeout(*river.Job[job.RegistriesArgs]) time.Duration { return 5 * time.Minute }

// Work looks at those that are due.
func (w *Registries) Work(ctx context.Context, _ *river.Job[job.RegistriesArgs]) error {
	_, err := w.Remote.Check(ctx)
	return err
}
