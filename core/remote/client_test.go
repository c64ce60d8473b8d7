package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// opened is a registry in memory and a client of it that notes how long it would have
// waited.
type opened struct {
	remote.Adapter
	at    *adaptertest.Registry
	clock *coretest.Clock

	mu     sync.Mutex
	waited []time.Duration
}

func open(t *testing.T, o adaptertest.Options) *opened {
	t.Helper()
	out := &opened{at: adaptertest.New(t, o, nil), clock: coretest.NewClock(time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))}
	line := adaptertest.Line(t)
	line.Clock = out.clock.Read
	line.Wait = func(ctx context.Context, d time.Duration) error {
		out.mu.Lock()
		defer out.mu.Unlock()
		out.waited = append(out.waited, d)
		out.clock.Pass(d)
		return ctx.Err()
	}
	k, err := remote.FindKind("docker-registry")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(out.at.URL)
	if err != nil {
		t.Fatal(err)
	}
	as := remote.Credential{}
	if o.User != "" {
		as = mover
	}
	if out.Adapter, err = k.Open(t.Context(), remote.Target{URL: u, Credential: as, Line: line}); err != nil {
		t.Fatal(err)
	}
	return out
}

// asked counts the requests that begin so.
func (o *opened) asked(begin string) (n int) {
	for _, r := range o.at.Requests() {
		if strings.HasPrefix(r, begin) {
			n++
		}
	}
	return n
}

func read(t *testing.T, a remote.Client, repository string, d digest.Digest, offset int64) ([]byte, error) {
	t.Helper()
	body, _, err := a.Blob(t.Context(), repository, d.String(), offset)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	return io.ReadAll(body)
}

// cut breaks a connection off.
func cut(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	hangUp(w)
}

// hangUp drops the connection without an answer, as net/http has it for handlers.
func hangUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func TestAReadThatIsCutGoesOnWhereItWas(t *testing.T) {
	_, content := adaptertest.Blob(1, 1_000_000)
	for name, noRange := range map[string]bool{"by a range": false, "by reading over what it has, where there are no ranges": true} {
		t.Run(name, func(t *testing.T) {
			var cuts atomic.Int32
			o := open(t, adaptertest.Options{NoRange: noRange, Before: func(w http.ResponseWriter, q *http.Request) bool {
				if q.Method != http.MethodGet || !strings.Contains(q.URL.Path, "/blobs/") || cuts.Add(1) > 3 {
					return false
				}
				from := 0
				if text, ok := strings.CutPrefix(q.Header.Get("Range"), "bytes="); ok && !noRange {
					from, _ = strconv.Atoi(strings.TrimSuffix(text, "-"))
					w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
					w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
					w.WriteHeader(http.StatusPartialContent)
				} else {
					w.Header().Set("Content-Length", strconv.Itoa(len(content)))
				}
				_, _ = w.Write(content[from : from+200_000*int(cuts.Load())/2])
				cut(w)
				return true
			}})
			d := o.at.PutBlob("team/app", content)
			got, err := read(t, o, "team/app", d, 0)
			if err != nil || !bytes.Equal(got, content) {
				t.Fatalf("%d bytes of %d: %v", len(got), len(content), err)
			}
			if n := o.asked("GET /v2/team/app/blobs/"); n != 4 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestAReadIsGivenUpWhenItGetsNoFurther(t *testing.T) {
	_, content := adaptertest.Blob(1, 1_000)
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodGet && strings.Contains(q.URL.Path, "/blobs/") {
			w.Header().Set("Content-Length", "1000")
			cut(w)
		}
		return false
	}})
	d := o.at.PutBlob("team/app", content)
	_, err := read(t, o, "team/app", d, 0)
	if err == nil || !strings.Contains(err.Error(), "after 0 bytes") {
		t.Fatal(err)
	}
}

func TestContentThatIsNotItsDigestsIsFoundOut(t *testing.T) {
	_, content := adaptertest.Blob(1, 1_000)
	_, other := adaptertest.Blob(2, 1_000)
	manifest := []byte(`{"schemaVersion":2}`)
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		switch {
		case strings.Contains(q.URL.Path, "/blobs/"):
			_, _ = w.Write(other)
		case strings.HasSuffix(q.URL.Path, "/manifests/lies"):
			w.Header().Set("Docker-Content-Digest", digest.FromString("something else").String())
			w.Header().Set("Content-Type", oci.MediaTypeImageManifest)
			_, _ = w.Write(manifest)
		case strings.Contains(q.URL.Path, "/manifests/sha256:"):
			w.Header().Set("Content-Type", oci.MediaTypeImageManifest)
			_, _ = w.Write(manifest)
		case strings.HasSuffix(q.URL.Path, "/manifests/huge"):
			w.Header().Set("Content-Type", oci.MediaTypeImageManifest)
			_, _ = w.Write(bytes.Repeat([]byte(" "), 5<<20))
		default:
			return false
		}
		return true
	}})
	if _, err := read(t, o, "team/app", digest.FromBytes(content), 0); !errors.Is(err, remote.ErrCorrupt) {
		t.Errorf("blob: %v", err)
	}
	for _, ref := range []string{"lies", digest.FromString("another").String()} {
		if _, _, err := o.Manifest(t.Context(), "team/app", ref); !errors.Is(err, remote.ErrCorrupt) {
			t.Errorf("manifest %s: %v", ref, err)
		}
	}
	if _, _, err := o.Manifest(t.Context(), "team/app", "huge"); err == nil || !strings.Contains(err.Error(), "more than 4 MiB") {
		t.Errorf("a huge manifest: %v", err)
	}
}

