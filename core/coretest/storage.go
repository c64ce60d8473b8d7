package coretest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/gc"
)

// Storage keeps bytes in memory, as the registry's storage does for garbage collection.
type Storage struct {
	clock func() time.Time

	mu      sync.Mutex
	objects map[digest.Digest]object
	strays  map[string]time.Time
	aside   map[digest.Digest][]byte
	fail    func(op string, d digest.Digest) error
}

type object struct {
	content []byte
	written time.Time
}

// NewStorage has nothing in it.
func NewStorage(clock func() time.Time) *Storage {
	return &Storage{
		clock: clock, objects: map[digest.Digest]object{}, strays: map[string]time.Time{}, aside: map[digest.Digest][]byte{},
		fail: func(string, digest.Digest) error { return nil },
	}
}

// Fail makes operations (put, remove, walk, hash) fail as f says, which is asked before each.
func (s *Storage) Fail(f func(op string, d digest.Digest) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = f
}

// Put writes the bytes of a digest, which need not be right.
func (s *Storage) Put(d digest.Digest, content []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail("put", d); err != nil {
		return err
	}
	s.objects[d] = object{slices.Clone(content), s.clock()}
	return nil
}

// Get returns the bytes of a digest.
func (s *Storage) Get(d digest.Digest) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.objects[d]
	return o.content, ok
}

// All are the digests that there are bytes of.
func (s *Storage) All() []digest.Digest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.objects))
}

// Lose takes bytes away, as a disk does.
func (s *Storage) Lose(d digest.Digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, d)
}

// Aside are the bytes that were set aside.
func (s *Storage) Aside(d digest.Digest) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.aside[d]
	return content, ok
}

// Stray puts half a file somewhere, and strays are those that are there.
func (s *Storage) Stray(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strays[path] = s.clock()
}

// Strays is how many there are.
func (s *Storage) Strays() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.strays)
}

// Remove is gc.Storage's.
func (s *Storage) Remove(ctx context.Context, digests []digest.Digest) (gone []digest.Digest, err error) {
	for _, d := range digests {
		if err := ctx.Err(); err != nil {
			return gone, err
		}
		if err := s.remove(d); err != nil {
			return gone, err
		}
		gone = append(gone, d)
	}
	return gone, nil
}

func (s *Storage) remove(d digest.Digest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail("remove", d); err != nil {
		return err
	}
	delete(s.objects, d)
	return nil
}

// Shards is gc.Storage's: 16 of them.
func (s *Storage) Shards() (out []gc.Shard) {
	for i := range 16 {
		prefix := fmt.Sprintf("sha256:%x", i)
		out = append(out, gc.Shard{Name: prefix, Prefix: prefix})
	}
	return out
}

// WalkBlobs is gc.Storage's.
func (s *Storage) WalkBlobs(_ context.Context, shard string, each func(gc.Object) error) error {
	s.mu.Lock()
	if err := s.fail("walk", ""); err != nil {
		s.mu.Unlock()
		return err
	}
	var found []gc.Object
	for d, o := range s.objects {
		if strings.HasPrefix(d.String(), shard) {
			found = append(found, gc.Object{Path: d.String(), Digest: d, Size: int64(len(o.content)), Written: o.written})
		}
	}
	for path, written := range s.strays {
		if strings.HasPrefix(path, shard) {
			found = append(found, gc.Object{Path: path, Written: written})
		}
	}
	s.mu.Unlock()
	for _, o := range found {
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}

// RemoveStray is gc.Storage's.
func (s *Storage) RemoveStray(_ context.Context, path string, before time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strays[path].Before(before) {
		delete(s.strays, path)
	}
	return nil
}

// Has is gc.Storage's.
func (s *Storage) Has(_ context.Context, d digest.Digest, size int64) (bool, error) {
	content, ok := s.Get(d)
	return ok && int64(len(content)) == size, nil
}

// Hash is gc.Storage's.
func (s *Storage) Hash(ctx context.Context, d digest.Digest, _ int64, tell func(int64)) (digest.Digest, int64, error) {
	content, ok := s.Get(d)
	if !ok {
		return "", 0, gc.ErrMissing
	}
	tell(int64(len(content)))
	s.mu.Lock()
	defer s.mu.Unlock()
	return digest.FromBytes(content), int64(len(content)), s.fail("hash", d)
}

// SetAside is gc.Storage's.
func (s *Storage) SetAside(_ context.Context, d digest.Digest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.objects[d]; ok {
		s.aside[d] = o.content
		delete(s.objects, d)
	}
	return nil
}

// PutManifest is gc.Storage's.
func (s *Storage) PutManifest(_ context.Context, d digest.Digest, payload []byte) error {
	return s.Put(d, payload)
}
