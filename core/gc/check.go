package gc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// orphanAge is longer than any upload takes: bytes that are older and that the index
	// does not know were left by a process that died (ADR 0003).
	orphanAge = 8 * 24 * time.Hour
	// leastKnown is the part of a shard's objects, one in so many, that the index has to
	// know: else the folder was another registry's, or the database is an old one.
	leastKnown = 2
	fewObjects = 20
	// walkRate is how many objects a second are looked at, at most.
	walkRate = 5_000

	// Bounds of the rate at which blobs are read, bytes a second.
	MinRate     = 1 << 20
	MaxRate     = 10 << 30
	DefaultRate = 50 << 20
)

// CheckCheck says what is wrong with what a check is told.
func CheckCheck(args job.CheckStorageArgs) error {
	if args.Rate < MinRate || args.Rate > MaxRate {
		return fault.Invalid("rate", "rate should be from %d to %d bytes a second, not %d", MinRate, MaxRate, args.Rate)
	}
	return nil
}

// Checked is the result of a check.
type Checked struct {
	Objects  int64 `json:"objects"` // that lie in the storage; of the last attempt, as all but the last two
	Bytes    int64 `json:"bytes"`
	Orphans  int64 `json:"orphans"`  // bytes without a row that are removed
	Left     int64 `json:"left"`     // bytes without a row that are left: too young, or too many
	Repaired int64 `json:"repaired"` // copies of manifests that were written again
	Verified int64 `json:"verified"` // blobs that were read
	Missing  int64 `json:"missing"`  // findings there are now
	Damaged  int64 `json:"damaged"`
	Freed
}

// Check compares the index with the storage, a shard at a time, and puts right what it
// can: bytes that the index does not know are removed once they are older than any
// upload, missing copies of manifests are written again. What the index has and the
// storage has not becomes a finding. With Verify all blobs are read, too, from where
// the last check came to, and those with other bytes are set aside.
//
// It is the only one that lists the storage. It goes on where it was broken off.
func (s *Service) Check(ctx context.Context, run *job.Run, args job.CheckStorageArgs) error {
	if err := CheckCheck(args); err != nil {
		return err
	}
	c := checking{Service: s, ctx: ctx, run: run, args: args}
	shards := s.Storage.Shards()
	run.Infof("compare the index with the storage; read all blobs: %t", args.Verify)
	begin := min(run.Done(), int64(len(shards)))
	if begin > 0 {
		run.Infof("goes on after %d of %d parts", begin, len(shards))
	}
	if err := c.begin(len(shards)); err != nil {
		return err
	}
	for _, shard := range shards[begin:] {
		if err := c.shard(shard); err != nil {
			return err
		}
	}
	if args.Verify {
		if err := c.verify(); err != nil {
			return err
		}
	}
	if err := s.collect(ctx, &pass{execution: run.ExecutionID, pace: swiftly}, workers, func(int) {}); err != nil {
		return err
	}
	var err error
	if c.found.Freed, err = s.FreedBy(ctx, run.ExecutionID); err != nil {
		return err
	}
	if err := s.DB.Pool.QueryRow(ctx, countFindings).Scan(&c.found.Missing, &c.found.Damaged); err != nil {
		return fmt.Errorf("count findings: %w", err)
	}
	s.metrics.findings.WithLabelValues("missing").Set(float64(c.found.Missing))
	s.metrics.findings.WithLabelValues("damaged").Set(float64(c.found.Damaged))
	run.Infof("%d objects, %d bytes; %d without a row removed, %d left; %d copies of manifests written again; %d blobs read; %d missing, %d damaged",
		c.found.Objects, c.found.Bytes, c.found.Orphans, c.found.Left, c.found.Repaired, c.found.Verified, c.found.Missing, c.found.Damaged)
	return run.Result(c.found)
}

// checking is one attempt at a check.
type checking struct {
	*Service
	ctx   context.Context
	run   *job.Run
	args  job.CheckStorageArgs
	total int64 // of the progress
	found Checked
}