func TestHeadIsNotBelievedWhenItSaysTooLittle(t *testing.T) {
	text := []byte(`{"schemaVersion":2,"manifests":[]}`)
	for name, before := range map[string]func(w http.ResponseWriter, q *http.Request) bool{
		"without a digest": func(w http.ResponseWriter, q *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(text)
			return true
		},
		"not allowed": func(w http.ResponseWriter, q *http.Request) bool {
			if q.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return true
			}
			_, _ = w.Write(text)
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, adaptertest.Options{Before: before})
			d, err := o.Resolve(t.Context(), "team/app", "v1")
			if err != nil || d.Digest != digest.FromBytes(text) || d.Size != int64(len(text)) || d.MediaType != oci.MediaTypeImageIndex {
				t.Fatalf("%+v, %v", d, err)
			}
		})
	}
}

func TestAnUploadThatIsCutGoesOnAtTheOffsetThatTheRegistryTells(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	for _, chunk := range []int64{0, 250_000} {
		t.Run(fmt.Sprintf("chunks of %d", chunk), func(t *testing.T) {
			var cuts atomic.Int32
			var offsets []int64
			r := open(t, adaptertest.Options{Before: func(_ http.ResponseWriter, q *http.Request) bool {
				if (q.Method == http.MethodPut || q.Method == http.MethodPatch) && q.ContentLength > 0 && cuts.Add(1) <= 2 {
					q.Body = &halved{ReadCloser: q.Body, left: q.ContentLength / 2}
				}
				return false
			}})
			err := r.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Chunk: chunk, Open: func(_ context.Context, offset int64) (io.ReadCloser, error) {
				offsets = append(offsets, offset)
				return io.NopCloser(bytes.NewReader(content[offset:])), nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.at.BlobOf("team/app", d.Digest), content) {
				t.Error("the blob is another")
			}
			if !slices.IsSorted(offsets) || len(offsets) < 3 || offsets[1] == 0 || r.asked("POST /v2/team/app/blobs/uploads/") != 1 {
				t.Errorf("it was opened at %v, %v", offsets, r.at.Requests())
			}
			if r.at.Uploads() != 0 {
				t.Error("an upload is left")
			}
		})
	}
}

