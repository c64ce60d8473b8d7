package artifact

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// flushEvery is how long a pull's count may wait in memory, flushTimeout how long
// writing may take.
const (
	flushEvery   = time.Second
	flushTimeout = 5 * time.Second
)

// pullBatch gathers pulls, so that a pull never writes in its own request and a
// thousand of one image by one machine in a second are one row.
type pullBatch struct {
	db    *store.DB
	audit *audit.Batch
	clock func() time.Time
	log   *slog.Logger

	mu    sync.Mutex
	notes map[pull]pullNote
	// counts are those that could not be written.
	counts map[pulled]pullNote
}

// pulled is what was pulled, pull by whom besides, as the audit log tells it.
type pulled struct{ artifact, tag int64 }

type pull struct {
	pulled
	who, address string
}

type pullNote struct {
	n    int64
	last time.Time

	project    int64
	repository string
	tag        string
	digest     digest.Digest
}

func (a pullNote) and(b pullNote) pullNote {
	b.n += a.n
	if b.last.Before(a.last) {
		b.last = a.last
	}
	return b
}

func newPullBatch(db *store.DB, log *audit.Batch, clock func() time.Time, logger *slog.Logger) *pullBatch {
	return &pullBatch{db: db, audit: log, clock: clock, log: logger, notes: map[pull]pullNote{}, counts: map[pulled]pullNote{}}
}

// Pulled notes that a client pulled a manifest. It does not block: counts and
// the audit entry are written in batches by RunPulls.
func (s *Service) Pulled(by rbac.Subject, repository string, r Resolved, tag string) {
	k := pull{pulled{r.ArtifactID, r.TagID}, by.Name, by.Address}
	s.pulls.add(k, pullNote{n: 1, last: s.pulls.clock(), project: r.ProjectID, repository: repository, tag: tag, digest: r.Digest})
}

func (b *pullBatch) add(k pull, n pullNote) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes[k] = b.notes[k].and(n)
}

// RunPulls writes gathered pulls every second until ctx ends, and what is left
// then.
func (s *Service) RunPulls(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.pulls.flush(ctx)
		case <-ctx.Done():
			s.pulls.flush(ctx)
			return
		}
	}
}

// flush writes counts and entries. The end of ctx does not break it off: whether they
// had been written would not be known, and they would count twice or never.
func (b *pullBatch) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	b.mu.Lock()
	notes, counts := b.notes, b.counts
	b.notes, b.counts = map[pull]pullNote{}, map[pulled]pullNote{}
	b.mu.Unlock()
	for k, n := range notes {
		counts[k.pulled] = counts[k.pulled].and(n)
	}
	b.audit.Add(entries(notes)...)
	if len(counts) == 0 {
		return
	}
	rows := make([][]any, 0, len(counts))
	for k, n := range counts {
		var tag *int64
		if k.tag != 0 {
			tag = &k.tag
		}
		rows = append(rows, []any{k.artifact, tag, n.n, n.last})
	}
	_, err := b.db.Pool.CopyFrom(ctx, pgx.Identifier{"pull_delta"}, []string{"artifact_id", "tag_id", "count", "last_at"}, pgx.CopyFromRows(rows))
	if err == nil {
		return
	}
	b.log.Warn("pull counts not written; kept for the next try", "error", err, "artifacts", len(counts))
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, n := range b.counts {
		counts[k] = counts[k].and(n)
	}
	b.counts = counts
}