// begin notes how much there is to do: parts to compare, and then blobs to read.
func (c *checking) begin(shards int) error {
	var unread int64
	if c.args.Verify {
		if err := c.DB.Pool.QueryRow(c.ctx, countToVerify, c.Clock().Add(-settled)).Scan(&unread); err != nil {
			return fmt.Errorf("count the blobs to read: %w", err)
		}
	}
	c.total = max(c.run.Done(), int64(shards)) + unread
	c.tell(0)
	return c.run.Flush(c.ctx)
}

// tell notes bytes that were read.
func (c *checking) tell(bytes int64) {
	done := c.run.Done()
	c.run.Progress(done, max(c.total, done), c.run.Bytes()+bytes)
}

// known is a row of the index.
type known struct {
	id      int64
	digest  digest.Digest
	size    int64
	live    bool
	stored  bool
	content bool // Postgres keeps its bytes, and writes them to the storage by itself
}

const (
	// Digests are hexadecimal, so g comes behind all that begin with the prefix.
	listKnown = `
SELECT b.id, b.digest, b.size, b.state = 'live', b.stored, EXISTS (SELECT FROM blob_content c WHERE c.blob_id = b.id)
FROM blob b WHERE b.digest >= $1 AND b.digest < $1 || 'g'`

	// What a database that was restored, or an error of the program, may have left
	// without a candidate.
	noteLost = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT 'blob', b.id, greatest(b.lease_until, $2::timestamptz) FROM blob b WHERE b.digest >= $1 AND b.digest < $1 || 'g' AND (b.state = 'deleting' OR b.created_at < $3)
  AND NOT EXISTS (SELECT FROM repository_blob l WHERE l.blob_id = b.id) AND NOT EXISTS (SELECT FROM artifact_blob e WHERE e.blob_id = b.id)
ORDER BY b.id ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`

	// The row makes a push of the same digest wait until the bytes are gone.
	adopt = `
WITH made AS (
  INSERT INTO blob (digest, size, state, lease_until, created_at) VALUES ($1, $2, 'deleting', $3, $3) ON CONFLICT (digest) DO NOTHING RETURNING id)
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, $3 FROM made
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`

	putFinding = `
WITH marked AS (UPDATE blob SET stored = false WHERE digest = $1 AND state = 'live' RETURNING digest)
INSERT INTO storage_finding AS f (digest, kind, size, detail, found_at, seen_at) SELECT digest, $2, $3, $4, $5, $5 FROM marked
ON CONFLICT (digest) DO UPDATE SET seen_at = excluded.seen_at, kind = CASE WHEN f.kind = 'damaged' THEN f.kind ELSE excluded.kind END`

	// Pushed again, put back by somebody, or not of the index any more.
	resolve = `
WITH found AS (DELETE FROM storage_finding WHERE digest = ANY($1) RETURNING digest)
UPDATE blob b SET stored = true FROM found WHERE b.digest = found.digest`
	dropResolved = `
DELETE FROM storage_finding f WHERE f.digest >= $1 AND f.digest < $1 || 'g' AND NOT EXISTS (SELECT FROM blob b WHERE b.digest = f.digest AND NOT b.stored)`
)

// shard lists the storage first and the index then: what is pushed meanwhile has a row
// that may not have been in the list, and is looked at again.
func (c *checking) shard(shard Shard) error {
	began := time.Now()
	objects, strays := map[digest.Digest]Object{}, []Object{}
	err := c.Storage.WalkBlobs(c.ctx, shard.Name, func(o Object) error {
		if o.Digest == "" {
			strays = append(strays, o)
		} else {
			objects[o.Digest] = o
			c.found.Bytes += o.Size
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list the storage: %w", err)
	}
	c.found.Objects += int64(len(objects))
	rows, err := c.known(shard)
	if err != nil {
		return err
	}
	orphans := c.orphans(shard, objects, rows)
	missing, good, err := c.missing(objects, rows)
	if err != nil {
		return err
	}
	now := c.Clock()
	for _, o := range strays {
		if err := c.Storage.RemoveStray(c.ctx, o.Path, now.Add(-orphanAge)); err != nil {
			return err
		}
	}
	err = c.run.Step(c.ctx, func(tx store.Tx) (int64, error) {
		batch := &pgx.Batch{}
		for _, o := range orphans {
			batch.Queue(adopt, o.Digest, o.Size, now)
		}
		for _, k := range missing {
			batch.Queue(putFinding, k.digest, "missing", k.size, "its bytes are not in the storage", now)
		}
		batch.Queue(resolve, good)
		batch.Queue(dropResolved, shard.Prefix)
		batch.Queue(noteLost, shard.Prefix, now, now.Add(-orphanAge))
		return 1, send(c.ctx, store.PgxTx(tx), batch)
	})
	if err != nil {
		return fmt.Errorf("record what was found: %w", err)
	}
	return pause(c.ctx, time.Duration(len(objects))*time.Second/walkRate-time.Since(began))
}

func (c *checking) known(shard Shard) (map[digest.Digest]known, error) {
	rows, err := c.DB.Pool.Query(c.ctx, listKnown, shard.Prefix)
	if err != nil {
		return nil, fmt.Errorf("list blobs: %w", err)
	}
	out := map[digest.Digest]known{}
	var k known
	if _, err = pgx.ForEachRow(rows, []any{&k.id, &k.digest, &k.size, &k.live, &k.stored, &k.content}, func() error {
		out[k.digest] = k
		return nil
	}); err != nil {
		return nil, fmt.Errorf("list blobs: %w", err)
	}
	return out, nil
}

// orphans are old bytes that the index does not know.
func (c *checking) orphans(shard Shard, objects map[digest.Digest]Object, rows map[digest.Digest]known) (out []Object) {
	before := c.Clock().Add(-orphanAge)
	for d, o := range objects {
		if _, ok := rows[d]; ok {
			continue
		}
		if o.Written.Before(before) {
			out = append(out, o)
		} else {
			c.found.Left++
		}
	}
	if len(objects) >= fewObjects && len(objects) < leastKnown*len(out) && !c.args.Force {
		c.run.Warnf("%s: the index knows only %d of %d objects, so none is removed. If the storage was another registry's, its names have to be taken over first; "+
			"if these bytes are to go, start the check with force", shard.Prefix, len(objects)-len(out), len(objects))
		c.found.Left += int64(len(out))
		return nil
	}
	for _, o := range out {
		c.run.Infof("without a row, removed: %s, %d bytes, written %s", o.Digest, o.Size, o.Written.UTC().Format(time.RFC3339))
	}
	c.found.Orphans += int64(len(out))
	return out
}

// missing are blobs of the index whose bytes are not there, and good are those that
// are; a manifest's copy is written again.
func (c *checking) missing(objects map[digest.Digest]Object, rows map[digest.Digest]known) (missing []known, good []digest.Digest, err error) {
	good = []digest.Digest{}
	for d, k := range rows {
		if !k.live || k.content {
			continue
		}
		if o, ok := objects[d]; ok && o.Size == k.size {
			good = append(good, d)
			continue
		}
		there, err := c.Storage.Has(c.ctx, d, k.size)
		if err != nil {
			return nil, nil, err
		}
		if there {
			good = append(good, d)
			continue
		}
		repaired, err := c.repair(d)
		switch {
		case err != nil:
			return nil, nil, err
		case repaired:
			c.found.Repaired++
			c.run.Infof("the copy of manifest %s was missing and is written again", d)
		default:
			c.run.Errorf("missing: %s, %d bytes", d, k.size)
			missing = append(missing, k)
		}
	}
	return missing, good, nil
}

// repair writes the copy of a manifest; false says that d is none.
func (c *checking) repair(d digest.Digest) (bool, error) {
	var payload []byte
	err := c.DB.Pool.QueryRow(c.ctx, `SELECT payload FROM manifest WHERE digest = $1`, d).Scan(&payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read manifest %s: %w", d, err)
	}
	return true, c.Storage.PutManifest(c.ctx, d, payload)
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}