// A registry that is restarted, or whose proxy says so, in the middle of a transfer is waited for: what it has is not sent again.
func TestATransferGoesOnWhereItWasAfterTheRegistryWasAwayForMinutes(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	for name, away := range map[string]func(w http.ResponseWriter){
		"nobody answers": hangUp,
		"a proxy does":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) },
		"it asks to wait": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		var silent atomic.Int32
		var put, got atomic.Bool
		o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
			switch {
			case silent.Load() > 0:
				silent.Add(-1)
				away(w)
				return true
			case q.Method == http.MethodPut && put.CompareAndSwap(false, true):
				silent.Store(7)
				q.Body = &halved{ReadCloser: q.Body, left: q.ContentLength / 2}
			case q.Method == http.MethodGet && strings.Contains(q.URL.Path, "/blobs/sha256") && got.CompareAndSwap(false, true):
				silent.Store(7)
				w.Header().Set("Content-Length", strconv.Itoa(len(content)))
				_, _ = w.Write(content[:500_000])
				cut(w)
			}
			return false
		}})
		t.Run("an upload; "+name, func(t *testing.T) {
			if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(o.at.BlobOf("team/app", d.Digest), content) || o.asked("POST /v2/team/app/blobs/uploads/") != 1 {
				t.Error(o.at.Requests())
			}
		})
		t.Run("a read; "+name, func(t *testing.T) {
			got, err := read(t, o, "team/app", d.Digest, 0)
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes of %d: %v", len(got), len(content), err)
			}
		})
	}
}

func TestATransferIsGivenUpWhenTheRegistryStaysAway(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	var gone atomic.Bool
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut {
			gone.Store(true)
		}
		if gone.Load() {
			hangUp(w)
		}
		return false
	}})
	began := o.clock.Read()
	err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)})
	if waited := o.clock.Read().Sub(began); err == nil || waited < 5*time.Minute || waited > 10*time.Minute {
		t.Errorf("%v after %s", err, waited)
	}
}

// The connection of a chunk is gone and the registry has not heard of it: Roadstead takes no other one until it has.
func TestAnUploadWaitsUntilTheRegistryHasHeardThatAConnectionIsGone(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	var cuts atomic.Int32
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method != http.MethodPut {
			return false
		}
		switch n := cuts.Add(1); {
		case n == 1:
			q.Body = &halved{ReadCloser: q.Body, left: q.ContentLength / 2}
		case n <= 9:
			adaptertest.Refuse(w, http.StatusConflict, "BLOB_UPLOAD_INVALID", "another request is writing to this upload")
			return true
		}
		return false
	}})
	if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(o.at.BlobOf("team/app", d.Digest), content) || o.asked("POST /v2/team/app/blobs/uploads/") != 1 {
		t.Error(o.at.Requests())
	}
}

func TestTheSourceOfAnUploadByChunkIsOpenedOnce(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	o := open(t, adaptertest.Options{})
	var opened, closed atomic.Int32
	err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Chunk: 100_000, Open: func(_ context.Context, offset int64) (io.ReadCloser, error) {
		opened.Add(1)
		return &closing{bytes.NewReader(content[offset:]), &closed}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(o.at.BlobOf("team/app", d.Digest), content) || o.asked("PATCH ") != 9 {
		t.Error(o.at.Requests())
	}
	if opened.Load() != 1 || closed.Load() != 1 {
		t.Errorf("opened %d times, closed %d times", opened.Load(), closed.Load())
	}
}

type closing struct {
	io.Reader
	closed *atomic.Int32
}

func (c *closing) Close() error { c.closed.Add(1); return nil }

// Distribution does not give up an upload at an offset that it has gone beyond: its bytes would stay for a week.
func TestAnUploadThatFailedInTheMiddleIsGivenUpWhereTheRegistryHasIt(t *testing.T) {
	d, content := adaptertest.Blob(3, 100_000)
	var asked atomic.Bool
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		switch {
		case q.Method == http.MethodPut:
			adaptertest.Refuse(w, http.StatusInsufficientStorage, "UNAVAILABLE", "the storage of this registry is full")
			return true
		case q.Method == http.MethodGet:
			asked.Store(true)
		case q.Method == http.MethodDelete && !asked.Load():
			adaptertest.Refuse(w, http.StatusRequestedRangeNotSatisfiable, "RANGE_INVALID", "invalid content range")
			return true
		}
		return false
	}})
	if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err == nil || o.at.Uploads() != 0 {
		t.Errorf("%v, %d uploads are left: %v", err, o.at.Uploads(), o.at.Requests())
	}
}

