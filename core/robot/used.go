package robot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	usedEvery    = time.Minute // a robot's row is written no more often
	usedInterval = time.Second
	usedTimeout  = 10 * time.Second // for one write that no request waits for
	usedBatch    = 1000
)

// used gathers which robots were at work, for their rows to be written later: no
// request waits for that, and a storm of them is one write.
type used struct {
	mu    sync.Mutex
	since map[ID]time.Time
	last  *lru.Cache[ID, time.Time] // noted: what is remembered of a robot has an older time
}

func newUsed() *used {
	u := &used{since: map[ID]time.Time{}}
	u.last, _ = lru.New[ID, time.Time](remembered) // fails for a size below 1 only
	return u
}

func (u *used) note(id ID, before *time.Time, now time.Time) {
	if before != nil && now.Sub(*before) < usedEvery {
		return
	}
	if last, ok := u.last.Get(id); ok && now.Sub(last) < usedEvery {
		return
	}
	u.last.Add(id, now)
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, noted := u.since[id]; !noted {
		u.since[id] = now
	}
}

func (u *used) take() map[ID]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.since
	u.since = map[ID]time.Time{}
	return taken
}

// Run writes every second when robots were used last, until ctx ends; then it
// writes the rest and returns. What cannot be written is noted again by the robot's
// next request.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(usedInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		last := ctx.Err() != nil
		writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), usedTimeout)
		_ = s.WriteUsed(writing) // the database's log says why not, and the next request notes it again
		cancel()
		if last {
			return
		}
	}
}

// WriteUsed writes when the robots that were used since the last time were used. A
// robot that somebody is changing at the moment is left for the next time.
func (s *Service) WriteUsed(ctx context.Context) error {
	noted := s.used.take()
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(noted)), usedBatch) {
		var at time.Time
		for _, id := range ids {
			if noted[id].After(at) {
				at = noted[id]
			}
		}
		const write = "UPDATE robot SET used_at = ? WHERE id IN (SELECT id FROM robot WHERE id IN ? ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
		if err := s.db.WithContext(ctx).Exec(write, at, ids).Error; err != nil {
			return fmt.Errorf("write when robots were used: %w", err)
		}
	}
	return nil
}
