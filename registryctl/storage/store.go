// Package storage is the bytes of a registry: blobs by digest, and uploads that
// are still arriving, over a storage driver. It knows no names, no users and no
// database: who may read what was decided before it is asked.
package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/registryctl/storage/drivers"
)

// The kinds of storage.
const (
	KindFilesystem = "filesystem"
	KindS3         = "s3"
)

// Options say where the bytes are kept.
type Options struct {
	Kind     string // KindFilesystem or KindS3
	Root     string // folder of the filesystem, absolute
	S3       drivers.S3
	Redirect bool // send clients to the object store for blobs; they must be able to reach it
}

// Store is safe for concurrent use.
type Store struct {
	driver   driver.StorageDriver
	local    *drivers.Filesystem // nil when the bytes are in an object store
	bucket   *drivers.Bucket     // nil when they are files
	redirect bool
}

// Open returns the Store that o describes.
func Open(ctx context.Context, o Options) (*Store, error) {
	switch o.Kind {
	case KindFilesystem:
		d, err := drivers.NewFilesystem(o.Root)
		if err != nil {
			return nil, err
		}
		if err := d.MakeShards(blobs + "/" + digest.SHA256.String()); err != nil {
			return nil, fmt.Errorf("prepare storage: %w", err)
		}
		return &Store{driver: d, local: d}, nil
	case KindS3:
		d, err := drivers.NewS3(ctx, o.S3)
		if err != nil {
			return nil, err
		}
		return &Store{driver: d, bucket: d, redirect: o.Redirect}, nil
	}
	return nil, fmt.Errorf("storage %q is not known; use %s or %s", o.Kind, KindFilesystem, KindS3)
}

// Driver is what the Store writes with, for distribution's App.
func (s *Store) Driver() driver.StorageDriver { return s.driver }

// Local says whether the bytes are files of this machine.
func (s *Store) Local() bool { return s.local != nil }

// Syncs is the number of fsync calls so far; 0 for an object store.
func (s *Store) Syncs() int64 {
	if s.local == nil {
		return 0
	}
	return s.local.Syncs()
}

// Check says whether the storage answers.
func (s *Store) Check(ctx context.Context) error {
	if _, err := s.driver.Stat(ctx, root); err != nil && !notFound(err) {
		return fmt.Errorf("storage does not answer: %w", err)
	}
	return nil
}

// Has says whether the bytes of d are there with that size.
func (s *Store) Has(ctx context.Context, d digest.Digest, size int64) (bool, error) {
	info, err := s.driver.Stat(ctx, BlobPath(d))
	if notFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("stat blob %s: %w", d, err)
	}
	return !info.IsDir() && info.Size() == size, nil
}

// Reader opens a blob to be read from its beginning.
func (s *Store) Reader(ctx context.Context, d digest.Digest) (io.ReadCloser, error) {
	r, err := s.driver.Reader(ctx, BlobPath(d), 0)
	if notFound(err) {
		return nil, fmt.Errorf("open blob %s: %w", d, ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", d, err)
	}
	return r, nil
}

// Read returns a small blob whole; it fails when there are more than limit bytes, with
// ErrMissing when there are none.
func (s *Store) Read(ctx context.Context, d digest.Digest, limit int64) ([]byte, error) {
	r, err := s.Reader(ctx, d)
	if err != nil {
		return nil, err
	}
	p, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read blob %s: %w", d, err)
	}
	if int64(len(p)) > limit {
		return nil, fmt.Errorf("blob %s has more than %d bytes", d, limit)
	}
	return p, nil
}

// PutManifest keeps a copy of a manifest, unless there is one. Its durable home is
// Postgres; the copy is for rebuilding the index from storage, so nothing waits for the
// disk. wrote is false when it was there.
func (s *Store) PutManifest(ctx context.Context, d digest.Digest, payload []byte) (wrote bool, err error) {
	there, err := s.Has(ctx, d, int64(len(payload)))
	if err != nil || there {
		return false, err
	}
	if s.local != nil {
		err = s.local.PutVolatile(BlobPath(d), payload)
	} else {
		err = s.driver.PutContent(ctx, BlobPath(d), payload)
	}
	if err != nil {
		return false, fmt.Errorf("store manifest %s: %w", d, err)
	}
	return true, nil
}

// PutSmall writes a blob whose bytes are durable elsewhere until Sync, on a filesystem.
func (s *Store) PutSmall(d digest.Digest, content []byte) error {
	if err := s.local.PutVolatile(BlobPath(d), content); err != nil {
		return fmt.Errorf("store blob %s: %w", d, err)
	}
	return nil
}

// Sync makes everything durable that the filesystem has been given.
func (s *Store) Sync() error { return s.local.SyncAll() }

func notFound(err error) bool {
	var missing driver.PathNotFoundError
	return errors.As(err, &missing)
}

// IsFull says whether err, of any call of a Store, is that there is no room left.
func IsFull(err error) bool {
	var of driver.Error // which does not unwrap
	for errors.As(err, &of) && of.Detail != nil {
		err = of.Detail
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