// A layer of many gigabytes takes longer than a token lives.
func TestAnUploadByChunkOutlivesItsTokens(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	var last atomic.Value // the token of the last chunk, which has ended since
	var o *opened
	o = open(t, adaptertest.Options{User: user, Password: password, Bearer: true, Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method != http.MethodPatch {
			return false
		}
		if before := last.Swap(q.Header.Get("Authorization")); before != q.Header.Get("Authorization") {
			return false
		}
		w.Header().Set("Www-Authenticate", `Bearer realm="`+o.at.URL+`/token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}})
	if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Chunk: 100_000, Open: adaptertest.From(content)}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(o.at.BlobOf("team/app", d.Digest), content) || o.asked("GET /token") < 9 || o.asked("POST /v2/team/app/blobs/uploads/") > 2 {
		t.Error(o.at.Requests())
	}
}

func TestARegistryWithoutRoomIsToldFromOneThatFails(t *testing.T) {
	d, content := adaptertest.Blob(3, 1_000)
	for name, test := range map[string]struct {
		status int
		body   string
		full   bool
	}{
		"Roadstead":                    {http.StatusInsufficientStorage, `{"errors":[{"code":"UNAVAILABLE","message":"the storage of this registry is full"}]}`, true},
		"distribution":                 {http.StatusInternalServerError, `{"errors":[{"code":"UNKNOWN","message":"unknown error","detail":"write /var/lib/registry/data: no space left on device"}]}`, true},
		"distribution's driver":        {http.StatusInternalServerError, `{"errors":[{"code":"UNKNOWN","message":"unknown error","detail":{"driver":"filesystem","detail":"mkdir /var: disk quota exceeded"}}]}`, true},
		"distribution, something else": {http.StatusInternalServerError, `{"errors":[{"code":"UNKNOWN","message":"unknown error","detail":{"Op":"mkdir","Err":13}}]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
				if q.Method != http.MethodPut {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
				return true
			}})
			err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)})
			refused, ok := errors.AsType[*remote.RefusedError](err)
			if !ok || refused.Full() != test.full || strings.Contains(remote.Reason(err), "has no room left, make some there") != test.full {
				t.Fatal(err)
			}
			if n := o.asked("PUT "); (n == 1) != test.full {
				t.Errorf("it was asked %d times", n)
			}
			if o.at.Uploads() != 0 {
				t.Error("an upload is left")
			}
		})
	}
}

// halved breaks off in the middle, as a connection does.
type halved struct {
	io.ReadCloser
	left int64
}

func (h *halved) Read(p []byte) (int, error) {
	if h.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := h.ReadCloser.Read(p[:min(int64(len(p)), h.left)])
	h.left -= int64(n)
	return n, err
}

func TestAnUploadBeginsAnewWhereTheRegistryDoesNotTellTheOffset(t *testing.T) {
	d, content := adaptertest.Blob(3, 100_000)
	var cuts atomic.Int32
	r := open(t, adaptertest.Options{NoSessions: true, Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut && cuts.Add(1) == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}})
	if err := r.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.at.BlobOf("team/app", d.Digest), content) || r.asked("POST /v2/team/app/blobs/uploads/") != 2 {
		t.Error(r.at.Requests())
	}
}

func TestAnUploadWhoseEndWasHeardButNotAnsweredIsNotSentTwice(t *testing.T) {
	d, content := adaptertest.Blob(3, 100_000)
	var cuts atomic.Int32
	var r *opened
	r = open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut && cuts.Add(1) == 1 {
			r.at.ServeHTTP(httptest.NewRecorder(), q)
			cut(w)
		}
		return false
	}})
	if err := r.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
		t.Fatal(err)
	}
	if n := r.asked("PUT "); n != 1 {
		t.Errorf("%d times: %v", n, r.at.Requests())
	}
}

