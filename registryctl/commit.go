package registryctl

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

// commit verifies, places and links. Bytes first, still invisible; then one short
// transaction.
func (w *blobWriter) commit(ctx context.Context, d digest.Digest) error {
	u := w.session
	actual, err := w.digest(ctx, d.Algorithm())
	if err != nil {
		return err
	}
	if actual != d {
		return errDigest("the blob's digest is %s, but it was pushed as %s; its bytes were changed on the way", actual, d)
	}
	if done, err := w.commitSmall(ctx, d); done || err != nil {
		return err
	}
	place := func(ctx context.Context) error { return w.place(ctx, d) }
	if err := w.registry.index.CommitBlob(ctx, u.by, u.repository, d, w.Size(), u.uuid, place); err != nil {
		return err
	}
	if !w.placed {
		if err := w.makeGood(ctx, d); err != nil {
			return err
		}
	}
	w.over = true
	w.registry.sessions.finished(u)
	if !w.placed && w.Size() > 0 {
		if err := errors.Join(w.Close(), w.registry.store.RemoveUpload(ctx, u.uuid)); err != nil {
			w.registry.log.WarnContext(ctx, "the bytes of a finished upload are left", "upload", u.uuid, "error", err)
		}
	}
	return nil
}

// commitSmall commits a small blob without waiting for the file system: its bytes are
// in Postgres until the file has been synced (settle.go). It does nothing where it
// cannot, and says so.
func (w *blobWriter) commitSmall(ctx context.Context, d digest.Digest) (done bool, err error) {
	g, u := w.registry, w.session
	if w.Size() == 0 || w.Size() > smallBlob || !g.store.Local() {
		return false, nil
	}
	content := w.memory
	if content == nil {
		if content, err = g.uploaded(ctx, u.uuid, w.Size()); err != nil {
			return false, err
		}
	}
	stored, err := g.index.CommitSmall(ctx, u.repository, d, content, u.uuid)
	if errors.Is(err, artifact.ErrBlobDeleting) {
		return false, w.spill()
	}
	if err != nil {
		return false, err
	}
	if stored {
		err = w.makeGood(ctx, d)
	} else if err = g.store.PutSmall(d, content); err == nil {
		g.unsettled.add(d)
	}
	if err != nil {
		return false, err
	}
	w.over = true
	g.sessions.finished(u)
	if w.memory == nil && !w.placed {
		if err := errors.Join(w.Close(), g.store.RemoveUpload(ctx, u.uuid)); err != nil {
			g.log.WarnContext(ctx, "the bytes of a finished upload are left", "upload", u.uuid, "error", err)
		}
	}
	return true, nil
}

// makeGood places the bytes of a blob that the index had as live, if the storage has
// lost them.
func (w *blobWriter) makeGood(ctx context.Context, d digest.Digest) error {
	there, err := w.registry.store.Has(ctx, d, w.Size())
	if err != nil || there {
		return err
	}
	if err := w.spill(); err != nil {
		return err
	}
	return w.place(ctx, d)
}

// uploaded reads an upload of few bytes whole.
func (g *Registry) uploaded(ctx context.Context, id string, size int64) ([]byte, error) {
	r, err := g.store.ReadUpload(ctx, id)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, size+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("read upload %s: %w", id, err)
	}
	if int64(len(content)) != size {
		return nil, fmt.Errorf("upload %s has %d bytes in storage, expected %d", id, len(content), size)
	}
	return content, nil
}

// digest is that of all bytes of the upload. They are read again when they were
// not hashed with this algorithm as they came: a digest other than sha256 is known
// only with the last request, and after a restart the first part was not seen.
func (w *blobWriter) digest(ctx context.Context, algorithm digest.Algorithm) (digest.Digest, error) {
	if w.sum != nil && w.algorithm == algorithm {
		return digest.NewDigest(algorithm, w.sum), nil
	}
	if w.Size() == 0 {
		return algorithm.FromBytes(nil), nil
	}
	if !w.registry.store.Local() { // an object store shows what was uploaded only when it is complete
		if err := w.finish(ctx); err != nil {
			return "", err
		}
	}
	r, err := w.registry.store.ReadUpload(ctx, w.session.uuid)
	if err != nil {
		return "", err
	}
	sum := algorithm.Hash()
	n, err := w.registry.copy(sum, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return "", fmt.Errorf("hash upload %s: %w", w.session.uuid, err)
	}
	if n != w.Size() {
		return "", fmt.Errorf("upload %s has %d bytes in storage, expected %d", w.session.uuid, n, w.Size())
	}
	return digest.NewDigest(algorithm, sum), nil
}

// place makes the bytes durable and moves them to where blobs are.
func (w *blobWriter) place(ctx context.Context, d digest.Digest) error {
	store := w.registry.store
	if w.Size() == 0 {
		if err := store.PlaceEmpty(ctx, d); err != nil {
			return err
		}
		w.placed = true
		return nil
	}
	if err := w.finish(ctx); err != nil {
		return err
	}
	if err := store.Place(ctx, w.session.uuid, d); err != nil {
		return err
	}
	w.placed = true
	return nil
}

// finish makes the bytes of the upload durable, once.
func (w *blobWriter) finish(ctx context.Context) error {
	if w.durable {
		return nil
	}
	file := w.session.file
	if file == nil {
		return fmt.Errorf("upload %s is not open", w.session.uuid)
	}
	if err := file.Commit(ctx); err != nil {
		return fmt.Errorf("make upload %s durable: %w", w.session.uuid, err)
	}
	w.durable = true
	w.session.file = nil
	if err := file.Close(); err != nil {
		return fmt.Errorf("close upload %s: %w", w.session.uuid, err)
	}
	return nil
}
