package change

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// forgetAfter is how long a process that asked for nothing may still rely on what
	// it remembers, and keep how long notes stay: far longer, for a note has the time at
	// which it was written, and its transaction may end later.
	forgetAfter = 10 * time.Minute
	keep        = time.Hour

	checkTimeout = 10 * time.Second
	sweepBatch   = 10_000
)

// Feed tells what was noted since it was last asked. It is safe for concurrent use;
// a process needs one.
type Feed struct {
	pool  *pgxpool.Pool
	clock func() time.Time

	mu      sync.Mutex
	next    *round // whoever asks now is told by it; nil while nobody has asked
	running bool   // a goroutine is asking Postgres

	seen moment // of that goroutine alone

	topics sync.Mutex
	watch  map[Topic]*watch
}

// moment is the state of a server that the last answer was about.
type moment struct {
	snapshot *string   // which transactions were over (pg_snapshot); nil before the first answer
	server   time.Time // when it was started: another one is not comparable
	at       time.Time
}

// round is one question to Postgres that several are waiting for.
type round struct {
	done chan struct{}
	err  error
}

// watch is what a topic's rememberers share.
type watch struct {
	changed atomic.Bool
	users   int // guarded by Feed.topics
}

// NewFeed returns the Feed of a database, from this moment on.
func NewFeed(ctx context.Context, pool *pgxpool.Pool, clock func() time.Time) (*Feed, error) {
	f := &Feed{pool: pool, clock: clock, watch: map[Topic]*watch{}}
	return f, f.fresh(ctx)
}

// fresh returns when everything that was committed before the call has been taken in:
// whatever was noted is marked as changed.
func (f *Feed) fresh(ctx context.Context) error {
	f.mu.Lock()
	if f.next == nil {
		f.next = &round{done: make(chan struct{})}
	}
	mine := f.next
	if !f.running {
		f.running = true
		go f.run()
	}
	f.mu.Unlock()
	select {
	case <-mine.done:
		return mine.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run asks Postgres for as long as somebody waits. Who comes while a question is under
// way is told by the next one: the one under way may have been answered already.
func (f *Feed) run() {
	for {
		runtime.Gosched() // requests that are being read at this moment join the question
		f.mu.Lock()
		r := f.next
		f.next = nil
		if r == nil {
			f.running = false
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()
		r.err = f.check()
		close(r.done)
	}
}

// Which transactions a snapshot did not see is exact: those after it, and those that
// were under way. Each is looked up in change_xid_idx.
const since = `
SELECT pg_current_snapshot()::text, pg_postmaster_start_time(), ARRAY(
  SELECT topic FROM change WHERE xid >= pg_snapshot_xmax($1::text::pg_snapshot)
  UNION ALL
  SELECT topic FROM change WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))`

// check takes in what was noted since the last check. When that cannot be known,
// everything counts as changed.
func (f *Feed) check() error {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	now := f.clock()
	last := f.seen
	if now.Sub(last.at) > forgetAfter {
		last.snapshot = nil
	}
	seen := moment{at: now}
	var topics []Topic
	if err := f.pool.QueryRow(ctx, since, last.snapshot).Scan(&seen.snapshot, &seen.server, &topics); err != nil {
		f.seen = moment{}
		f.changeAll()
		return fmt.Errorf("ask for changes: %w", err)
	}
	f.seen = seen
	if last.snapshot == nil || !seen.server.Equal(last.server) {
		f.changeAll()
		return nil
	}
	f.change(topics)
	return nil
}

func (f *Feed) change(topics []Topic) {
	if len(topics) == 0 {
		return
	}
	f.topics.Lock()
	defer f.topics.Unlock()
	for _, t := range topics {
		if w, ok := f.watch[t]; ok {
			w.changed.Store(true)
			delete(f.watch, t)
		}
	}
}

func (f *Feed) changeAll() {
	f.topics.Lock()
	defer f.topics.Unlock()
	for _, w := range f.watch {
		w.changed.Store(true)
	}
	clear(f.watch)
}

// take returns the watches of topics; release gives them back.
func (f *Feed) take(topics []Topic) []*watch {
	out := make([]*watch, len(topics))
	f.topics.Lock()
	defer f.topics.Unlock()
	for i, t := range topics {
		w, ok := f.watch[t]
		if !ok {
			w = &watch{}
			f.watch[t] = w
		}
		w.users++
		out[i] = w
	}
	return out
}

func (f *Feed) release(topics []Topic, watches []*watch) {
	f.topics.Lock()
	defer f.topics.Unlock()
	for i, w := range watches {
		if w.users--; w.users == 0 && f.watch[topics[i]] == w {
			delete(f.watch, topics[i])
		}
	}
}

func anyChanged(watches []*watch) bool {
	for _, w := range watches {
		if w.changed.Load() {
			return true
		}
	}
	return false
}

// Sweep removes the notes that nobody can want any more, and returns how many.
func (f *Feed) Sweep(ctx context.Context) (int64, error) {
	// One of a transaction that is still to come was restored from another server.
	const sweep = `
DELETE FROM change WHERE xid IN (
  SELECT xid FROM change WHERE at < $1 OR xid >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT $2)`
	var total int64
	for {
		gone, err := f.pool.Exec(ctx, sweep, f.clock().Add(-keep), sweepBatch)
		if err != nil {
			return total, fmt.Errorf("sweep noted changes: %w", err)
		}
		total += gone.RowsAffected()
		if gone.RowsAffected() == 0 {
			return total, nil
		}
	}
}
