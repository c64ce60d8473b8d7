// Package change lets a process remember what it has read from Postgres and still
// never answer with what is no longer so. Who changes something that others may
// remember notes its topic in the same transaction; who remembers it asks the Feed,
// before each use, for what was noted since. One such question serves all that are
// waiting, so that a thousand pulls at a time cost a few statements, on however many
// processes, and whoever was answered after a change sees it everywhere.
//
// The package must not know what is remembered, nor which topics there are.
package change

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Topic names what may change: "tag:library/app:v1". Who notes it and who remembers
// something about it spell it alike.
type Topic string

// note is told apart from others by its transaction, which is what Postgres can say of
// a moment: which ones were over.
const note = `INSERT INTO change (topic) SELECT unnest($1::text[])`

// Note writes down that what the topics name is different once tx is committed. It
// must be the transaction of the change itself.
func Note(ctx context.Context, tx pgx.Tx, topics ...Topic) error {
	if _, err := tx.Exec(ctx, note, topics); err != nil {
		return fmt.Errorf("note a change: %w", err)
	}
	return nil
}

// Queue is Note for a batch of tx.
func Queue(batch *pgx.Batch, topics ...Topic) { batch.Queue(note, topics) }
