package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// reads is how often a blob is opened again without having got a byte further.
const reads = 5

// HasBlob is end-2 of the distribution-spec, with HEAD. A registry that sends the
// client to its storage has the blob; addresses there are often signed for GET alone.
func (r *registry) HasBlob(ctx context.Context, repository, digest string) (bool, error) {
	answer, err := r.do(ctx, request{
		doing: fmt.Sprintf("look for the blob %s in %s", digest, repository), method: http.MethodHead, url: r.at("/v2/" + repository + "/blobs/" + digest),
		scopes: []string{pulls(repository)},
		ok:     []int{http.StatusOK, http.StatusTemporaryRedirect, http.StatusPermanentRedirect, http.StatusFound, http.StatusSeeOther, http.StatusMovedPermanently},
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	drain(answer.Body)
	return true, nil
}

// Blob is end-2 of the distribution-spec, with GET and Range.
func (r *registry) Blob(ctx context.Context, repository, digest string, offset int64) (io.ReadCloser, int64, error) {
	d, err := oci.ParseDigest(digest)
	if err != nil {
		return nil, 0, err
	}
	b := &blobReader{ctx: ctx, registry: r, repository: repository, digest: d, at: offset, size: -1}
	if offset == 0 {
		b.verifier = d.Verifier()
	}
	if err := b.open(); err != nil {
		return nil, 0, err
	}
	return b, b.size, nil
}

// blobReader reads a blob to its end over as many connections as it takes.
type blobReader struct {
	ctx        context.Context //nolint:containedctx // a reader has no other way to hear of it
	registry   *registry
	repository string
	digest     digest.Digest
	verifier   digest.Verifier // nil: not read from the beginning
	at         int64
	size       int64 // -1: not known
	body       io.ReadCloser
	failures   int // since the last byte
	done       error
}

func (b *blobReader) doing() string {
	return fmt.Sprintf("read the blob %s of %s", b.digest, b.repository)
}

// open asks for the rest of the blob.
func (b *blobReader) open() error {
	r := request{
		doing: b.doing(), method: http.MethodGet, url: b.registry.at("/v2/" + b.repository + "/blobs/" + b.digest.String()),
		scopes: []string{pulls(b.repository)}, follow: true,
		ok: []int{http.StatusOK, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable},
	}
	if b.at > 0 {
		r.header = http.Header{"Range": {fmt.Sprintf("bytes=%d-", b.at)}}
	}
	answer, err := b.registry.do(b.ctx, r)
	if err != nil {
		return err
	}
	b.body = answer.Body
	switch answer.StatusCode {
	case http.StatusOK:
		return b.fromStart(answer)
	case http.StatusPartialContent:
		return b.fromRange(answer)
	}
	// Nothing is left, or the blob is shorter than what was read of it.
	_, whole, _ := strings.Cut(answer.Header.Get("Content-Range"), "/")
	size, err := strconv.ParseInt(whole, 10, 64)
	drain(answer.Body)
	b.body = http.NoBody
	if b.size < 0 && err == nil {
		b.size = size
	}
	if b.size >= 0 && b.at == b.size {
		return nil
	}
	return fmt.Errorf("%s: %w: it ends before byte %d", b.doing(), ErrCorrupt, b.at)
}

// fromStart takes an answer that begins at the beginning, whatever was asked for.
func (b *blobReader) fromStart(answer *http.Response) error {
	if err := b.sized(answer.ContentLength); err != nil {
		return err
	}
	if b.at == 0 {
		return nil
	}
	if _, err := io.CopyN(io.Discard, b.body, b.at); err != nil {
		_ = b.body.Close()
		return fmt.Errorf("%s: %w", b.doing(), err)
	}
	return nil
}

func (b *blobReader) fromRange(answer *http.Response) error {
	from, whole, ok := contentRange(answer.Header.Get("Content-Range"))
	if !ok || from != b.at {
		_ = b.body.Close()
		return fmt.Errorf("%s: %w: bytes from %d came as %q", b.doing(), ErrCorrupt, b.at, answer.Header.Get("Content-Range"))
	}
	if whole < 0 && answer.ContentLength >= 0 {
		whole = b.at + answer.ContentLength
	}
	return b.sized(whole)
}

// contentRange reads "bytes 5-9/10"; a size that is not told is -1.
func contentRange(text string) (from, size int64, ok bool) {
	rest, ok := strings.CutPrefix(text, "bytes ")
	if !ok {
		return 0, 0, false
	}
	span, whole, ok := strings.Cut(rest, "/")
	if !ok {
		return 0, 0, false
	}
	first, _, ok := strings.Cut(span, "-")
	if !ok {
		return 0, 0, false
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	if size, err = strconv.ParseInt(whole, 10, 64); err != nil {
		size = -1
	}
	return from, size, true
}

func (b *blobReader) sized(size int64) error {
	if b.size >= 0 && size >= 0 && size != b.size {
		_ = b.body.Close()
		return fmt.Errorf("%s: %w: its size was %d bytes and is %d now", b.doing(), ErrCorrupt, b.size, size)
	}
	b.size = max(b.size, size)
	return nil
}

// Read implements io.Reader.
func (b *blobReader) Read(p []byte) (int, error) {
	for {
		if b.done != nil {
			return 0, b.done
		}
		n, err := b.body.Read(p)
		if n > 0 {
			b.failures = 0
			b.at += int64(n)
			if b.verifier != nil {
				_, _ = b.verifier.Write(p[:n]) // a hash
			}
			if b.size >= 0 && b.at > b.size {
				b.done = fmt.Errorf("%s: %w: it has more than %d bytes", b.doing(), ErrCorrupt, b.size)
				return 0, b.done
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) && (b.size < 0 || b.at == b.size):
			b.done = b.end()
		default:
			if b.done = b.reopen(err); b.done == nil && n == 0 {
				continue
			}
		}
		if n > 0 || b.done == nil {
			return n, nil
		}
	}
}

// end is io.EOF when what was read is what was asked for.
func (b *blobReader) end() error {
	if b.verifier != nil && !b.verifier.Verified() {
		return fmt.Errorf("%s: %w: %d bytes came", b.doing(), ErrCorrupt, b.at)
	}
	return io.EOF
}

// reopen goes on after a cut.
func (b *blobReader) reopen(cut error) error {
	_ = b.body.Close()
	if b.failures++; b.failures > reads || b.ctx.Err() != nil {
		return fmt.Errorf("%s: after %d bytes: %w", b.doing(), b.at, cut)
	}
	return b.registry.takeUp(b.ctx, b.doing(), b.failures, cut, func(context.Context) error { return b.open() })
}

// Close implements io.Closer.
func (b *blobReader) Close() error {
	if b.done == nil {
		b.done = errors.New("read after Close")
	}
	return b.body.Close()
}

// Mount is end-11 of the distribution-spec. A registry that does not mount begins an
// upload instead, which is given up.
func (r *registry) Mount(ctx context.Context, repository, from, digest string) (bool, error) {
	at := r.at("/v2/" + repository + "/blobs/uploads/")
	at.RawQuery = url.Values{"mount": {digest}, "from": {from}}.Encode()
	asked := request{
		doing: fmt.Sprintf("mount the blob %s of %s in %s", digest, from, repository), method: http.MethodPost, url: at,
		scopes: []string{pushes(repository), pulls(from)}, ok: []int{http.StatusCreated, http.StatusAccepted}, body: payload(nil),
	}
	answer, err := r.do(ctx, asked)
	var refused *RefusedError
	switch {
	case errors.Is(err, ErrNotFound), errors.As(err, &refused) && (refused.Denied() || refused.Status == http.StatusMethodNotAllowed || refused.Status == http.StatusBadRequest):
		return false, nil
	case err != nil:
		return false, err
	}
	drain(answer.Body)
	if answer.StatusCode == http.StatusCreated {
		return true, nil
	}
	if s, err := r.session(asked, asked.url, answer); err == nil {
		s.repository = repository
		s.cancel(ctx)
	}
	return false, nil
}
