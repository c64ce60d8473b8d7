package registryctl

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

const (
	copyBuffer    = 256 << 10
	saveTimeout   = 5 * time.Second
	commitTimeout = 15 * time.Minute // an object store copies a large blob when it is moved
)

// blobWriter is distribution.BlobWriter over the storage: bytes are hashed as
// they arrive, made durable once and moved once.
//
// A kill at any moment leaves one of: bytes of an upload (the client resumes, or
// they expire), bytes in their final place without a row (garbage collection takes
// them after the grace period), or a committed blob. It never leaves a row whose
// bytes are not on disk, because Commit's place ends before the row's transaction
// begins.
type blobWriter struct {
	registry *Registry
	ctx      context.Context // of the request; the App's interface passes none to Close
	session  *session

	sum       hash.Hash        // of all bytes so far; nil when earlier ones were not seen
	algorithm digest.Algorithm // of sum
	received  int64            // by this writer
	memory    []byte           // the bytes of a small blob that comes in one request, which need no file
	durable   bool             // file.Commit was called
	placed    bool             // the bytes are where blobs are
	over      bool             // committed or cancelled
	kept      bool             // the commit failed but may be tried again
}

func (g *Registry) newBlobWriter(ctx context.Context, u *session) *blobWriter {
	w := &blobWriter{registry: g, ctx: ctx, session: u, algorithm: digest.SHA256}
	switch {
	case u.size == 0:
		if u.want != "" {
			w.algorithm = u.want.Algorithm()
		}
		w.sum = w.algorithm.Hash()
	case u.state != nil:
		sum := digest.SHA256.Hash()
		if h, ok := sum.(encoding.BinaryUnmarshaler); ok && h.UnmarshalBinary(u.state) == nil {
			w.sum = sum
		}
	}
	return w
}

func (w *blobWriter) ID() string { return w.session.id }

func (w *blobWriter) StartedAt() time.Time { return w.session.started }

// Size is how many bytes the upload has.
func (w *blobWriter) Size() int64 { return w.session.size + w.received }

func (w *blobWriter) Write(p []byte) (int, error) {
	if len(p) == 0 && w.session.file == nil {
		return 0, nil
	}
	if w.fits(p) {
		w.memory = append(w.memory, p...)
		w.sum.Write(p)
		w.received += int64(len(p))
		return len(p), nil
	}
	if err := w.spill(); err != nil {
		return 0, w.fail(err)
	}
	n, err := w.session.file.Write(p)
	if w.sum != nil {
		w.sum.Write(p[:n])
	}
	w.received += int64(n)
	if err != nil {
		return n, w.fail(err)
	}
	return n, nil
}

// fits says whether p and what came before it are a small blob that is committed by
// the request which brings it.
func (w *blobWriter) fits(p []byte) bool {
	return w.session.want != "" && w.session.file == nil && w.Size() == int64(len(w.memory)) && len(w.memory)+len(p) <= smallBlob && w.registry.store.Local()
}

// spill opens the upload's file, if it is not open, and writes to it what is in memory.
func (w *blobWriter) spill() error {
	if w.session.file != nil || w.durable {
		return nil
	}
	file, err := w.registry.store.WriteUpload(w.ctx, w.session.uuid, 0)
	if err != nil {
		return err
	}
	w.session.file = file
	_, err = file.Write(w.memory)
	w.memory = nil
	return err
}

// ReadFrom copies in large pieces.
func (w *blobWriter) ReadFrom(r io.Reader) (int64, error) {
	n, err := w.registry.copy(w, r)
	w.registry.metrics.received.Add(float64(n))
	return n, err
}

// copy hides what dst and src can do beyond Write and Read, so that the bytes come
// in pieces of copyBuffer.
func (g *Registry) copy(dst io.Writer, src io.Reader) (int64, error) {
	buffer, ok := g.buffers.Get().(*[copyBuffer]byte)
	if !ok {
		buffer = new([copyBuffer]byte)
	}
	defer g.buffers.Put(buffer)
	return io.CopyBuffer(struct{ io.Writer }{dst}, struct{ io.Reader }{src}, buffer[:])
}

// fail notes an error of the storage: the App answers 500 and keeps it to itself, and the client is told the session's.
func (w *blobWriter) fail(err error) error {
	w.session.broken = fmt.Errorf("write upload: %w", err)
	w.registry.log.ErrorContext(w.ctx, "an upload could not be written", "repository", w.session.repository, "upload", w.session.uuid, "error", err)
	return errors.New("the storage failed")
}

// Close ends a request that did not finish the upload, and records how far it has
// come. Only that is lost when recording fails: the upload is then hashed again.
func (w *blobWriter) Close() error {
	file := w.session.file
	if file == nil {
		return nil
	}
	w.session.file = nil
	if err := file.Close(); err != nil && !w.over && !w.durable {
		return w.fail(err)
	}
	if w.over || w.received == 0 {
		return nil
	}
	u := w.session
	state := w.hashState()
	w.registry.sessions.progress.Add(u.uuid, progress{size: w.Size(), state: state})
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), saveTimeout)
	defer cancel()
	err := w.registry.sessions.record(ctx, u, w.Size(), state)
	if err != nil {
		w.registry.log.WarnContext(w.ctx, "the progress of an upload could not be recorded", "upload", u.uuid, "error", err)
	}
	return err
}

func (w *blobWriter) hashState() []byte {
	h, ok := w.sum.(encoding.BinaryMarshaler)
	if !ok || w.algorithm != digest.SHA256 {
		return nil
	}
	state, err := h.MarshalBinary()
	if err != nil {
		return nil
	}
	return state
}

// Cancel ends an upload and removes its bytes. After a commit, and after one that
// may be tried again, it does nothing.
func (w *blobWriter) Cancel(ctx context.Context) error {
	if w.over || w.kept {
		return nil
	}
	w.over = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	u := w.session
	w.registry.sessions.finished(u)
	err := errors.Join(w.Close(), w.registry.store.RemoveUpload(ctx, u.uuid), w.registry.index.DropUpload(ctx, u.uuid))
	if err != nil {
		w.registry.log.WarnContext(ctx, "an upload was cancelled but something of it is left", "upload", u.uuid, "error", err)
	}
	return nil
}

// Commit verifies the bytes and makes the blob visible in the repository. All of
// them are here, so it goes on when the client has lost patience: the next HEAD
// then finds the blob.
func (w *blobWriter) Commit(ctx context.Context, desc v1.Descriptor) (v1.Descriptor, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err := w.commit(ctx, desc.Digest)
	if err == nil {
		return v1.Descriptor{MediaType: "application/octet-stream", Digest: desc.Digest, Size: w.Size()}, nil
	}
	p, known := asProblem(kindUpload, err)
	if !known {
		w.registry.log.ErrorContext(ctx, "a blob could not be committed", "repository", w.session.repository, "digest", desc.Digest.String(), "error", err)
		w.session.broken = err
	}
	// The server's failure: the client may send the last request again, unless the
	// bytes are no longer where an upload keeps them.
	w.kept = p.status >= http.StatusInternalServerError && !w.placed && (w.registry.store.Local() || !w.durable)
	return v1.Descriptor{}, p.errcode()
}
