package auth

import (
	"context"
	"errors"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Machines knows the accounts of machines.
type Machines interface {
	// Verify returns who has that name and secret at this moment, with what they were
	// given. ok is false when nobody has: the name may be a person's. An account that
	// may not sign in any more is ok, and an EndedError. It is asked for every
	// request, so it has to be cheap.
	Verify(ctx context.Context, name, secret string) (who rbac.Subject, ok bool, err error)
}

// EndedError refuses a machine whose secret is right: it is disabled, or its time is
// over. Edges tell the reason, which only who knows the secret gets to see. It is a
// fault.Unauthorized.
type EndedError struct{ Reason string }

func (e *EndedError) Error() string { return e.Reason }

// Unwrap makes it a fault.
func (e *EndedError) Unwrap() error { return fault.Unauthorized("%s", e.Reason) }

func hasEnded(err error) bool {
	var ended *EndedError
	return errors.As(err, &ended)
}

func (s *Service) machine(ctx context.Context, name, secret string) (known, bool, error) {
	if s.opts.Machines == nil {
		return known{}, false, nil
	}
	who, ok, err := s.opts.Machines.Verify(ctx, name, secret)
	return known{machine: &who}, ok, err
}
