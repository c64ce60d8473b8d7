package app

import (
	"context"
	"errors"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// newGarbage makes garbage collection over what there is already.
func (s *services) newGarbage(a *App) (err error) {
	s.garbage, err = gc.New(gc.Deps{
		DB: a.db, Artifacts: s.artifacts, Storage: collected{s.storage}, Clock: a.clock, Resting: s.resting, Metrics: a.metrics,
	})
	return err
}

// resting says whether collection that goes on by itself waits: while its queue is
// paused, and while the system is read only, so that a backup of the database finds
// all bytes that it names.
func (s *services) resting(ctx context.Context) (bool, error) {
	paused, err := s.queue.Paused(ctx, job.GarbageCollection)
	if err != nil || paused {
		return paused, err
	}
	return s.readOnly(ctx)
}

// collected is the storage as garbage collection has it.
type collected struct{ *storage.Store }

func (c collected) Shards() []gc.Shard {
	var out []gc.Shard
	for _, s := range c.Store.Shards() {
		out = append(out, gc.Shard{Name: s.Folder, Prefix: s.Prefix})
	}
	return out
}

func (c collected) WalkBlobs(ctx context.Context, shard string, each func(gc.Object) error) error {
	return c.Store.WalkBlobs(ctx, shard, func(o storage.Object) error { return each(gc.Object(o)) })
}

func (c collected) Hash(ctx context.Context, d digest.Digest, rate int64, tell func(int64)) (digest.Digest, int64, error) {
	actual, size, err := c.Store.Hash(ctx, d, rate, tell)
	if errors.Is(err, storage.ErrMissing) {
		err = errors.Join(gc.ErrMissing, err)
	}
	return actual, size, err
}

func (c collected) PutManifest(ctx context.Context, d digest.Digest, payload []byte) error {
	_, err := c.Store.PutManifest(ctx, d, payload)
	return err
}
