package jobservice

import (
	"context"
	"time"
)

// Hearer turns what has happened in the registry into jobs. It takes some of it at a
// time, and says how many facts that were.
type Hearer interface {
	Hear(ctx context.Context) (int, error)
}

const (
	hearInterval = 500 * time.Millisecond
	hearTimeout  = 30 * time.Second
)

// hear looks for news twice a second, which costs one look at an index when there is
// none. Every process does: they share it.
func (s *Service) hear(ctx context.Context, h Hearer) {
	tick := time.NewTicker(hearInterval)
	defer tick.Stop()
	for {
		for s.heard(ctx, h) {
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// heard says whether there was any.
func (s *Service) heard(ctx context.Context, h Hearer) bool {
	bounded, cancel := context.WithTimeout(ctx, hearTimeout)
	defer cancel()
	n, err := h.Hear(bounded)
	if err != nil && ctx.Err() == nil {
		s.log.Error("events could not be acted on", "error", err)
	}
	return err == nil && n > 0
}
