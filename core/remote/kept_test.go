package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// kept is a remote.Kept in memory.
type kept struct {
	told   []string
	goesOn bool
	broken error
}

func (k *kept) Location(context.Context) (string, error) {
	if len(k.told) == 0 {
		return "", nil
	}
	return k.told[len(k.told)-1], nil
}

func (k *kept) Keep(_ context.Context, location string) error {
	if k.broken == nil {
		k.told = append(k.told, location)
	}
	return k.broken
}

func (k *kept) GoesOn(context.Context, error) bool { return k.goesOn }

// begun begins an upload as an earlier process did, and sends some of it.
func (o *opened) begun(t *testing.T, sent []byte) (location string) {
	t.Helper()
	at := o.at.URL + "/v2/team/app/blobs/uploads/"
	for _, step := range []struct {
		method  string
		content []byte
	}{{http.MethodPost, nil}, {http.MethodPatch, sent}} {
		q, err := http.NewRequestWithContext(t.Context(), step.method, at, bytes.NewReader(step.content))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultTransport.RoundTrip(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		next, err := q.URL.Parse(answer.Header.Get("Location"))
		if err != nil || answer.StatusCode != http.StatusAccepted {
			t.Fatal(answer.Status, err)
		}
		at = next.String()
	}
	return at
}

func TestAnUploadOfAnotherProcessIsGoneOnWithWhereTheRegistryHasIt(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	other := bytes.Repeat([]byte("x"), 1_000_000)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { t.Errorf("asked for %s", q.URL) }))
	defer elsewhere.Close()
	for name, test := range map[string]struct {
		location func(o *opened) string
		offsets  []int64
	}{
		"it has a part":        {func(o *opened) string { return o.begun(t, content[:400_000]) }, []int64{400_000}},
		"it has all":           {func(o *opened) string { return o.begun(t, content) }, nil},
		"it has nothing yet":   {func(o *opened) string { return o.begun(t, nil) }, []int64{0}},
		"it has too much":      {func(o *opened) string { return o.begun(t, other) }, []int64{0}},
		"it has other bytes":   {func(o *opened) string { return o.begun(t, other[:400_000]) }, []int64{400_000, 0}},
		"it has lost it":       {func(o *opened) string { return o.at.URL + "/v2/team/app/blobs/uploads/gone" }, []int64{0}},
		"it is at another one": {func(*opened) string { return elsewhere.URL + "/v2/team/app/blobs/uploads/1" }, []int64{0}},
		"it names a user":      {func(o *opened) string { return strings.Replace(o.begun(t, content[:400_000]), "://", "://a:b@", 1) }, []int64{0}},
		"it is no URL":         {func(*opened) string { return "http://a b/%zz" }, []int64{0}},
	} {
		for _, chunk := range []int64{0, 250_000} {
			t.Run(fmt.Sprintf("%s, chunks of %d", name, chunk), func(t *testing.T) {
				o := open(t, adaptertest.Options{})
				k := &kept{told: []string{test.location(o)}}
				var offsets []int64
				err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Chunk: chunk, Kept: k, Open: func(_ context.Context, offset int64) (io.ReadCloser, error) {
					offsets = append(offsets, offset)
					return io.NopCloser(bytes.NewReader(content[offset:])), nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(o.at.BlobOf("team/app", d.Digest), content) || !slices.Equal(offsets, test.offsets) {
					t.Errorf("opened at %v, want %v: %v", offsets, test.offsets, o.at.Requests())
				}
				if now, _ := k.Location(t.Context()); now != "" {
					t.Errorf("%q is kept", now)
				}
			})
		}
	}
}

func TestAnUploadThatFailsIsLeftForWhoGoesOnWithIt(t *testing.T) {
	d, content := adaptertest.Blob(3, 900_000)
	full := func(w http.ResponseWriter) {
		adaptertest.Refuse(w, http.StatusInsufficientStorage, "UNAVAILABLE", "the storage of this registry is full")
	}
	for name, test := range map[string]struct {
		goesOn bool
		answer func(w http.ResponseWriter) // nil: the context ends
		left   int
	}{
		"its process leaves":                     {true, nil, 1},
		"somebody stops it":                      {false, nil, 0},
		"the registry is away, and is not later": {true, hangUp, 1},
		"nobody goes on":                         {false, hangUp, 0},
		"the registry has no room":               {true, full, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			var broken, over atomic.Bool
			o := open(t, adaptertest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
				switch {
				case over.Load() || q.Method == http.MethodPost || q.Method == http.MethodDelete:
				case test.answer != nil && (q.Method == http.MethodPut || broken.Load()):
					broken.Store(true)
					test.answer(w)
					return true
				case q.Method == http.MethodPut:
					q.Body = &halved{ReadCloser: q.Body, left: q.ContentLength / 2}
					stop()
				}
				return false
			}})
			k := &kept{goesOn: test.goesOn}
			u := remote.Upload{Blob: d, Kept: k, Open: adaptertest.From(content)}
			if err := o.Upload(ctx, "team/app", u); err == nil {
				t.Fatal("it has not failed")
			}
			if now, _ := k.Location(ctx); o.at.Uploads() != test.left || (now != "") != (test.left == 1) {
				t.Errorf("%d uploads are left, want %d; %q is kept", o.at.Uploads(), test.left, now)
			}
			over.Store(true)
			if err := o.Upload(t.Context(), "team/app", u); err != nil {
				t.Fatal(err)
			}
			if n := o.asked("POST /v2/team/app/blobs/uploads/"); n != 2-test.left || o.at.Uploads() != 0 {
				t.Errorf("begun %d times: %v", n, o.at.Requests())
			}
		})
	}
}

func TestAnUploadThatCannotBeNotedIsNotSent(t *testing.T) {
	d, content := adaptertest.Blob(3, 1_000)
	o := open(t, adaptertest.Options{})
	k := &kept{broken: errors.New("no database")}
	err := o.Upload(t.Context(), "team/app", remote.Upload{Blob: d, Kept: k, Open: adaptertest.From(content)})
	if !errors.Is(err, k.broken) || o.asked("PUT ") != 0 || o.at.Uploads() != 0 {
		t.Errorf("%v: %v", err, o.at.Requests())
	}
}
