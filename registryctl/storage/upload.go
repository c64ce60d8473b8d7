package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/opencontainers/go-digest"
)

// Writer receives the bytes of an upload; they are durable after Commit.
type Writer = driver.FileWriter

// UploadSize is how many bytes of an upload the filesystem holds. An object
// store does not tell before the upload is committed: ask only when Local.
func (s *Store) UploadSize(ctx context.Context, id string) (int64, error) {
	info, err := s.driver.Stat(ctx, uploadPath(id))
	if notFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("stat upload %s: %w", id, err)
	}
	return info.Size(), nil
}

// PartsSize is how many bytes of an upload an object store has taken as parts, which it
// has to be asked for in two requests or more.
func (s *Store) PartsSize(ctx context.Context, id string) (int64, error) {
	w, err := s.driver.Writer(ctx, uploadPath(id), true)
	if notFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at upload %s: %w", id, err)
	}
	if err := w.Close(); err != nil { // nothing was written
		return 0, fmt.Errorf("look at upload %s: %w", id, err)
	}
	return w.Size(), nil
}

// WriteUpload opens an upload to append to the size bytes that it has; 0 begins
// it, whatever a crash may have left there. The Writer outlives ctx: when a client
// hangs up, what has arrived is still written.
func (s *Store) WriteUpload(ctx context.Context, id string, size int64) (Writer, error) {
	w, err := s.driver.Writer(context.WithoutCancel(ctx), uploadPath(id), size > 0)
	if err != nil {
		return nil, fmt.Errorf("open upload %s: %w", id, err)
	}
	if got := w.Size(); got != size {
		return nil, errors.Join(fmt.Errorf("upload %s has %d bytes in storage, expected %d", id, got, size), w.Close())
	}
	return w, nil
}

// ReadUpload reads an upload from its beginning. In an object store it can be
// read only after Commit.
func (s *Store) ReadUpload(ctx context.Context, id string) (io.ReadCloser, error) {
	r, err := s.driver.Reader(ctx, uploadPath(id), 0)
	if err != nil {
		return nil, fmt.Errorf("read upload %s: %w", id, err)
	}
	return r, nil
}

// Place moves a committed upload to where blobs are, durably. The same bytes may
// be there already; readers then keep the old file or get the new one, whole.
func (s *Store) Place(ctx context.Context, id string, d digest.Digest) error {
	if err := s.driver.Move(ctx, uploadPath(id), BlobPath(d)); err != nil {
		return fmt.Errorf("move upload %s to blob %s: %w", id, d, err)
	}
	s.removeDir(id)
	return nil
}

// PlaceEmpty puts the blob of no bytes in its place, durably.
func (s *Store) PlaceEmpty(ctx context.Context, d digest.Digest) error {
	if err := s.driver.PutContent(ctx, BlobPath(d), nil); err != nil {
		return fmt.Errorf("store blob %s: %w", d, err)
	}
	return nil
}

// RemoveUpload removes what storage has of an upload, if anything.
func (s *Store) RemoveUpload(ctx context.Context, id string) error {
	if err := s.driver.Delete(ctx, uploadDir(id)); err != nil && !notFound(err) {
		return fmt.Errorf("remove upload %s: %w", id, err)
	}
	if s.local == nil {
		return s.abort(ctx, id)
	}
	return nil
}

// RemoveStaleUploads removes what was last written before a moment: what a process
// that died left before it could record it. An object store does not list the
// parts of an upload; give its bucket a lifecycle rule that aborts incomplete ones.
func (s *Store) RemoveStaleUploads(ctx context.Context, before time.Time) (int, error) {
	if s.local == nil {
		return 0, nil
	}
	dirs, err := s.driver.List(ctx, uploads)
	if notFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("list uploads: %w", err)
	}
	removed := 0
	for _, dir := range dirs {
		id := path.Base(dir)
		info, err := s.driver.Stat(ctx, uploadPath(id))
		if notFound(err) { // an empty directory, or an upload that is just ending
			info, err = s.driver.Stat(ctx, dir)
		}
		if notFound(err) {
			continue
		}
		if err != nil {
			return removed, fmt.Errorf("stat upload %s: %w", id, err)
		}
		if info.ModTime().Before(before) {
			if err := s.RemoveUpload(ctx, id); err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, nil
}

// abort ends a multipart upload that has become no object, whose parts cost money and
// are seen by no list.
func (s *Store) abort(ctx context.Context, id string) error {
	w, err := s.driver.Writer(ctx, uploadPath(id), true)
	if notFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("abort upload %s: %w", id, err)
	}
	if err := errors.Join(w.Cancel(ctx), w.Close()); err != nil {
		return fmt.Errorf("abort upload %s: %w", id, err)
	}
	return nil
}

func (s *Store) removeDir(id string) {
	if s.local != nil {
		s.local.RemoveEmpty(uploadDir(id))
	}
}
