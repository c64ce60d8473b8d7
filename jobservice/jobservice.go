// Package jobservice does the background work: it runs River's workers over the
// shared Postgres, starts what is due by schedule, and takes up what a process that
// died has left. Any number of processes share the work. It must not contain the
// work: a worker calls the domain.
package jobservice

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
)

// Workers are the workers of every kind.
type Workers struct {
	Fold       worker.Fold
	Collect    worker.CollectDue
	Expire     worker.Expire
	Sweep      worker.Sweep
	Registries worker.Registries
	Jobs       []Handler // one for each of the queue's kinds
	Hear       []Hearer
}

const (
	// pollInterval is how often a queue is looked into without a notification,
	// which comes with every new job.
	pollInterval = 5 * time.Second
	// leaveAfter is how long a job may go on once the process is to stop. It is
	// then given to another one, where it goes on.
	leaveAfter = 3 * time.Second
	// never is longer than any job runs. What River knows of stuck jobs is their
	// age alone; job.Queue.Rescue knows whether their process lives.
	never = 365 * 24 * time.Hour
)

// Service runs the workers.
type Service struct {
	client  *river.Client[pgx.Tx]
	queue   *job.Queue
	pool    job.Pool
	metrics *metrics
	log     *slog.Logger

	mu      sync.Mutex
	held    map[*job.Run]context.CancelCauseFunc
	leaving bool
	hearers []Hearer

	stopBeat context.CancelFunc
	beating  sync.WaitGroup
}

// New prepares the Service; nothing runs before Start.
func New(pool *pgxpool.Pool, queue *job.Queue, w Workers, registry prometheus.Registerer, log *slog.Logger) (*Service, error) {
	m, err := newMetrics(registry)
	if err != nil {
		return nil, err
	}
	s := &Service{queue: queue, metrics: m, log: log, hearers: w.Hear, held: map[*job.Run]context.CancelCauseFunc{}}
	workers := river.NewWorkers()
	queues, err := s.handle(workers, w.Jobs)
	if err != nil {
		return nil, err
	}
	s.pool = self(queue.Kinds())
	periodic, err := s.keepUp(workers, w.parts(), queues)
	if err != nil {
		return nil, err
	}
	s.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{
		ID:           s.pool.ID,
		Logger:       log,
		Queues:       queues,
		Workers:      workers,
		PeriodicJobs: periodic,
		// River's rows are of no interest afterwards: the history is ours, and
		// upkeep runs every few seconds.
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: time.Hour,
		DiscardedJobRetentionPeriod: time.Hour,
		RescueStuckJobsAfter:        never,
	})
	if err != nil {
		return nil, fmt.Errorf("job service: %w", err)
	}
	return s, nil
}

// self is this process as people see it.
func self(kinds []job.Kind) job.Pool {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails
	p := job.Pool{ID: hex.EncodeToString(id[:]), Host: host, PID: int64(os.Getpid())}
	for _, k := range kinds {
		p.Concurrency += k.Workers
	}
	return p
}

// Start begins to work, until Stop.
func (s *Service) Start(ctx context.Context) error {
	if err := s.queue.SyncPaused(ctx); err != nil {
		return err
	}
	if _, _, err := s.queue.Heartbeat(ctx, s.pool, nil); err != nil {
		return err
	}
	if err := s.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job service: %w", err)
	}
	beat, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.stopBeat = cancel
	s.beating.Go(func() { s.beat(beat) })
	for _, h := range s.hearers {
		s.beating.Go(func() { s.hear(beat, h) })
	}
	return nil
}

// Stop takes up nothing more. Jobs that run may finish for a moment and are then
// given to other processes; upkeep may finish until ctx ends.
func (s *Service) Stop(ctx context.Context) error {
	leave := time.AfterFunc(leaveAfter, s.leave)
	defer leave.Stop()
	err := s.client.Stop(ctx)
	if err != nil {
		s.leave()
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = s.client.StopAndCancel(hard)
	}
	s.stopBeat()
	s.beating.Wait()
	if err != nil {
		return fmt.Errorf("stop the job service: %w", err)
	}
	gone, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return s.queue.Leave(gone, s.pool.ID)
}

// Pool is the id of this process among those that work.
func (s *Service) Pool() string { return s.pool.ID }
