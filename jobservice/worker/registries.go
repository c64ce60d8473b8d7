package worker

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Registries works on job.RegistriesArgs.
type Registries struct {
	Remote interface {
		Check(ctx context.Context) (int, error)
	}
}

// Steps are its steps. What a round leaves is due in the next.
func (w Registries) Steps() Steps { return Steps{job.RegistryChecks: counted(w.Remote.Check)} }
