package gc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// How collection that goes on by itself keeps out of the way of pulls (ADR 0010). A run
// that somebody starts has as many workers as they ask for, and does not rest.
const (
	workers = 1
	// rests is how many times as long as Postgres has worked for a batch it rests after it,
	// mostRest at the most,
	rests    = 50
	mostRest = 30 * time.Second
	// unless something is due for so long.
	late = time.Hour
	// longest is how long a pass goes on; the next one takes up what it leaves.
	longest = 5 * time.Minute
)

// pass is one time that what is due is taken away.
type pass struct {
	execution int64        // 0: by itself
	removed   atomic.Int64 // artifacts, manifests, blobs and repositories
	bytes     atomic.Int64
	storing   atomic.Int64 // nanoseconds that the storage has worked
	// pace is asked after each batch whether to go on, and may take its time to answer.
	pace func(ctx context.Context, busy time.Duration) (bool, error)
}

func (p *pass) count(f Freed) {
	p.removed.Add(f.Artifacts + f.Manifests + f.Blobs + f.Repositories)
	p.bytes.Add(f.Bytes)
}

// step looks at a batch of candidates of one kind and says how many it is done with.
type step func(ctx context.Context, p *pass) (done int, err error)

// Collect takes away what is due, as garbage collection that goes on by itself: with
// rests, until nothing is due or a pass has been long enough. It says how many
// artifacts, manifests, blobs and repositories it has removed, and does nothing while it
// is to wait. When nothing is due it costs three look-ups in indexes.
func (s *Service) Collect(ctx context.Context) (removed int64, err error) {
	resting, err := s.Resting(ctx)
	if err != nil || resting {
		return 0, err
	}
	p := &pass{pace: s.gently(s.Clock().Add(longest))}
	err = s.collect(ctx, p, workers, func(int) {})
	if err == nil {
		err = s.measure(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.metrics.failures.Inc()
	}
	return p.removed.Load(), err
}

// gently is the pace of collection that goes on by itself, until a time.
func (s *Service) gently(until time.Time) func(context.Context, time.Duration) (bool, error) {
	return func(ctx context.Context, busy time.Duration) (bool, error) {
		var oldest *time.Time
		if err := s.DB.Pool.QueryRow(ctx, oldestDue, s.Clock()).Scan(&oldest); err != nil {
			return false, fmt.Errorf("look for what is due longest: %w", err)
		}
		if oldest == nil || s.Clock().Sub(*oldest) < late {
			if err := s.wait(ctx, min(rests*busy, mostRest)); err != nil {
				return false, err
			}
		}
		resting, err := s.Resting(ctx) // a backup may have begun
		return !resting && s.Clock().Before(until), err
	}
}

// swiftly is the pace of a run that somebody has started.
func swiftly(context.Context, time.Duration) (bool, error) { return true, nil }

// collect does all steps in order, each by n goroutines, for as long as any of them
// finds something: what one takes away makes work for the next.
func (s *Service) collect(ctx context.Context, p *pass, n int, progress func(done int)) error {
	for {
		if _, more, err := together(ctx, p, 1, s.lookAtYoung, func(int) {}); err != nil || !more {
			return err
		}
		due, err := s.Due(ctx)
		if err != nil {
			return err
		}
		var did int
		for _, part := range []struct {
			kind    string
			step    step
			workers int
		}{
			{kindArtifact, s.purge, 1}, // one at a time everywhere
			{kindLink, s.unlink, n},
			{kindBlob, s.remove, n},
			{kindRepository, s.forgetRepositories, 1},
		} {
			if did == 0 && due[part.kind] == 0 {
				continue
			}
			done, more, err := together(ctx, p, part.workers, part.step, progress)
			did += done
			if err != nil || !more {
				return err
			}
		}
		if did == 0 {
			return nil
		}
	}
}

// together runs a step in n goroutines until none of them finds anything to do, or the
// pace of the pass says that there is to be no more.
func together(ctx context.Context, p *pass, n int, do step, progress func(int)) (total int, more bool, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	more = true
	for range n {
		all.Go(func() {
			for {
				done, goOn, failed := batch(ctx, p, do)
				mu.Lock()
				total, more = total+done, more && goOn
				err = errors.Join(err, failed)
				mu.Unlock()
				progress(done)
				if done == 0 || !goOn || failed != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return total, more, err
}

// batch does a step once, and what the pace of the pass asks for after it.
func batch(ctx context.Context, p *pass, do step) (done int, more bool, err error) {
	began, stored := time.Now(), p.storing.Load()
	done, err = do(ctx, p)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || done == 0 {
		return done, true, err
	}
	more, err = p.pace(ctx, time.Since(began)-time.Duration(p.storing.Load()-stored))
	return done, more, err
}

const countDue = `
SELECT k.kind, (SELECT count(*) FROM (SELECT FROM gc_candidate c WHERE c.kind = k.kind AND c.not_before <= $1 LIMIT $2) due)
FROM unnest(ARRAY['artifact', 'repository_blob', 'blob', 'repository']) k (kind)`

// mostCounted bounds how many due candidates of a kind are counted.
const mostCounted = 100_000

// Due counts what is due of each kind, up to mostCounted.
func (s *Service) Due(ctx context.Context) (map[string]int64, error) {
	rows, err := s.DB.Pool.Query(ctx, countDue, s.Clock(), mostCounted)
	if err != nil {
		return nil, fmt.Errorf("count what is due: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var kind string
		var n int64
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, fmt.Errorf("count what is due: %w", err)
		}
		out[kind] = n
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("count what is due: %w", err)
	}
	return out, nil
}

func (s *Service) measure(ctx context.Context) error {
	due, err := s.Due(ctx)
	for kind, n := range due {
		s.metrics.due.WithLabelValues(kind).Set(float64(n))
	}
	return err
}

// CollectNow takes away what is due with n workers, whether collection rests or not, and
// tells what it was.
func (s *Service) CollectNow(ctx context.Context, n int) (Freed, error) {
	before, err := s.freed(ctx)
	if err != nil {
		return Freed{}, err
	}
	failed := s.collect(ctx, &pass{execution: onMachine, pace: swiftly}, n, func(int) {})
	after, err := s.freed(context.WithoutCancel(ctx))
	return after.minus(before), errors.Join(failed, err)
}

// onMachine counts what was freed by commands on a machine itself: no execution has
// this id.
const onMachine = -1

func (s *Service) freed(ctx context.Context) (Freed, error) { return s.FreedBy(ctx, onMachine) }

func (f Freed) minus(g Freed) Freed {
	return Freed{
		Repositories: f.Repositories - g.Repositories, Artifacts: f.Artifacts - g.Artifacts, Links: f.Links - g.Links,
		Blobs: f.Blobs - g.Blobs, Manifests: f.Manifests - g.Manifests, Bytes: f.Bytes - g.Bytes,
	}
}
