package jobservice

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
)

const (
	beatInterval   = 2 * time.Second
	beatTimeout    = 5 * time.Second
	rescueInterval = 5 // beats
	dueTimeout     = 30 * time.Second
)

// beat says every two seconds that this process is there, starts what is due, and
// looks for what others have left. A process that cannot say so for long gives up
// what it does before somebody else takes it.
func (s *Service) beat(ctx context.Context) {
	tick := time.NewTicker(beatInterval)
	defer tick.Stop()
	last := time.Now()
	for n := 0; ; n++ {
		if s.heartbeat(ctx) {
			last = time.Now()
		} else if time.Since(last) > job.Silence()-beatTimeout {
			s.cancelAll(job.ErrLost)
		}
		s.due(ctx)
		if n%rescueInterval == 0 {
			s.rescue(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Service) heartbeat(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	stop, lost, err := s.queue.Heartbeat(ctx, s.pool, s.holding())
	if err != nil {
		if ctx.Err() == nil {
			s.log.Error("no heartbeat could be written", "error", err)
		}
		return false
	}
	for _, r := range stop {
		s.cancel(r, job.ErrStopped)
	}
	for _, r := range lost {
		s.cancel(r, job.ErrLost)
	}
	return true
}

func (s *Service) due(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, dueTimeout)
	defer cancel()
	if _, err := s.queue.Due(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("scheduled jobs could not be started", "error", err)
	}
}

func (s *Service) rescue(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, dueTimeout)
	defer cancel()
	moved, err := s.queue.Rescue(ctx)
	if err != nil && ctx.Err() == nil {
		s.log.Error("jobs of dead processes could not be taken up", "error", err)
	}
	if moved > 0 {
		s.log.Warn("jobs of dead processes were queued again", "jobs", moved)
	}
	states, err := s.queue.Queues(ctx)
	if err == nil {
		s.metrics.queues(states)
	}
	steps, err := s.queue.Upkeep(ctx)
	if err == nil {
		s.metrics.upkeep(steps)
	}
}

func (s *Service) hold(r *job.Run, cancel context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[r] = cancel
	if s.leaving {
		cancel(job.ErrLeaving)
	}
}

func (s *Service) release(r *job.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, r)
}

// holding are the runs that need a heartbeat.
func (s *Service) holding() []*job.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*job.Run, 0, len(s.held))
	for r := range s.held {
		if !r.Stepping() {
			out = append(out, r)
		}
	}
	return out
}

func (s *Service) cancel(r *job.Run, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel, ok := s.held[r]; ok {
		cancel(cause)
	}
}

func (s *Service) cancelAll(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cancel := range s.held {
		cancel(cause)
	}
}

// leave gives what runs to other processes.
func (s *Service) leave() {
	s.mu.Lock()
	s.leaving = true
	s.mu.Unlock()
	s.cancelAll(job.ErrLeaving)
}
