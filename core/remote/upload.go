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
	"sync"
	"time"
)

const (
	// stalls is how often an upload is taken up again without having got further, while
	// the registry answers.
	stalls = 5
	// restarts is how often an upload that the registry has lost is begun anew.
	restarts      = 3
	cancelTimeout = 10 * time.Second
)

// session is an upload that is under way.
type session struct {
	registry   *registry
	repository string
	blob       Descriptor
	at         *url.URL
	least      int64 // the shortest chunk that the registry takes (distribution-spec, OCI-Chunk-Min-Length)
	offset     int64

	kept    Kept   // may be nil
	told    string // what kept was told last
	resumed bool   // begun by an Upload before this one

	mu     sync.Mutex
	source io.ReadCloser // what a chunk has left of the source, for the next one
	from   int64         // where that is
}

// errSession says that the registry does not know the upload any more.
var errSession = errors.New("the registry has lost the upload")

// keptError is a failure to note where an upload is.
type keptError struct{ err error }

func (e *keptError) Error() string { return "note where an upload is: " + e.err.Error() }
func (e *keptError) Unwrap() error { return e.err }

// Upload is end-4 to end-6 and end-13 of the distribution-spec.
func (r *registry) Upload(ctx context.Context, repository string, u Upload) error {
	var err error
	for range restarts {
		var s *session
		if s, err = r.enter(ctx, repository, u); err != nil {
			return err
		}
		err = s.send(ctx, u.Chunk, u.Open)
		s.leave(nil, 0)
		if err != nil && !errors.Is(err, errSession) {
			if !s.outlives(ctx, err) {
				s.cancel(ctx)
			}
			return err
		}
		if err := s.keep(ctx, ""); err != nil {
			return err
		}
		if err == nil {
			return nil
		}
		// Lost is also what an upload is whose end was heard and not answered.
		if has, err := r.HasBlob(ctx, repository, u.Blob.Digest.String()); err != nil || has {
			return err
		}
	}
	return err
}

// enter goes on with the upload that is kept, or begins one.
func (r *registry) enter(ctx context.Context, repository string, u Upload) (*session, error) {
	if u.Kept == nil {
		return r.begin(ctx, repository, u)
	}
	location, err := u.Kept.Location(ctx)
	if err != nil {
		return nil, &keptError{err}
	}
	if location == "" {
		return r.begin(ctx, repository, u)
	}
	s, err := r.resume(ctx, repository, u, location)
	if errors.Is(err, errSession) {
		say(ctx, "%v: beginning anew", err)
		return r.begin(ctx, repository, u)
	}
	return s, err
}

// resume asks where an upload is to go on. The bytes go to this registry and to no other:
// somebody may have given it another URL since.
func (r *registry) resume(ctx context.Context, repository string, u Upload, location string) (*session, error) {
	at, err := r.base.Parse(location)
	if err != nil || at.User != nil || !sameOrigin(at, r.base) {
		return nil, fmt.Errorf("%w: it is not at %s", errSession, r.base.Host)
	}
	s := &session{registry: r, repository: repository, blob: u.Blob, at: at, kept: u.Kept, told: location, resumed: true}
	err = s.ask(ctx)
	if err == nil || errors.Is(err, errSession) || ctx.Err() != nil || recoverable(err) {
		return s, err
	}
	return nil, fmt.Errorf("%w: %w", errSession, err)
}

func (r *registry) begin(ctx context.Context, repository string, u Upload) (*session, error) {
	asked := request{
		doing: "begin an upload to " + repository, method: http.MethodPost, url: r.at("/v2/" + repository + "/blobs/uploads/"),
		scopes: []string{pushes(repository)}, ok: []int{http.StatusAccepted}, body: payload(nil),
	}
	answer, err := r.do(ctx, asked)
	if err != nil {
		return nil, err
	}
	drain(answer.Body)
	s, err := r.session(asked, asked.url, answer)
	if err != nil {
		return nil, err
	}
	s.repository, s.blob, s.kept = repository, u.Blob, u.Kept
	s.least, _ = strconv.ParseInt(answer.Header.Get("OCI-Chunk-Min-Length"), 10, 64)
	return s, nil
}

