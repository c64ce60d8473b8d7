// Package jobservice does the background work: it runs River's workers over the
// shared Postgres, and starts what is due by schedule from whichever process
// leads. It must not contain the work: a worker calls the domain.
package jobservice

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/robfig/cron/v3"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
)

// Workers are the workers of every kind, one line each.
type Workers struct {
	Fold  *worker.Fold
	Sweep *worker.Sweep
}

// queueMaintenance is where the program's own upkeep runs, so that it never
// waits behind people's work nor people's work behind it.
const queueMaintenance = "maintenance"

// Service runs the workers.
type Service struct {
	client *river.Client[pgxTx]
}

// New prepares the Service; nothing runs before Start.
func New(pool *pgxpool.Pool, w Workers, log *slog.Logger) (*Service, error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, w.Fold); err != nil {
		return nil, fmt.Errorf("job kind fold: %w", err)
	}
	if err := river.AddWorkerSafely(workers, w.Sweep); err != nil {
		return nil, fmt.Errorf("job kind sweep: %w", err)
	}
	periodic, err := schedules()
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:       log,
		Queues:       map[string]river.QueueConfig{queueMaintenance: {MaxWorkers: 2}},
		Workers:      workers,
		PeriodicJobs: periodic,
		// Upkeep runs every few seconds; its rows are of no interest afterwards.
		CompletedJobRetentionPeriod: time.Hour,
	})
	if err != nil {
		return nil, fmt.Errorf("job service: %w", err)
	}
	return &Service{client: client}, nil
}

// schedules is what runs by itself. Every schedule is parsed by robfig/cron with
// the six fields of Harbor's API: seconds first.
func schedules() ([]*river.PeriodicJob, error) {
	parser := cron.NewParser(cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	var out []*river.PeriodicJob
	for _, s := range []struct {
		spec  string
		start bool
		args  river.JobArgs
	}{
		{"*/10 * * * * *", true, job.FoldArgs{}},
		{"0 */10 * * * *", true, job.SweepArgs{}},
	} {
		schedule, err := parser.Parse(s.spec)
		if err != nil {
			return nil, fmt.Errorf("schedule %q of %s: %w", s.spec, s.args.Kind(), err)
		}
		out = append(out, river.NewPeriodicJob(schedule, func() (river.JobArgs, *river.InsertOpts) {
			return s.args, &river.InsertOpts{Queue: queueMaintenance, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
		}, &river.PeriodicJobOpts{ID: s.args.Kind(), RunOnStart: s.start}))
	}
	return out, nil
}

// Start begins to work, until Stop.
func (s *Service) Start(ctx context.Context) error {
	if err := s.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job service: %w", err)
	}
	return nil
}

// Stop lets running jobs finish until ctx ends, then cancels them.
func (s *Service) Stop(ctx context.Context) error {
	if err := s.client.Stop(ctx); err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("stop the job service: %w", err)
	}
	return nil
}
