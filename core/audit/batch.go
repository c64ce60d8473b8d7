package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

const (
	batchRows     = 500
	batchPending  = 10 * batchRows
	batchInterval = time.Second
	batchTimeout  = 10 * time.Second // for one write that no request waits for
)

// Batch writes entries of frequent, harmless things (pulls) some moments later
// and many at once. It drops nothing: what does not fit into its memory, and
// what comes after Run has ended, is written by the caller of Add.
type Batch struct {
	db    *gorm.DB
	clock func() time.Time
	log   *slog.Logger
	wake  chan struct{}

	mu      sync.Mutex
	pending []Event
	ended   bool
}

// NewBatch returns a Batch; it writes once Run runs.
func NewBatch(db *gorm.DB, clock func() time.Time, log *slog.Logger) *Batch {
	return &Batch{db: db, clock: clock, log: log, wake: make(chan struct{}, 1)}
}

// Add takes an entry. The caller gives the request id, as there is no context.
func (b *Batch) Add(by rbac.Subject, e Entry) {
	event, err := e.event(by)
	if err != nil {
		b.log.Error("audit entry lost", "error", err, "operation", e.Operation, "resource", e.Resource)
		return
	}
	event.At = b.clock().UTC()
	if b.enqueue(event) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	if err := b.write(ctx, []Event{event}); err != nil {
		b.log.Error("audit entry lost", "error", err, "operation", e.Operation, "resource", e.Resource)
	}
}

func (b *Batch) enqueue(event Event) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || len(b.pending) >= batchPending {
		return false
	}
	b.pending = append(b.pending, event)
	if len(b.pending) >= batchRows {
		select {
		case b.wake <- struct{}{}:
		default: // it is awake already
		}
	}
	return true
}

// Run writes what was added every second, or as soon as there are 500 entries,
// until ctx ends; then it writes what is left and returns.
func (b *Batch) Run(ctx context.Context) {
	tick := time.NewTicker(batchInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.flush(ctx)
		case <-b.wake:
			b.flush(ctx)
		case <-ctx.Done():
			b.mu.Lock()
			b.ended = true
			b.mu.Unlock()
			b.flush(ctx)
			return
		}
	}
}

// flush writes everything pending. What could not be written stays, for the
// next time. The end of ctx does not break it off: whether the entries had been
// written would not be known, and they would be written twice or never.
func (b *Batch) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), batchTimeout)
	defer cancel()
	b.mu.Lock()
	rows := b.pending
	b.pending = nil
	b.mu.Unlock()
	for len(rows) > 0 {
		n := min(batchRows, len(rows))
		if err := b.write(ctx, rows[:n]); err != nil {
			b.log.Error("audit entries not written yet", "error", err, "entries", len(rows))
			b.mu.Lock()
			b.pending = append(rows, b.pending...)
			b.mu.Unlock()
			return
		}
		rows = rows[n:]
	}
}

// write inserts the rows with one statement.
func (b *Batch) write(ctx context.Context, rows []Event) error {
	return b.db.WithContext(ctx).Create(&rows).Error
}
