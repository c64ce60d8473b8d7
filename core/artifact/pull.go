package artifact

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

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

// pullBatch gathers pulls, so that a pull never writes in its own request.
type pullBatch struct {
	db    *store.DB
	audit *audit.Batch
	clock func() time.Time
	log   *slog.Logger

	mu    sync.Mutex
	count map[pullKey]pullCount
}

type pullKey struct{ artifact, tag int64 }

type pullCount struct {
	n    int64
	last time.Time
}

func newPullBatch(db *store.DB, log *audit.Batch, clock func() time.Time, logger *slog.Logger) *pullBatch {
	return &pullBatch{db: db, audit: log, clock: clock, log: logger, count: map[pullKey]pullCount{}}
}

// Pulled notes that a client pulled a manifest. It does not block: counts and
// the audit entry are written in batches by Run.
func (s *Service) Pulled(by rbac.Subject, repository string, r Resolved, tag string) {
	s.pulls.add(pullKey{r.ArtifactID, r.TagID})
	spoken := tag
	if spoken == "" {
		spoken = r.Digest.String()
	}
	s.pulls.audit.Add(by, audit.Entry{
		ProjectID: &r.ProjectID, Operation: audit.Pull, ResourceType: audit.Artifact, Resource: reference(repository, spoken),
		Description: "pull artifact: " + reference(repository, r.Digest.String()),
	})
}

func (b *pullBatch) add(k pullKey) {
	now := b.clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.count[k]
	b.count[k] = pullCount{n: c.n + 1, last: now}
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

// flush writes the counts. The end of ctx does not break it off: whether they had
// been written would not be known, and they would count twice or never.
func (b *pullBatch) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	b.mu.Lock()
	count := b.count
	b.count = map[pullKey]pullCount{}
	b.mu.Unlock()
	if len(count) == 0 {
		return
	}
	rows := make([][]any, 0, len(count))
	for k, c := range count {
		var tag *int64
		if k.tag != 0 {
			tag = &k.tag
		}
		rows = append(rows, []any{k.artifact, tag, c.n, c.last})
	}
	_, err := b.db.Pool.CopyFrom(ctx, pgx.Identifier{"pull_delta"}, []string{"artifact_id", "tag_id", "count", "last_at"}, pgx.CopyFromRows(rows))
	if err == nil {
		return
	}
	b.log.Warn("pull counts not written; kept for the next try", "error", err, "pulls", len(count))
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, c := range count {
		now := b.count[k]
		now.n += c.n
		if now.last.Before(c.last) {
			now.last = c.last
		}
		b.count[k] = now
	}
}
