package jobservice

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Worker does the jobs of a kind. It heeds ctx within a second or two, makes
// visible work in the run's Steps, and goes on where run.Done says.
type Worker[A job.Args] interface {
	Work(ctx context.Context, run *job.Run, args A) error
}

// Handler is a Worker among those of other kinds.
type Handler struct {
	kind string
	add  func(*Service, *river.Workers, job.Kind) error
}

// Handle makes a Handler of a Worker.
func Handle[A job.Args](w Worker[A]) Handler {
	var a A
	return Handler{a.Kind(), func(s *Service, workers *river.Workers, kind job.Kind) error {
		return river.AddWorkerSafely(workers, &attempts[A]{service: s, kind: kind, worker: w})
	}}
}

// handle registers one worker for each kind, and returns the kinds' queues.
func (s *Service) handle(workers *river.Workers, handlers []Handler) (map[string]river.QueueConfig, error) {
	queues := map[string]river.QueueConfig{}
	for _, k := range s.queue.Kinds() {
		found := false
		for _, h := range handlers {
			if h.kind != k.Name {
				continue
			}
			found = true
			if err := h.add(s, workers, k); err != nil {
				return nil, fmt.Errorf("job kind %s: %w", k.Name, err)
			}
		}
		if !found {
			return nil, fmt.Errorf("job kind %s has no worker", k.Name)
		}
		queues[k.RiverQueue()] = river.QueueConfig{MaxWorkers: k.Workers, FetchPollInterval: pollInterval}
	}
	return queues, nil
}

// delivery is a job.Delivery of a kind that the type knows, as River needs it.
type delivery[A job.Args] struct{ job.Delivery }

// Kind is the kind of A.
func (delivery[A]) Kind() string {
	var a A
	return a.Kind()
}

// attempts works on the attempts at tasks of one kind.
type attempts[A job.Args] struct {
	river.WorkerDefaults[delivery[A]]
	service *Service
	kind    job.Kind
	worker  Worker[A]
}

// Timeout bounds one attempt.
func (a *attempts[A]) Timeout(*river.Job[delivery[A]]) time.Duration { return a.kind.Timeout }

// Work does one attempt. Its error is for River's log only.
func (a *attempts[A]) Work(ctx context.Context, j *river.Job[delivery[A]]) error {
	s := a.service
	run, err := s.queue.Begin(ctx, j.Args.Delivery, s.pool.ID)
	if errors.Is(err, job.ErrLost) {
		return nil
	}
	if err != nil {
		return err // the task waits without a River job now, which Rescue finds
	}
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.hold(run, cancel)
	defer s.release(run)
	flushing := make(chan struct{})
	stopFlush := make(chan struct{})
	go func() {
		defer close(flushing)
		s.flush(work, run, cancel, stopFlush)
	}()
	began := time.Now()
	err = a.attempt(work, run)
	close(stopFlush)
	<-flushing
	return s.end(ctx, run, outcome(work, a.kind, err), time.Since(began), func(tx store.Tx) error {
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](tx.Statement.Context, store.PgxTx(tx), j)
		if errors.Is(err, rivertype.ErrNotFound) { // the task is what counts
			return nil
		}
		return err
	})
}

func (a *attempts[A]) attempt(ctx context.Context, run *job.Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.service.log.Error("a job panicked", "kind", a.kind.Name, "execution", run.ExecutionID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("the program failed: %v", p)
		}
	}()
	var args A
	if err := run.Args(&args); err != nil {
		return err
	}
	return a.worker.Work(ctx, run, args)
}

// outcome tells why a worker returned.
func outcome(ctx context.Context, kind job.Kind, err error) job.Outcome {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(err, job.ErrStopped): // it saw so before it was told
		return job.Outcome{Err: err, Stopped: true}
	case err == nil || cause == nil:
		return job.Outcome{Err: err, Final: job.IsFinal(err)}
	case job.IsStop(cause):
		return job.Outcome{Err: err, Stopped: true}
	case errors.Is(cause, context.DeadlineExceeded):
		return job.Outcome{Err: fmt.Errorf("it took longer than %s: %w", kind.Timeout, err)}
	}
	return job.Outcome{Err: err, Leaving: true}
}

const (
	flushInterval = time.Second
	endPatience   = 12 * time.Second // to write an end while the database is away; below job.Silence
	endPause      = 500 * time.Millisecond
)

// flush writes what the run has noted, every second.
func (s *Service) flush(ctx context.Context, run *job.Run, cancel context.CancelCauseFunc, stop <-chan struct{}) {
	tick := time.NewTicker(flushInterval)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			err := run.Flush(context.WithoutCancel(ctx))
			if errors.Is(err, job.ErrLost) {
				cancel(job.ErrLost)
				return
			}
			if err != nil {
				s.log.Warn("a job's progress is not written yet", "kind", run.Kind.Name, "execution", run.ExecutionID, "error", err)
			}
		}
	}
}

// end writes how an attempt ended, trying again while the database is away. What
// could not be written is given to another process after job.Silence.
func (s *Service) end(ctx context.Context, run *job.Run, o job.Outcome, took time.Duration, complete func(store.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endPatience)
	defer cancel()
	for {
		t, err := run.End(ctx, o, complete)
		switch {
		case err == nil:
			s.metrics.ended(t, took)
			return nil
		case errors.Is(err, job.ErrLost):
			s.log.Warn("a job was given to another process before it ended here", "kind", run.Kind.Name, "execution", run.ExecutionID)
			return nil
		}
		s.log.Error("the end of a job is not written yet", "kind", run.Kind.Name, "execution", run.ExecutionID, "error", err)
		wait := time.NewTimer(endPause)
		select {
		case <-ctx.Done():
			wait.Stop()
			return err
		case <-wait.C:
		}
	}
}
