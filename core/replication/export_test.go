package replication

import (
	"context"
	"time"
)

// Destination is destination.
func Destination(repository, namespace string, replace int) (string, error) {
	return destination(repository, namespace, replace)
}

// CopiesItself is Policy.copiesItself.
func CopiesItself(p Policy) bool { return p.copiesItself() }

// SetWait lets a test see what is waited for, instead of waiting.
func (s *Service) SetWait(wait func(ctx context.Context, d time.Duration) error) { s.wait = wait }

// Taken is how long a limit of bytes a second makes readers of so many bytes wait.
func Taken(rate int64, clock func() time.Time, reads ...int) (waits []time.Duration) {
	l := newLimiter(rate, func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }, clock)
	for _, n := range reads {
		_ = l.take(context.Background(), n)
	}
	return waits
}
