package gc

import (
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
)

// verifyBatch is how many blobs are read before it is recorded how far that has come.
const verifyBatch = 50

// settled is how old a blob has to be: the file of a small one comes after its row.
const settled = time.Hour

const (
	nextToVerify = `
SELECT id, digest, size FROM blob WHERE id > (SELECT at FROM gc_cursor WHERE name = 'verify') AND state = 'live' AND stored AND created_at < $2 ORDER BY id LIMIT $1`

	countToVerify = `SELECT count(*) FROM blob WHERE id > (SELECT at FROM gc_cursor WHERE name = 'verify') AND state = 'live' AND stored AND created_at < $1`

	setVerified = `UPDATE blob SET verified_at = $2 WHERE id = ANY($1)`

	stillLive = `SELECT EXISTS (SELECT FROM blob WHERE id = $1 AND state = 'live' AND stored)`
)

// verify reads blobs from where the last check came to until the end.
func (c *checking) verify() error {
	for {
		rows, err := c.DB.Pool.Query(c.ctx, nextToVerify, verifyBatch, c.Clock().Add(-settled))
		if err != nil {
			return fmt.Errorf("list the blobs to read: %w", err)
		}
		batch, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k known, err error) {
			return k, row.Scan(&k.id, &k.digest, &k.size)
		})
		if err != nil {
			return fmt.Errorf("list the blobs to read: %w", err)
		}
		at := int64(0)
		if len(batch) > 0 {
			at = batch[len(batch)-1].id
		}
		if err := c.verifyBatch(batch, at); err != nil {
			return err
		}
		if len(batch) == 0 {
			return nil
		}
	}
}

// verifyBatch reads blobs and moves the cursor; at the end of all it goes back to the
// beginning.
func (c *checking) verifyBatch(batch []known, at int64) error {
	good := []int64{}
	var bad []badBlob
	for _, k := range batch {
		b, err := c.read(k)
		switch {
		case err != nil:
			return err
		case b == nil:
			good = append(good, k.id)
		default:
			bad = append(bad, *b)
		}
	}
	now := c.Clock()
	err := c.run.Step(c.ctx, func(tx store.Tx) (int64, error) {
		all := &pgx.Batch{}
		all.Queue(setVerified, good, now)
		for _, b := range bad {
			all.Queue(putFinding, b.digest, b.kind, b.size, b.detail, now)
		}
		all.Queue(moveCursor, "verify", at, now)
		return int64(len(batch)), send(c.ctx, store.PgxTx(tx), all)
	})
	if err != nil {
		return fmt.Errorf("record what was read: %w", err)
	}
	c.tell(0)
	c.found.Verified += int64(len(good))
	return nil
}

type badBlob struct {
	known
	kind, detail string
}

// read reads a blob and says what is wrong with it, nil when nothing is. One with other
// bytes is set aside: nobody is served what is not what was asked for, and a push puts
// it right.
func (c *checking) read(k known) (*badBlob, error) {
	actual, size, failed := c.Storage.Hash(c.ctx, k.digest, c.args.Rate, c.tell)
	if failed == nil && actual == k.digest {
		return nil, nil
	}
	if failed != nil && !errors.Is(failed, ErrMissing) {
		return nil, failed
	}
	var live bool // it may have been collected while it was read
	if err := c.DB.Pool.QueryRow(c.ctx, stillLive, k.id).Scan(&live); err != nil {
		return nil, fmt.Errorf("look at blob %s again: %w", k.digest, err)
	}
	if !live {
		return nil, nil
	}
	if failed != nil {
		c.run.Errorf("missing: %s, %d bytes", k.digest, k.size)
		return &badBlob{k, "missing", "its bytes are not in the storage"}, nil //nolint:nilerr // that is what was found
	}
	if err := c.Storage.SetAside(c.ctx, k.digest); err != nil {
		return nil, err
	}
	c.run.Errorf("damaged, and set aside: %s, %d bytes: the storage has %d bytes with the digest %s", k.digest, k.size, size, actual)
	return &badBlob{k, "damaged", fmt.Sprintf("the storage had %d bytes with the digest %s; they are set aside", size, actual)}, nil
}