func TestASourceThatFailsEndsTheUploadAndGivesItUp(t *testing.T) {
	d, content := adaptertest.Blob(3, 100_000)
	broken := errors.New("the source is broken")
	for name, source := range map[string]remote.OpenBlob{
		"when it is opened": func(context.Context, int64) (io.ReadCloser, error) { return nil, broken },
		"in the middle": func(context.Context, int64) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(content[:50_000]), failing{broken})), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, adaptertest.Options{})
			if err := r.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: source}); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if r.at.Uploads() != 0 || r.asked("DELETE ") != 1 {
				t.Errorf("%v", r.at.Requests())
			}
		})
	}
	t.Run("by ending early", func(t *testing.T) {
		r := open(t, adaptertest.Options{})
		if err := r.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content[:60_000])}); !errors.Is(err, remote.ErrCorrupt) {
			t.Fatal(err)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestABlobOfAnySizeTakesLittleMemory(t *testing.T) {
	const size = 512 << 20
	hash := digest.SHA256.Hash()
	_, _ = io.CopyN(hash, zeros{}, size)
	d := remote.Descriptor{Digest: digest.NewDigest(digest.SHA256, hash), Size: size}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch q.Method {
		case http.MethodPost:
			w.Header().Set("Location", "/v2/team/app/blobs/uploads/1")
			w.WriteHeader(http.StatusAccepted)
		case http.MethodPut:
			_, _ = io.Copy(io.Discard, q.Body)
			w.WriteHeader(http.StatusCreated)
		default:
			w.Header().Set("Content-Length", strconv.Itoa(size))
			_, _ = io.CopyN(w, zeros{}, size)
		}
	}))
	t.Cleanup(server.Close)
	a := adaptertest.Open(t, "docker-registry", server.URL, remote.Credential{})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	err := a.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: func(ctx context.Context, _ int64) (io.ReadCloser, error) {
		body, _, err := a.Blob(ctx, "team/other", d.Digest.String(), 0)
		return body, err
	}})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d MiB were allocated for %d MiB", grown>>20, size>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTheCredentialIsNotSentWhereTheRegistryRedirectsTo(t *testing.T) {
	_, content := adaptertest.Blob(1, 1_000)
	var leaked atomic.Value
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "" {
			leaked.Store(q.Header.Get("Authorization"))
		}
		http.ServeContent(w, q, "", time.Time{}, bytes.NewReader(content))
	}))
	t.Cleanup(storage.Close)
	for _, bearer := range []bool{true, false} {
		o := open(t, adaptertest.Options{User: user, Password: password, Bearer: bearer, Before: func(w http.ResponseWriter, q *http.Request) bool {
			if !strings.Contains(q.URL.Path, "/blobs/sha256") || q.Header.Get("Authorization") == "" {
				return false
			}
			http.Redirect(w, q, storage.URL+"/bucket/x?signature=y", http.StatusTemporaryRedirect)
			return true
		}})
		for _, offset := range []int64{0, 400} {
			got, err := read(t, o, "team/app", digest.FromBytes(content), offset)
			if err != nil || !bytes.Equal(got, content[offset:]) {
				t.Fatalf("%d bytes: %v", len(got), err)
			}
		}
		if has, err := o.HasBlob(t.Context(), "team/app", digest.FromBytes(content).String()); err != nil || !has {
			t.Errorf("a blob in the storage: %v, %v", has, err)
		}
	}
	if leaked.Load() != nil {
		t.Errorf("the storage was sent %q", leaked.Load())
	}
}

func TestRedirectsThatLeadNowhereAreRefused(t *testing.T) {
	for name, to := range map[string]string{"in circles": "/v2/team/app/blobs/again", "to a URL with a password": "http://a:b@127.0.0.1/", "to no URL": ""} {
		t.Run(name, func(t *testing.T) {
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
				if to != "" {
					w.Header().Set("Location", to)
				}
				w.WriteHeader(http.StatusTemporaryRedirect)
				return true
			}})
			_, err := read(t, o, "team/app", digest.FromString("x"), 0)
			if _, ok := errors.AsType[*remote.RefusedError](err); !ok {
				t.Fatal(err)
			}
		})
	}
}

