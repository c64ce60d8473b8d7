package registryctl

import (
	"fmt"
	"net/http"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// admitChange refuses pushes and deletions while the system is read only. The text
// is Harbor's.
func (g *Registry) admitChange(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	readOnly, err := g.readOnly(r.Context())
	if err != nil {
		return fmt.Errorf("is the system read only: %w", err)
	}
	if readOnly {
		return fault.Denied("The system is in read only mode. Any modification is prohibited.")
	}
	return nil
}
