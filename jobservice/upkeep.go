package jobservice

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
)

const (
	// queueMaintenance is where the program's own upkeep runs, so that it never
	// waits behind people's work nor people's work behind it.
	queueMaintenance = "maintenance"
	// queueCollection is where garbage collection goes on by itself, which may take
	// long when much was deleted.
	queueCollection = "collection"
)

// part is a Periodic with what does it.
type part struct {
	args  river.JobArgs
	queue string
	steps worker.Steps
	add   func(*Service, *river.Workers, job.Periodic, worker.Steps) error
}

func partOf[A river.JobArgs](args A, queue string, steps worker.Steps) part {
	return part{args, queue, steps, func(s *Service, workers *river.Workers, p job.Periodic, steps worker.Steps) error {
		return river.AddWorkerSafely(workers, &upkeep[A]{service: s, of: p, steps: steps})
	}}
}

func (w Workers) parts() []part {
	return []part{
		partOf(job.FoldArgs{}, queueMaintenance, w.Fold.Steps()),
		partOf(job.CollectDueArgs{}, queueCollection, w.Collect.Steps()),
		partOf(job.ExpireArgs{}, queueMaintenance, w.Expire.Steps()),
		partOf(job.RegistriesArgs{}, queueMaintenance, w.Registries.Steps()),
		partOf(job.SweepArgs{}, queueMaintenance, w.Sweep.Steps()),
	}
}

// keepUp registers the program's own upkeep, and says when it runs. The process that
// leads starts each part once when it begins to lead, which makes up for the times that
// passed while none did.
func (s *Service) keepUp(workers *river.Workers, parts []part, queues map[string]river.QueueConfig) ([]*river.PeriodicJob, error) {
	var out []*river.PeriodicJob
	for _, p := range job.Periodics() {
		at := slices.IndexFunc(parts, func(each part) bool { return each.args.Kind() == p.Kind })
		if at < 0 {
			return nil, fmt.Errorf("job kind %s has no worker", p.Kind)
		}
		for _, step := range p.Steps {
			if parts[at].steps[step.Name] == nil {
				return nil, fmt.Errorf("nothing does the step %s of job kind %s", step.Name, p.Kind)
			}
		}
		if err := parts[at].add(s, workers, p, parts[at].steps); err != nil {
			return nil, fmt.Errorf("job kind %s: %w", p.Kind, err)
		}
		schedule, err := p.Schedule()
		if err != nil {
			return nil, err
		}
		// Of each kind one runs at a time, so that none waits for a slow one.
		queue := parts[at].queue
		queues[queue] = river.QueueConfig{MaxWorkers: queues[queue].MaxWorkers + 1}
		out = append(out, river.NewPeriodicJob(schedule, func() (river.JobArgs, *river.InsertOpts) {
			return parts[at].args, &river.InsertOpts{Queue: queue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
		}, &river.PeriodicJobOpts{ID: p.Kind, RunOnStart: true}))
	}
	return out, nil
}

// unfinished are the states in which one job of a kind makes another one needless.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}
}

// upkeep works on one kind of the program's own upkeep.
type upkeep[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	service *Service
	of      job.Periodic
	steps   worker.Steps
}

// Timeout is none: each step has a limit of its own.
func (*upkeep[A]) Timeout(*river.Job[A]) time.Duration { return -1 }

// Work does one step after the other, whatever becomes of each. A failure is in the
// step's row, in the log and in the metrics; River has nothing to do about it.
func (u *upkeep[A]) Work(ctx context.Context, _ *river.Job[A]) error {
	for _, step := range u.of.Steps {
		if ctx.Err() != nil {
			return ctx.Err() // this process leaves: the one that leads next begins anew
		}
		u.service.step(ctx, u.of, step, u.steps[step.Name])
	}
	return nil
}

// noteTimeout is how long it may take to note how a step went.
const noteTimeout = 10 * time.Second

// step does a step, and tells how it went.
func (s *Service) step(ctx context.Context, of job.Periodic, step job.Step, do func(context.Context) (int64, error)) {
	began := time.Now()
	removed, err := s.tryStep(ctx, step, do)
	took := time.Since(began)
	if err != nil && ctx.Err() != nil {
		return // it was broken off because this process leaves
	}
	if err != nil {
		s.log.Error("a step of the upkeep failed", "step", step.Name, "error", err)
	}
	s.metrics.stepped(step.Name, removed, err, took)
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	err = s.queue.NoteStep(note, job.StepRun{
		Name: step.Name, Cron: of.Cron, Took: took, Removed: removed, Err: err, Host: s.pool.Host, PID: s.pool.PID,
	})
	if err != nil {
		s.log.Error("how a step of the upkeep went is not written", "step", step.Name, "error", err)
	}
}

func (s *Service) tryStep(ctx context.Context, step job.Step, do func(context.Context) (int64, error)) (removed int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, step.Limit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a step of the upkeep panicked", "step", step.Name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("the program failed: %v", p)
		}
	}()
	removed, err = do(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("it took longer than %s, and goes on with its next run: %w", step.Limit, err)
	}
	return removed, err
}
