package replication

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/remote"
)

const (
	kib = 1 << 10

	// How long a registry that asks for it is waited for.
	unsaid      = 30 * time.Second // when it does not say how long
	longestWait = 15 * time.Minute
	mostWaits   = 8
)

// run is what the tasks of one execution in one process share: the speed that they
// have together, and which of them copies which blob, so that none is sent twice.
type run struct {
	users int
	limit *limiter

	mu    sync.Mutex
	blobs map[string]*claim // by digest
}

// claim is a blob that one task copies while others wait.
type claim struct {
	over chan struct{} // closed when it is known
	at   string        // the repository that has it; '' when it was not copied
}

func (s *Service) join(execution int64, speed int) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[execution]
	if r == nil {
		r = &run{limit: newLimiter(int64(speed)*kib, s.wait, s.Clock), blobs: map[string]*claim{}}
		s.runs[execution] = r
	}
	r.users++
	return r
}

func (s *Service) leave(execution int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[execution]; r != nil {
		if r.users--; r.users == 0 {
			delete(s.runs, execution)
		}
	}
}

// take returns where a blob is at the destination, or a claim that has to be settled
// by whoever got it. It waits while another task copies it.
func (r *run) take(ctx context.Context, digest string) (at string, mine *claim, err error) {
	for {
		r.mu.Lock()
		c := r.blobs[digest]
		if c == nil {
			c = &claim{over: make(chan struct{})}
			r.blobs[digest] = c
			r.mu.Unlock()
			return "", c, nil
		}
		r.mu.Unlock()
		select {
		case <-c.over:
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
		if c.at != "" {
			return c.at, nil, nil
		}
	}
}

// know remembers a repository of the destination that has a blob.
func (r *run) know(digest, at string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.blobs[digest] == nil {
		c := &claim{over: make(chan struct{}), at: at}
		close(c.over)
		r.blobs[digest] = c
	}
}

// settle says where a claimed blob is now; ” lets another task try.
func (r *run) settle(digest string, mine *claim, at string) {
	r.mu.Lock()
	if at == "" {
		delete(r.blobs, digest)
	}
	mine.at = at
	r.mu.Unlock()
	close(mine.over)
}

// limiter lets so many bytes a second through, for all who use it together.
type limiter struct {
	rate  int64 // bytes a second; 0: all there are
	wait  func(ctx context.Context, d time.Duration) error
	clock func() time.Time

	mu   sync.Mutex
	free time.Time // when what was let through has been paid for
}

func newLimiter(rate int64, wait func(context.Context, time.Duration) error, clock func() time.Time) *limiter {
	return &limiter{rate: rate, wait: wait, clock: clock}
}

func (l *limiter) take(ctx context.Context, n int) error {
	if l.rate == 0 || n == 0 {
		return nil
	}
	l.mu.Lock()
	now := l.clock()
	if l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / float64(l.rate) * float64(time.Second)))
	pause := l.free.Sub(now)
	l.mu.Unlock()
	return l.wait(ctx, pause)
}

// slowly is a reader whose bytes the limiter lets through and tell counts.
type slowly struct {
	io.ReadCloser
	ctx   context.Context
	limit *limiter
	tell  func(n int)
}

// Read is bounded, so that a slow limit does not let through much at once.
func (r slowly) Read(p []byte) (int, error) {
	if most := r.limit.rate / 4; r.limit.rate > 0 && int64(len(p)) > most {
		p = p[:max(1, most)]
	}
	n, err := r.ReadCloser.Read(p)
	r.tell(n)
	if e := r.limit.take(r.ctx, n); e != nil && err == nil {
		err = e
	}
	return n, err
}

// patient does something again when a registry asks to wait, some times, and writes
// into the log that it waits.
func patient(ctx context.Context, wait func(context.Context, time.Duration) error, log *job.Run, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		var throttled *remote.ThrottledError
		if !errors.As(err, &throttled) || n > mostWaits {
			return err
		}
		d := throttled.RetryAfter
		if d == 0 {
			d = unsaid
		}
		if d > longestWait {
			return err
		}
		log.Warnf("%v: waiting %s", err, d.Round(time.Second))
		if err := wait(ctx, d); err != nil {
			return err
		}
	}
}
