package gc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// workers is how many goroutines collect in a pass that goes on by itself: with more,
// pulls wait (ADR 0010). A run that somebody starts has as many as they ask for.
const workers = 1

// pass is one time that what is due is taken away.
type pass struct {
	execution int64        // 0: by itself
	removed   atomic.Int64 // artifacts, manifests, blobs and repositories
	bytes     atomic.Int64
}

func (p *pass) count(f Freed) {
	p.removed.Add(f.Artifacts + f.Manifests + f.Blobs + f.Repositories)
	p.bytes.Add(f.Bytes)
}

// step looks at a batch of candidates of one kind and says how many it is done with.
type step func(ctx context.Context, p *pass) (done int, err error)

// Collect takes away what is due, until nothing is: garbage collection as it goes on by
// itself. It says how many artifacts, manifests, blobs and repositories it has removed,
// and does nothing while it is to rest. When nothing is due it costs three look-ups in
// indexes.
func (s *Service) Collect(ctx context.Context) (removed int64, err error) {
	resting, err := s.Resting(ctx)
	if err != nil || resting {
		return 0, err
	}
	p := &pass{}
	err = s.collect(ctx, p, workers, func(int) {})
	if err == nil {
		err = s.measure(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.metrics.failures.Inc()
	}
	return p.removed.Load(), err
}

// collect does all steps in order, each by n goroutines, for as long as any of them
// finds something: what one takes away makes work for the next.
func (s *Service) collect(ctx context.Context, p *pass, n int, progress func(done int)) error {
	for {
		var did int
		for {
			looked, err := s.lookAtYoung(ctx)
			if err != nil {
				return err
			}
			if looked == 0 {
				break
			}
		}
		due, err := s.Due(ctx)
		if err != nil {
			return err
		}
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
			done, err := together(ctx, p, part.workers, part.step, progress)
			did += done
			if err != nil {
				return err
			}
		}
		if did == 0 {
			return nil
		}
	}
}

// together runs a step in n goroutines until none of them finds anything to do.
func together(ctx context.Context, p *pass, n int, do step, progress func(int)) (total int, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for {
				done, failed := do(ctx, p)
				if failed == nil {
					failed = ctx.Err()
				}
				mu.Lock()
				total += done
				err = errors.Join(err, failed)
				mu.Unlock()
				progress(done)
				if done == 0 || failed != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return total, err
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
	failed := s.collect(ctx, &pass{execution: onMachine}, n, func(int) {})
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
