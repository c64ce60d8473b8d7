package gc

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// blobBatch is how many blobs are marked at a time.
	blobBatch = 500
	// claim is how long nobody else deletes what a process has marked. It stops well
	// before: a removal that came later could hit what was pushed again. Pushes wait
	// for the end of a deletion for longer than that (core/artifact).
	claim   = 20 * time.Second
	working = 8 * time.Second
	// unsettled is when to look again at a small blob whose bytes Postgres still keeps.
	unsettled = time.Minute
)

const (
	// OFFSET 0: each is looked up for itself, whatever the planner thinks of their number.
	lookAtBlobs = `
SELECT b.id, b.digest, b.state, b.lease_until, EXISTS (SELECT FROM blob_content c WHERE c.blob_id = b.id OFFSET 0),
  EXISTS (SELECT FROM repository_blob l WHERE l.blob_id = b.id OFFSET 0) OR EXISTS (SELECT FROM artifact_blob e WHERE e.blob_id = b.id OFFSET 0)
  OR EXISTS (SELECT FROM project_blob p WHERE p.blob_id = b.id OFFSET 0)
FROM blob b WHERE b.id = ANY($1)`

	setState = `UPDATE blob SET state = $2 WHERE id = ANY($1) AND state <> $2`

	setTime = `UPDATE gc_candidate SET not_before = $2 WHERE kind = 'blob' AND scope_id = 0 AND id = ANY($1)`

	forgetBlobs = `
WITH gone AS (DELETE FROM blob WHERE id = ANY($1) AND state = 'deleting' RETURNING digest, size),
manifests AS (DELETE FROM manifest m USING gone g WHERE m.digest = g.digest AND NOT EXISTS (SELECT FROM artifact a WHERE a.digest = m.digest) RETURNING m.digest),
found AS (DELETE FROM storage_finding f USING gone g WHERE f.digest = g.digest)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM manifests), (SELECT coalesce(sum(size), 0)::bigint FROM gone)`
)

// doomed is a blob that is marked as being deleted.
type doomed struct {
	id     int64
	digest digest.Digest
}

// remove deletes blobs: it marks them, deletes their bytes with no transaction open,
// and then their rows. Wherever it is broken off, the marked rows and their candidates
// are there, and whoever finds them goes on.
func (s *Service) remove(ctx context.Context, p *pass) (done int, err error) {
	began := time.Now()
	all, done, err := s.mark(ctx)
	if err != nil || len(all) == 0 {
		return done, err
	}
	digests := make([]digest.Digest, len(all))
	for i, b := range all {
		digests[i] = b.digest
	}
	work, cancel := context.WithDeadline(ctx, began.Add(working))
	defer cancel()
	asked := time.Now()
	gone, failed := s.Storage.Remove(work, digests)
	p.storing.Add(int64(time.Since(asked)))
	if len(gone) > 0 {
		n, err := s.forget(ctx, p, all, gone)
		if err != nil {
			return done, err
		}
		done += n
	}
	if failed != nil {
		return done, fmt.Errorf("remove the bytes of blobs: %w", failed)
	}
	return done, nil
}

// mark takes blobs that nobody needs, and those whose deletion somebody has not
// finished.
func (s *Service) mark(ctx context.Context) (out []doomed, done int, err error) {
	now := s.Clock()
	err = store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		out, done = nil, 0
		conn := store.PgxTx(tx)
		taken, err := take(ctx, conn, kindBlob, now, blobBatch)
		if err != nil || len(taken) == 0 {
			return err
		}
		m := marking{ctx: ctx, tx: conn, now: now, dropped: []int64{}, later: []int64{}, until: []time.Time{}}
		if err := m.look(ids(taken)); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		if len(m.doomed) > 0 {
			doomed := make([]int64, len(m.doomed))
			for i, b := range m.doomed {
				doomed[i] = b.id
			}
			batch.Queue(setState, doomed, "deleting")
			batch.Queue(setTime, doomed, now.Add(claim))
		}
		if len(m.revived) > 0 {
			batch.Queue(setState, m.revived, "live")
		}
		batch.Queue(dropCandidates, kindBlob, m.dropped)
		batch.Queue(postpone, kindBlob, m.later, m.until, now)
		out, done = m.doomed, len(m.dropped)+len(m.later)
		return send(ctx, conn, batch)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("mark blobs: %w", err)
	}
	return out, done, nil
}

// marking decides about blobs.
type marking struct {
	ctx     context.Context
	tx      pgx.Tx
	now     time.Time
	doomed  []doomed
	dropped []int64 // in use, or not there: their candidates go
	revived []int64 // in use though somebody had marked them
	later   []int64
	until   []time.Time
}

// look decides first without any lock, as linking.look does.
func (m *marking) look(all []int64) error {
	there, err := m.classify(all)
	if err != nil {
		return err
	}
	for _, id := range all {
		if !there[id] {
			m.dropped = append(m.dropped, id)
		}
	}
	if len(m.doomed) == 0 {
		return nil
	}
	garbage := make([]int64, len(m.doomed))
	for i, b := range m.doomed {
		garbage[i] = b.id
	}
	locked, err := column(m.ctx, m.tx, lockBlobs, garbage)
	if err != nil {
		return err
	}
	m.doomed = nil
	_, err = m.classify(locked)
	return err
}

func (m *marking) classify(all []int64) (there map[int64]bool, err error) {
	rows, err := m.tx.Query(m.ctx, lookAtBlobs, all)
	if err != nil {
		return nil, err
	}
	there = map[int64]bool{}
	var b doomed
	var state string
	var lease time.Time
	var kept, used bool
	_, err = pgx.ForEachRow(rows, []any{&b.id, &b.digest, &state, &lease, &kept, &used}, func() error {
		there[b.id] = true
		switch {
		case used:
			m.dropped = append(m.dropped, b.id)
			if state != "live" {
				m.revived = append(m.revived, b.id)
			}
		case state == "live" && lease.After(m.now):
			m.later, m.until = append(m.later, b.id), append(m.until, lease)
		case state == "live" && kept:
			m.later, m.until = append(m.later, b.id), append(m.until, m.now.Add(unsettled))
		default:
			m.doomed = append(m.doomed, b)
		}
		return nil
	})
	return there, err
}

// forget removes the rows of blobs whose bytes are gone.
func (s *Service) forget(ctx context.Context, p *pass, all []doomed, gone []digest.Digest) (int, error) {
	removed := make(map[digest.Digest]bool, len(gone))
	for _, d := range gone {
		removed[d] = true
	}
	var rows []int64
	for _, b := range all {
		if removed[b.digest] {
			rows = append(rows, b.id)
		}
	}
	var freed Freed
	err := store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		freed = Freed{}
		var blobs int64
		if err := conn.QueryRow(ctx, forgetBlobs, rows).Scan(&blobs, &freed.Manifests, &freed.Bytes); err != nil {
			return err
		}
		freed.Blobs = blobs - freed.Manifests
		if _, err := conn.Exec(ctx, dropCandidates, kindBlob, rows); err != nil {
			return err
		}
		return tally(ctx, conn, p.execution, s.Clock(), freed)
	})
	if err != nil {
		return 0, fmt.Errorf("forget blobs: %w", err)
	}
	p.count(freed)
	s.metrics.count(freed)
	return len(rows), nil
}