func (r *registry) session(asked request, from *url.URL, answer *http.Response) (*session, error) {
	s := &session{registry: r}
	if err := s.moveTo(asked.doing, from, answer); err != nil {
		return nil, err
	}
	if s.at == nil {
		return nil, &RefusedError{Host: r.base.Host, Doing: asked.doing, Status: answer.StatusCode, Message: "it does not say where to upload to"}
	}
	return s, nil
}

// moveTo takes up where the registry says that the upload goes on. Behind a proxy
// that speaks TLS some registries name themselves by http.
func (s *session) moveTo(doing string, from *url.URL, answer *http.Response) error {
	text := answer.Header.Get("Location")
	if text == "" {
		return nil
	}
	at, err := from.Parse(text)
	if err != nil || at.Host == "" || at.User != nil {
		return &RefusedError{Host: s.registry.base.Host, Doing: doing, Status: answer.StatusCode, Message: "it wants the upload at " + plain(text) + ", which is no URL for that"}
	}
	if base := s.registry.base; at.Scheme == "http" && base.Scheme == "https" && strings.EqualFold(at.Hostname(), base.Hostname()) {
		at.Scheme, at.Host = base.Scheme, base.Host
	}
	s.at = at
	return nil
}

// send uploads from where the session is to the end, and takes it up again after cuts.
func (s *session) send(ctx context.Context, chunk int64, open OpenBlob) error {
	if chunk > 0 {
		chunk = max(chunk, s.least)
	}
	for failures := 0; ; {
		before := s.offset
		done, err := s.step(ctx, chunk, open)
		if err == nil {
			if done {
				return nil
			}
			failures = 0
			continue
		}
		var source *sourceError
		var kept *keptError
		switch {
		case errors.As(err, &source), errors.As(err, &kept), errors.Is(err, errSession), ctx.Err() != nil, !recoverable(err):
			return err
		}
		if s.offset > before {
			failures = 0
		}
		most := stalls
		if isBusy(err) {
			most = outages
		}
		if failures++; failures > most {
			return err
		}
		if err := s.registry.takeUp(ctx, s.doing(), failures, err, s.ask); err != nil {
			return err
		}
		if s.offset > before {
			failures = 0
		}
	}
}

// isBusy says whether the registry still works on a request whose connection is gone,
// of which it may hear after minutes. Roadstead answers so.
func isBusy(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Status == http.StatusConflict && refused.Code == "BLOB_UPLOAD_INVALID"
}

func (s *session) doing() string {
	return fmt.Sprintf("upload the blob %s to %s", s.blob.Digest, s.repository)
}

// step sends the next chunk, or the rest with the end.
func (s *session) step(ctx context.Context, chunk int64, open OpenBlob) (done bool, err error) {
	if err := s.keep(ctx, s.at.String()); err != nil {
		return false, err
	}
	if rest := s.blob.Size - s.offset; chunk > 0 && rest > 0 {
		return false, s.patch(ctx, min(chunk, rest), open)
	}
	return true, s.finish(ctx, open)
}

func (s *session) patch(ctx context.Context, length int64, open OpenBlob) error {
	r := s.request(ctx, http.MethodPatch, s.at, length, open)
	r.ok = []int{http.StatusAccepted, http.StatusNoContent}
	r.header.Set("Content-Range", fmt.Sprintf("%d-%d", s.offset, s.offset+length-1))
	answer, err := s.registry.do(ctx, r)
	if err != nil {
		return s.known(err)
	}
	drain(answer.Body)
	if err := s.moveTo(r.doing, s.at, answer); err != nil {
		return err
	}
	s.offset = received(answer, s.offset+length)
	return nil
}

// finish sends what is left, all of it when nothing was sent yet, and ends the upload.
func (s *session) finish(ctx context.Context, open OpenBlob) error {
	at := *s.at
	query := at.Query()
	query.Set("digest", s.blob.Digest.String())
	at.RawQuery = query.Encode()
	rest := s.blob.Size - s.offset
	r := s.request(ctx, http.MethodPut, &at, rest, open)
	r.ok = []int{http.StatusCreated, http.StatusNoContent, http.StatusOK, http.StatusAccepted}
	if s.offset > 0 && rest > 0 {
		r.header.Set("Content-Range", fmt.Sprintf("%d-%d", s.offset, s.blob.Size-1))
	}
	answer, err := s.registry.do(ctx, r)
	if err != nil {
		return s.known(err)
	}
	drain(answer.Body)
	return nil
}