func TestARedirectToAMetadataServiceIsRefused(t *testing.T) {
	o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		http.Redirect(w, q, "http://169.254.169.254/latest/meta-data/iam/security-credentials/", http.StatusTemporaryRedirect)
		return true
	}})
	_, err := read(t, o, "team/app", digest.FromString("x"), 0)
	if err == nil || !strings.Contains(remote.Reason(err), "requests to 169.254.169.254 are refused: it is an address of a cloud's metadata service") {
		t.Fatal(err)
	}
	if len(o.waited) > 0 {
		t.Error("it was tried again")
	}
}

func TestWhoIsAskedToWaitWaits(t *testing.T) {
	manifest := []byte(`{"schemaVersion":2}`)
	for _, test := range []struct {
		name, header string
		status       int
		want         time.Duration
	}{
		{"seconds", "7", http.StatusTooManyRequests, 7 * time.Second},
		{"a time", "Mon, 30 Nov 2026 12:00:20 GMT", http.StatusServiceUnavailable, 20 * time.Second},
		{"without saying how long", "", http.StatusTooManyRequests, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
				if asked.Add(1) > 1 {
					return false
				}
				w.Header().Set("Retry-After", test.header)
				w.WriteHeader(test.status)
				return true
			}})
			o.at.PutManifest("team/app", "v1", oci.MediaTypeImageManifest, manifest)
			if _, err := o.Resolve(t.Context(), "team/app", "v1"); err != nil {
				t.Fatal(err)
			}
			if len(o.waited) == 0 || o.waited[0] < test.want || o.waited[0] > test.want+time.Second {
				t.Errorf("waited %v", o.waited)
			}
		})
	}
	t.Run("longer than the client itself waits", func(t *testing.T) {
		o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}})
		_, err := o.Resolve(t.Context(), "team/app", "v1")
		throttled, ok := errors.AsType[*remote.ThrottledError](err)
		if !ok || throttled.RetryAfter != time.Hour || len(o.waited) > 0 {
			t.Fatalf("%v, waited %v", err, o.waited)
		}
	})
	t.Run("in the middle of an upload", func(t *testing.T) {
		d, content := adaptertest.Blob(1, 1_000)
		var asked atomic.Int32
		o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
			if q.Method != http.MethodPut || asked.Add(1) > 2 {
				return false
			}
			w.Header().Set("Retry-After", "9")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}})
		if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
			t.Fatal(err)
		}
		if len(o.waited) < 2 || o.waited[0] < 9*time.Second {
			t.Errorf("waited %v", o.waited)
		}
	})
}

func TestServersThatFailAreAskedAgainAndRefusalsAreNot(t *testing.T) {
	for status, want := range map[int]int{http.StatusInternalServerError: 4, http.StatusBadGateway: 4, http.StatusForbidden: 1, http.StatusNotImplemented: 1, http.StatusTeapot: 1} {
		o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
			adaptertest.Refuse(w, status, "DENIED", "not today\nnor tomorrow")
			return true
		}})
		_, err := o.Resolve(t.Context(), "team/app", "v1")
		refused, ok := errors.AsType[*remote.RefusedError](err)
		if !ok || refused.Status != status || o.asked("HEAD ") != want {
			t.Errorf("%d: %v after %d", status, err, o.asked("HEAD "))
		}
		_, _, err = o.Manifest(t.Context(), "team/app", "v1")
		if refused, ok = errors.AsType[*remote.RefusedError](err); !ok || refused.Code != "DENIED" || refused.Message != "not today nor tomorrow" {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestATokenIsFetchedOnceForAScopeAndAgainWhenItHasExpired(t *testing.T) {
	o := open(t, adaptertest.Options{User: user, Password: password, Bearer: true})
	o.at.PutManifest("team/app", "v1", oci.MediaTypeImageManifest, []byte(`{}`))
	resolve := func() {
		t.Helper()
		if _, err := o.Resolve(t.Context(), "team/app", "v1"); err != nil {
			t.Fatal(err)
		}
	}
	tokens := func() int { return o.asked("GET /token") }
	var at sync.WaitGroup
	for range 20 {
		at.Go(resolve)
	}
	at.Wait()
	if n := tokens(); n > 20 { // those that came before the first answer each learn how to sign in
		t.Fatalf("%d tokens", n)
	}
	before := tokens()
	resolve()
	resolve()
	if tokens() != before {
		t.Error("a token that was good was not used")
	}
	o.clock.Pass(295 * time.Second)
	resolve()
	if tokens() != before+1 {
		t.Error("a token that is about to expire was used")
	}
	o.at.ForgetTokens()
	resolve()
	if tokens() != before+2 {
		t.Error("a token that was refused was not replaced")
	}
	before = tokens()
	d, content := adaptertest.Blob(1, 100)
	if err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Open: adaptertest.From(content)}); err != nil {
		t.Fatal(err)
	}
	if tokens() != before+1 {
		t.Errorf("pushing took %d tokens", tokens()-before)
	}
}

