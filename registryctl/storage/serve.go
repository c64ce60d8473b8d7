package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"github.com/opencontainers/go-digest"
)

// ErrMissing says that the bytes of a blob are not where they should be.
var ErrMissing = errors.New("the blob is not in storage")

// Serve answers GET and HEAD of a blob, ranges and conditions included. The
// caller has set ETag and Content-Type. On the filesystem the bytes go from file
// to socket inside the kernel when w has ReadFrom. It fails with ErrMissing
// before anything is sent.
func (s *Store) Serve(w http.ResponseWriter, r *http.Request, d digest.Digest, size int64) error {
	if r.Method == http.MethodHead {
		return s.serveHead(w, r, d, size)
	}
	if s.local != nil {
		return s.serveFile(w, r, d, size)
	}
	if s.redirect {
		url, err := s.driver.RedirectURL(r, BlobPath(d))
		if err != nil {
			return err
		}
		if url != "" {
			// The address is signed for minutes; the blob would be good for a year.
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Del("ETag")
			http.Redirect(w, r, url, http.StatusTemporaryRedirect)
			return nil
		}
	}
	if there, err := s.Has(r.Context(), d, size); err != nil || !there {
		return errors.Join(err, ErrMissing)
	}
	object := &objectReader{ctx: r.Context(), store: s, path: BlobPath(d), size: size}
	defer object.close()
	http.ServeContent(w, r, "", time.Time{}, object)
	return nil
}

// serveHead reads nothing: files are looked at, and an object store is believed to
// have what it was given.
func (s *Store) serveHead(w http.ResponseWriter, r *http.Request, d digest.Digest, size int64) error {
	if s.local != nil {
		have, err := s.local.Size(BlobPath(d))
		if notFound(err) || (err == nil && have != size) {
			return ErrMissing
		}
		if err != nil {
			return err
		}
	}
	if _, conditional := r.Header["If-None-Match"]; conditional || r.Header.Get("Range") != "" {
		w.Header().Set("Accept-Ranges", "bytes")
		http.ServeContent(w, r, "", time.Time{}, &objectReader{size: size})
		return nil
	}
	h := w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
	return nil
}

func (s *Store) serveFile(w http.ResponseWriter, r *http.Request, d digest.Digest, size int64) error {
	f, err := s.local.Open(BlobPath(d))
	if notFound(err) {
		return ErrMissing
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != size { // of another layout, or damaged: not what was pushed
		return ErrMissing
	}
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// objectReader reads an object from wherever ServeContent has sought to; the
// store is asked once, at the first read.
type objectReader struct {
	ctx    context.Context
	store  *Store
	path   string
	size   int64
	offset int64
	body   io.ReadCloser
}

func (o *objectReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.offset
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	if offset != o.offset {
		o.close()
	}
	o.offset = offset
	return offset, nil
}

func (o *objectReader) Read(p []byte) (int, error) {
	if o.offset >= o.size || o.store == nil {
		return 0, io.EOF
	}
	if o.body == nil {
		body, err := o.store.driver.Reader(o.ctx, o.path, o.offset)
		if err != nil {
			return 0, err
		}
		o.body = body
	}
	n, err := o.body.Read(p)
	o.offset += int64(n)
	return n, err
}

func (o *objectReader) close() {
	if o.body != nil {
		_ = o.body.Close()
		o.body = nil
	}
}
