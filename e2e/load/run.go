package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Work is one thing done over a connection, of one request or several; n counts them over all connections, from 0.
type Work func(ctx context.Context, c *Conn, n int64) error

// Plan is a load, bounded by a time, by a number, or by whichever is reached first.
type Plan struct {
	Target      Target
	Connections int
	For         time.Duration // 0: until Count
	Count       int64         // 0: until For
	Work        Work
}

// Limits of every plan: a mistake must not become a flood.
const (
	mostConnections = 2_000
	longest         = 2 * time.Minute
)

// Result is what a load has done.
type Result struct {
	Done    int64
	Bytes   int64 // of answers' bodies
	Elapsed time.Duration
	Latency Histogram // of each work
}

// Rate is works a second.
func (r *Result) Rate() float64 { return float64(r.Done) / r.Elapsed.Seconds() }

// Run connects, then works, and measures only the latter. The first error ends it.
func Run(ctx context.Context, p Plan) (*Result, error) {
	if p.Connections < 1 || p.Connections > mostConnections || p.For < 0 || p.For > longest || (p.For == 0 && p.Count == 0) {
		return nil, fmt.Errorf("a load of %d connections for %s or %d times is outside its limits", p.Connections, p.For, p.Count)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	deadline := time.Now().Add(longest + 30*time.Second)
	workers := make([]*worker, p.Connections)
	for i := range workers {
		conn, err := Dial(ctx, p.Target, deadline)
		if err != nil {
			return nil, fmt.Errorf("connection %d: %w", i, err)
		}
		defer conn.Close()
		workers[i] = &worker{conn: conn}
	}
	var next atomic.Int64
	var all sync.WaitGroup
	started := time.Now()
	for _, w := range workers {
		all.Go(func() {
			if err := w.run(ctx, p, started, &next); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	result := &Result{Elapsed: time.Since(started)}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	for _, w := range workers {
		result.Done += w.latency.Count()
		result.Bytes += w.conn.Received()
		result.Latency.Merge(&w.latency)
	}
	if result.Done == 0 {
		return nil, errors.New("nothing was done")
	}
	return result, nil
}

type worker struct {
	conn    *Conn
	latency Histogram
}

func (w *worker) run(ctx context.Context, p Plan, started time.Time, next *atomic.Int64) error {
	before := started
	for ctx.Err() == nil && (p.For == 0 || before.Sub(started) < p.For) {
		n := next.Add(1) - 1
		if p.Count > 0 && n >= p.Count {
			return nil
		}
		if err := p.Work(ctx, w.conn, n); err != nil {
			return err
		}
		now := time.Now()
		w.latency.Add(now.Sub(before))
		before = now
	}
	return nil
}

// Always asks the same and wants the same status.
func Always(status int, head []byte) Work {
	return func(ctx context.Context, c *Conn, _ int64) error {
		_, err := c.Want(ctx, status, head)
		return err
	}
}
