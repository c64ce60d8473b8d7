package gc

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of candidates. A candidate only says that it is worth a look at a time:
// whether something is garbage is decided when its row is locked.
//
// A candidate is always written with ON CONFLICT DO UPDATE, also where nothing is to be
// changed: that waits for whoever is deciding about the one that is there, and writes
// another if it was dropped. DO NOTHING would find it there and be content.
//
// Collection never waits for a lock of a push, a deletion or a restoration: what is
// locked is skipped and looked at by the next pass. So it can neither hold them up for
// longer than a transaction of its own takes, nor be part of a deadlock. Among
// candidates the order of locks is artifact, link, blob, repository.
const (
	kindArtifact   = "artifact"
	kindLink       = "repository_blob"
	kindBlob       = "blob"
	kindRepository = "repository"
)

const (
	takeCandidates = `
SELECT id, scope_id FROM gc_candidate WHERE kind = $1 AND not_before <= $2 ORDER BY not_before, id LIMIT $3 FOR UPDATE SKIP LOCKED`

	dropCandidates = `DELETE FROM gc_candidate WHERE kind = $1 AND id = ANY($2) AND scope_id = 0`

	postpone = `
UPDATE gc_candidate c SET not_before = greatest(v.at, $4) FROM unnest($2::bigint[], $3::timestamptz[]) v (id, at)
WHERE c.kind = $1 AND c.scope_id = 0 AND c.id = v.id`
)

// candidate is the key of one; scope is the repository of a link.
type candidate struct{ id, scope int64 }

// take locks up to n candidates of a kind whose time has come.
func take(ctx context.Context, tx pgx.Tx, kind string, now time.Time, n int) ([]candidate, error) {
	rows, err := tx.Query(ctx, takeCandidates, kind, now, n)
	if err != nil {
		return nil, fmt.Errorf("take candidates: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c candidate, err error) {
		return c, row.Scan(&c.id, &c.scope)
	})
	if err != nil {
		return nil, fmt.Errorf("take candidates: %w", err)
	}
	return out, nil
}

func ids(all []candidate) []int64 {
	out := make([]int64, len(all))
	for i, c := range all {
		out[i] = c.id
	}
	return out
}

// column reads a column of ids.
func column(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]int64, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// send sends a batch that may have nothing in it.
func send(ctx context.Context, tx pgx.Tx, batch *pgx.Batch) error {
	if batch.Len() == 0 {
		return nil
	}
	return tx.SendBatch(ctx, batch).Close()
}
