package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// sourceAt returns what the last chunk has left, if that is where the upload is: a source
// that is opened for every chunk costs a request each, and where it has no ranges all
// that comes before.
func (s *session) sourceAt(ctx context.Context, offset int64, open OpenBlob) (io.ReadCloser, error) {
	s.mu.Lock()
	source, from := s.source, s.from
	s.source = nil
	s.mu.Unlock()
	if source != nil && from == offset {
		return source, nil
	}
	if source != nil {
		_ = source.Close()
	}
	return open(ctx, offset)
}

// leave keeps a source for the next chunk, in the place of what was kept.
func (s *session) leave(source io.ReadCloser, from int64) {
	s.mu.Lock()
	old := s.source
	s.source, s.from = source, from
	s.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
}

// counted passes on as much of a source as there has to be, and tells its failures
// from those of the connection. What it leaves is the next chunk's.
type counted struct {
	source  io.ReadCloser
	left    int64
	to      int64 // where it ends
	session *session

	mu   sync.Mutex // a transport may close it while it reads
	over bool       // closed, or left to the session
}

func (c *counted) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n, err := c.source.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	switch {
	case c.left == 0: // the next Read ends it; what the source says then is not ours
		if err == nil && c.to < c.session.blob.Size && c.end() {
			c.session.leave(c.source, c.to)
		}
		return n, nil
	case errors.Is(err, io.EOF):
		return n, &sourceError{fmt.Errorf("%w: it ends %d bytes early", ErrCorrupt, c.left)}
	case err != nil:
		return n, &sourceError{err}
	}
	return n, nil
}

// Close closes the source, unless it is left.
func (c *counted) Close() error {
	if !c.end() {
		return nil
	}
	return c.source.Close()
}

// end says whether it is the first.
func (c *counted) end() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.over
	c.over = true
	return !was
}
