package gc

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
)

// linkBatch is how many links one transaction looks at.
const linkBatch = 500

const (
	// The blob before the link, as a push comes to them; a push that holds the blob is
	// about to use the link.
	lockLinks = `
SELECT rb.blob_id, rb.repository_id FROM unnest($1::bigint[], $2::bigint[]) v (blob, repository)
JOIN blob b ON b.id = v.blob JOIN repository_blob rb ON rb.blob_id = v.blob AND rb.repository_id = v.repository
ORDER BY b.digest, rb.repository_id FOR UPDATE OF b, rb SKIP LOCKED`

	// used is by an artifact that lives or is in the recycle bin.
	lookAtLinks = `
SELECT v.blob, v.repository, rb.lease_until, EXISTS (
  SELECT FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id WHERE e.blob_id = v.blob AND a.repository_id = v.repository)
FROM unnest($1::bigint[], $2::bigint[]) v (blob, repository)
LEFT JOIN repository_blob rb ON rb.blob_id = v.blob AND rb.repository_id = v.repository`

	unlink = `
DELETE FROM repository_blob rb USING unnest($1::bigint[], $2::bigint[]) v (blob, repository)
WHERE rb.blob_id = v.blob AND rb.repository_id = v.repository`

	// Processes remember what a repository serves; one that was deleted serves nothing.
	noteChange = `
INSERT INTO change (topic) SELECT DISTINCT 'repository:' || full_name FROM repository WHERE id = ANY($1) AND deleted_at IS NULL`

	noteBlobs = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT DISTINCT 'blob', b.id, greatest(b.lease_until, $2::timestamptz) FROM blob b WHERE b.id = ANY($1) ORDER BY b.id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`

	noteEmptied = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT DISTINCT 'repository', id, $2::timestamptz FROM repository WHERE id = ANY($1) AND (deleted_at IS NOT NULL OR published_at IS NULL) ORDER BY id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`

	dropLinks = `
DELETE FROM gc_candidate c USING unnest($1::bigint[], $2::bigint[]) v (blob, repository)
WHERE c.kind = 'repository_blob' AND c.id = v.blob AND c.scope_id = v.repository`

	postponeLinks = `
UPDATE gc_candidate c SET not_before = v.at FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) v (blob, repository, at)
WHERE c.kind = 'repository_blob' AND c.id = v.blob AND c.scope_id = v.repository`
)

// links is a set of links as statements take it.
type links struct{ blobs, repositories []int64 }

func (l *links) add(c candidate) {
	l.blobs, l.repositories = append(l.blobs, c.id), append(l.repositories, c.scope)
}

// unlink ends that repositories serve blobs which none of their artifacts has.
func (s *Service) unlink(ctx context.Context, p *pass) (done int, err error) {
	now := s.Clock()
	var freed Freed
	err = store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		done, freed = 0, Freed{}
		conn := store.PgxTx(tx)
		taken, err := take(ctx, conn, kindLink, now, linkBatch)
		if err != nil || len(taken) == 0 {
			return err
		}
		l := linking{ctx: ctx, tx: conn, now: now, until: []time.Time{}}
		for _, set := range []*links{&l.stays, &l.later} {
			*set = links{[]int64{}, []int64{}}
		}
		if err := l.look(taken); err != nil {
			return err
		}
		goes, stays, later := l.goes, l.stays, l.later
		batch := &pgx.Batch{}
		if len(goes.blobs) > 0 {
			batch.Queue(unlink, goes.blobs, goes.repositories)
			batch.Queue(noteChange, goes.repositories)
			batch.Queue(noteBlobs, goes.blobs, now)
			batch.Queue(noteEmptied, goes.repositories, now)
			batch.Queue(dropLinks, goes.blobs, goes.repositories)
		}
		batch.Queue(dropLinks, stays.blobs, stays.repositories)
		batch.Queue(postponeLinks, later.blobs, later.repositories, l.until)
		if err := send(ctx, conn, batch); err != nil {
			return err
		}
		freed.Links = int64(len(goes.blobs))
		done = len(goes.blobs) + len(stays.blobs) + len(later.blobs)
		return tally(ctx, conn, p.execution, now, freed)
	})
	if err != nil {
		return 0, fmt.Errorf("unlink blobs: %w", err)
	}
	p.count(freed)
	s.metrics.count(freed)
	return done, nil
}

// linking decides about links.
type linking struct {
	ctx   context.Context
	tx    pgx.Tx
	now   time.Time
	goes  links
	stays links       // their candidates go
	later links       // leased,
	until []time.Time // until then
}

// look decides first without any lock: what is used needs none, because whoever stops
// using it makes a candidate of it again, for which it waits for this transaction. What
// looks like garbage is locked and looked at again; what somebody holds is left.
func (l *linking) look(taken []candidate) error {
	if err := l.classify(taken); err != nil || len(l.goes.blobs) == 0 {
		return err
	}
	rows, err := l.tx.Query(l.ctx, lockLinks, l.goes.blobs, l.goes.repositories)
	if err != nil {
		return err
	}
	held, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c candidate, err error) {
		return c, row.Scan(&c.id, &c.scope)
	})
	if err != nil {
		return err
	}
	l.goes = links{}
	if len(held) == 0 {
		return nil
	}
	return l.classify(held)
}

func (l *linking) classify(all []candidate) error {
	var these links
	for _, c := range all {
		these.add(c)
	}
	rows, err := l.tx.Query(l.ctx, lookAtLinks, these.blobs, these.repositories)
	if err != nil {
		return err
	}
	var c candidate
	var lease *time.Time
	var used bool
	_, err = pgx.ForEachRow(rows, []any{&c.id, &c.scope, &lease, &used}, func() error {
		switch {
		case lease == nil, used: // there is no such link, or it is needed
			l.stays.add(c)
		case lease.After(l.now):
			l.later.add(c)
			l.until = append(l.until, *lease)
		default:
			l.goes.add(c)
		}
		return nil
	})
	return err
}