func (s *session) request(ctx context.Context, method string, at *url.URL, length int64, open OpenBlob) request {
	from := s.offset
	return request{
		doing: s.doing(), method: method, url: at, scopes: []string{pushes(s.repository)}, once: true, size: length,
		header: http.Header{"Content-Type": {"application/octet-stream"}},
		body: func() (io.ReadCloser, error) {
			if length == 0 {
				return http.NoBody, nil
			}
			source, err := s.sourceAt(ctx, from, open)
			if err != nil {
				return nil, &sourceError{err}
			}
			return &counted{source: source, left: length, to: from + length, session: s}, nil
		},
	}
}

// known turns the answers that mean it into errSession. An upload of before may have been
// written to by two, if the process that began it was only halted.
func (s *session) known(err error) error {
	var refused *RefusedError
	if errors.Is(err, ErrNotFound) || errors.As(err, &refused) && (refused.Code == "BLOB_UPLOAD_UNKNOWN" || s.resumed && refused.Code == "DIGEST_INVALID") {
		return fmt.Errorf("%w: %w", errSession, err)
	}
	return err
}

// keep notes where the upload is, "" for nowhere any more.
func (s *session) keep(ctx context.Context, location string) error {
	if s.kept == nil || s.told == location {
		return nil
	}
	if err := s.kept.Keep(ctx, location); err != nil {
		return &keptError{err}
	}
	s.told = location
	return nil
}

// outlives says whether somebody goes on with the upload after this failure.
func (s *session) outlives(ctx context.Context, err error) bool {
	why := err
	if source := (*sourceError)(nil); errors.As(err, &source) {
		why = source.err
	}
	return s.kept != nil && (ctx.Err() != nil || recoverable(why)) && s.kept.GoesOn(ctx, why)
}

// ask learns where an upload is to go on (distribution-spec, end-13).
func (s *session) ask(ctx context.Context) error {
	answer, err := s.registry.do(ctx, request{
		doing: "ask how far the upload of " + s.blob.Digest.String() + " got", method: http.MethodGet, url: s.at,
		scopes: []string{pushes(s.repository)}, ok: []int{http.StatusNoContent, http.StatusOK, http.StatusAccepted},
	})
	var refused *RefusedError
	switch {
	case errors.Is(err, ErrNotFound), errors.As(err, &refused) && (refused.Status == http.StatusMethodNotAllowed || refused.Status == http.StatusBadRequest || refused.Status == http.StatusNotImplemented):
		return fmt.Errorf("%w: %w", errSession, err)
	case err != nil:
		return err
	}
	drain(answer.Body)
	if err := s.moveTo("ask how far an upload got", s.at, answer); err != nil {
		return err
	}
	s.offset = received(answer, 0)
	if s.offset > s.blob.Size {
		return fmt.Errorf("%w: it has %d bytes of a blob of %d", errSession, s.offset, s.blob.Size)
	}
	return nil
}

// received reads Range, "0-<last byte>". "0-0" is what many say of an upload that has
// nothing yet, and one byte sent twice is found out by the digest.
func received(answer *http.Response, otherwise int64) int64 {
	text := answer.Header.Get("Range")
	if text == "" {
		return otherwise
	}
	_, last, ok := strings.Cut(strings.TrimPrefix(text, "bytes="), "-")
	end, err := strconv.ParseInt(last, 10, 64)
	if !ok || err != nil || end <= 0 {
		return 0
	}
	return end + 1
}

// cancel gives an upload up (distribution's API), so that the registry need not keep
// its bytes until they expire. Distribution takes that at the right offset only, which
// after a failure it has to be asked for.
func (s *session) cancel(ctx context.Context) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
	defer stop()
	err := s.giveUp(ctx)
	var refused *RefusedError
	if errors.As(err, &refused) && refused.Status == http.StatusRequestedRangeNotSatisfiable && s.ask(ctx) == nil {
		_ = s.giveUp(ctx) // it expires
	}
	_ = s.keep(ctx, "") // who asks for it is told that it is gone
}

func (s *session) giveUp(ctx context.Context) error {
	answer, err := s.registry.do(ctx, request{
		doing: "give up an upload", method: http.MethodDelete, url: s.at, scopes: []string{pushes(s.repository)}, once: true,
		ok: []int{http.StatusNoContent, http.StatusOK, http.StatusAccepted},
	})
	if err == nil {
		drain(answer.Body)
	}
	return err
}