func TestAPasswordIsNotSentToATokenServiceWithoutTLS(t *testing.T) {
	r := adaptertest.New(t, adaptertest.Options{User: user, Password: password, Bearer: true, Realm: "http://tokens.example.com/token"}, nil)
	k, err := remote.FindKind("docker-registry")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("https://registry.example.com")
	a, err := k.Open(t.Context(), remote.Target{URL: u, Credential: mover, Line: adaptertest.Elsewhere(t, r.Server)})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "tokens.example.com has no TLS") {
		t.Fatal(err)
	}
}

func TestPagesThatGoInCirclesOrElsewhereAreRefused(t *testing.T) {
	for name, link := range map[string]string{"go in circles": "</v2/team/app/tags/list?n=1000>; rel=next", "are on another server": `<https://elsewhere.example.com/v2/team/app/tags/list?last=a>; rel="next"`} {
		t.Run(name, func(t *testing.T) {
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Link", link)
				adaptertest.Answer(w, http.StatusOK, map[string]any{"tags": []string{"a"}})
				return true
			}})
			err := o.Tags(t.Context(), "team/app", func([]string) error { return nil })
			if err == nil || !strings.Contains(err.Error(), "page") {
				t.Fatal(err)
			}
		})
	}
}

func TestAPageOnTheWebIsNoRegistry(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"a page": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<html>")
		},
		"nothing": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool { answer(w); return true }})
			if err := o.Ping(t.Context()); !errors.Is(err, remote.ErrNotRegistry) {
				t.Fatal(err)
			}
		})
	}
}

func TestTheIndexOfReferrersIsKeptWhereTheRegistryKeepsNone(t *testing.T) {
	o := open(t, adaptertest.Options{})
	subject := o.at.PutManifest("team/app", "v1", oci.MediaTypeImageManifest, []byte(`{"schemaVersion":2}`))
	var at sync.WaitGroup
	for i := range 5 {
		at.Go(func() {
			text := adaptertest.Text(map[string]any{
				"schemaVersion": 2, "mediaType": oci.MediaTypeImageManifest, "annotations": map[string]string{"n": strconv.Itoa(i)},
				"config": map[string]any{"mediaType": "application/vnd.example", "digest": o.at.PutBlob("team/app", []byte("{}")), "size": 2}, "layers": []any{},
				"subject": map[string]any{"mediaType": oci.MediaTypeImageManifest, "digest": subject, "size": 19},
			})
			for range 2 { // pushing it again adds nothing
				if err := o.PutManifest(t.Context(), "team/app", digest.FromBytes(text).String(), oci.MediaTypeImageManifest, text); err != nil {
					t.Error(err)
				}
			}
		})
	}
	at.Wait()
	found, err := o.Referrers(t.Context(), "team/app", subject.String())
	if err != nil || len(found) != 5 || found[0].ArtifactType != "application/vnd.example" || found[0].Annotations["n"] == "" {
		t.Fatalf("%+v, %v", found, err)
	}
}
