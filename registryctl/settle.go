package registryctl

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

const (
	// settleEvery is how long Postgres keeps the bytes of small blobs beside their
	// files, settleBatch how many rows are looked at and removed at a time.
	settleEvery = 30 * time.Second
	settleBatch = 500

	// abandoned is how old the bytes are that a process which has ended left.
	abandoned     = 10 * time.Minute
	settleTimeout = 10 * time.Minute
)

// unsettled are small blobs whose files this process has written and not synced.
type unsettled struct {
	mu      sync.Mutex
	digests map[digest.Digest]struct{}
}

func (u *unsettled) add(d digest.Digest) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.digests[d] = struct{}{}
}

func (u *unsettled) take() []digest.Digest {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := slices.Collect(maps.Keys(u.digests))
	clear(u.digests)
	return out
}

// RunSettling first puts right what a crash has left of small blobs, and then syncs
// their files every half minute, until ctx ends and once more. A failure is logged; the
// bytes stay in Postgres until it has worked.
func (g *Registry) RunSettling(ctx context.Context) {
	if !g.store.Local() {
		return // an object store keeps what it has acknowledged
	}
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	restored := g.clock()
	g.note("restore small blobs", g.Restore(ctx))
	for last := false; !last; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			last = true
		}
		g.note("sync small blobs", g.Settle(ctx))
		if !last && g.clock().Sub(restored) >= abandoned {
			restored = g.clock()
			g.note("restore small blobs", g.Restore(ctx))
		}
	}
}

func (g *Registry) note(what string, err error) {
	if err != nil {
		g.log.Warn("cannot "+what+"; Postgres keeps their bytes, and it is tried again", "error", err)
	}
}

// Settle syncs the files of the small blobs that this process has written, all at once,
// and lets go of the bytes in Postgres. The end of ctx does not break it off.
func (g *Registry) Settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	digests := g.unsettled.take()
	if len(digests) == 0 {
		return nil
	}
	err := g.store.Sync()
	for batch := range slices.Chunk(digests, settleBatch) {
		if err == nil {
			err = g.index.SettleBlobs(ctx, batch)
		}
		if err != nil {
			for _, d := range batch {
				g.unsettled.add(d)
			}
		}
	}
	return err
}

// Restore writes the files of small blobs that a crash has taken, from the bytes in
// Postgres, and settles those that an ended process has left behind.
func (g *Registry) Restore(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	var after digest.Digest
	for {
		found, err := g.index.UnsettledBlobs(ctx, after, settleBatch)
		if err != nil || len(found) == 0 {
			return err
		}
		after = found[len(found)-1].Digest
		for _, b := range found {
			if err := g.restore(ctx, b); err != nil {
				return err
			}
			if g.clock().Sub(b.Since) >= abandoned {
				g.unsettled.add(b.Digest)
			}
		}
	}
}

func (g *Registry) restore(ctx context.Context, b artifact.Unsettled) error {
	// Compared whole: a file system that was cut off may have the length and not the bytes.
	have, err := g.store.Read(ctx, b.Digest, int64(len(b.Content)))
	if err == nil && bytes.Equal(have, b.Content) {
		return nil
	}
	return g.store.PutSmall(b.Digest, b.Content)
}
