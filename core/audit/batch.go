package audit

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
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
	db    *store.DB
	clock func() time.Time
	log   *slog.Logger
	wake  chan struct{}

	mu      sync.Mutex
	pending []Event
	ended   bool
}

// Noted is an entry for a Batch. The caller gives the request id, as there is no
// context.
type Noted struct {
	By    rbac.Subject
	At    time.Time // zero means now
	Entry Entry
}

// NewBatch returns a Batch; it writes once Run runs.
func NewBatch(db *store.DB, clock func() time.Time, log *slog.Logger) *Batch {
	return &Batch{db: db, clock: clock, log: log, wake: make(chan struct{}, 1)}
}

// Add takes entries.
func (b *Batch) Add(all ...Noted) {
	events := make([]Event, 0, len(all))
	for _, n := range all {
		event, err := n.Entry.event(n.By)
		if err != nil {
			b.log.Error("audit entry lost", "error", err, "operation", n.Entry.Operation, "resource", n.Entry.Resource)
			continue
		}
		if event.At = n.At; n.At.IsZero() {
			event.At = b.clock().UTC()
		}
		events = append(events, event)
	}
	events = events[b.enqueue(events):]
	for rest := range slices.Chunk(events, batchRows) {
		ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
		if err := b.write(ctx, rest); err != nil {
			b.log.Error("audit entries lost", "error", err, "entries", len(rest), "first", rest[0].Description)
		}
		cancel()
	}
}

// enqueue takes as many as there is room for, and says how many.
func (b *Batch) enqueue(events []Event) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return 0
	}
	n := max(0, min(len(events), batchPending-len(b.pending)))
	b.pending = append(b.pending, events[:n]...)
	if len(b.pending) >= batchRows {
		select {
		case b.wake <- struct{}{}:
		default: // it is awake already
		}
	}
	return n
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

// write inserts the rows, all or none. COPY costs half of an INSERT.
func (b *Batch) write(ctx context.Context, rows []Event) error {
	columns := []string{"at", "project_id", "username", "address", "operation", "resource_type", "resource", "description", "succeeded", "payload", "request_id"}
	_, err := b.db.Pool.CopyFrom(ctx, pgx.Identifier{Event{}.TableName()}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		r := rows[i]
		return []any{r.At, r.ProjectID, r.Username, r.Address, r.Operation, r.ResourceType, r.Resource, r.Description, r.Succeeded, r.Payload, r.RequestID}, nil
	}))
	return err
}
