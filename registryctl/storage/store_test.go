package storage_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

func open(t *testing.T) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Kind: storage.KindFilesystem, Root: filepath.Join(t.TempDir(), "root")})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func upload(t *testing.T, s *storage.Store) {
	t.Helper()
	w, err := s.WriteUpload(t.Context(), "one", 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte("content"))
	if err = errors.Join(err, w.Commit(t.Context()), w.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for want, o := range map[string]storage.Options{
		"use filesystem or s3":       {Kind: "tape"},
		"absolute path":              {Kind: storage.KindFilesystem, Root: "data"},
		"needs the name of a bucket": {Kind: storage.KindS3},
	} {
		if _, err := storage.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}

func TestTheLayoutIsDistributions(t *testing.T) {
	want := "/docker/registry/v2/blobs/sha256/2c/2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae/data"
	if got := storage.BlobPath(digest.FromString("foo")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnUploadBecomesABlob(t *testing.T) {
	s := open(t)
	d := digest.FromString("content")
	upload(t, s)
	if size, err := s.UploadSize(t.Context(), "one"); err != nil || size != 7 {
		t.Errorf("size %d, %v", size, err)
	}
	if err := s.Place(t.Context(), "one", d); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Read(t.Context(), d, 7); err != nil || string(p) != "content" {
		t.Errorf("%q, %v", p, err)
	}
	if _, err := s.Read(t.Context(), d, 6); err == nil {
		t.Error("more was read than was asked for")
	}
	for size, want := range map[int64]bool{7: true, 6: false} {
		if got, err := s.Has(t.Context(), d, size); err != nil || got != want {
			t.Errorf("Has with size %d: %v, %v", size, got, err)
		}
	}
	if size, err := s.UploadSize(t.Context(), "one"); err != nil || size != 0 {
		t.Errorf("the upload still has %d bytes, %v", size, err)
	}
}

func TestAnUploadIsGoneOnWithOnlyWhereItIs(t *testing.T) {
	s := open(t)
	upload(t, s)
	if w, err := s.WriteUpload(t.Context(), "one", 3); err == nil {
		_ = w.Close()
		t.Error("an upload of 7 bytes was opened at 3")
	}
	w, err := s.WriteUpload(t.Context(), "one", 0) // what a crash left counts for nothing
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil || w.Size() != 0 {
		t.Errorf("size %d, %v", w.Size(), err)
	}
	for range 2 {
		if err := s.RemoveUpload(t.Context(), "one"); err != nil {
			t.Error(err)
		}
	}
}

func TestAManifestIsWrittenOnce(t *testing.T) {
	s := open(t)
	d := digest.FromString("{}")
	before := s.Syncs()
	for range 2 {
		if _, err := s.PutManifest(t.Context(), d, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Read(t.Context(), d, 10); err != nil || string(got) != "{}" {
		t.Errorf("%q, %v", got, err)
	}
	if got := s.Syncs() - before; got != 0 {
		t.Errorf("%d fsync for a copy", got)
	}
}

func TestABlobOfAnotherSizeIsMissing(t *testing.T) {
	s := open(t)
	d := digest.FromString("content")
	serve := func(size int64) (*http.Response, error) {
		w := httptest.NewRecorder()
		err := s.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), d, size)
		return w.Result(), err
	}
	if _, err := serve(7); !errors.Is(err, storage.ErrMissing) {
		t.Errorf("nothing there: %v", err)
	}
	upload(t, s)
	if err := s.Place(t.Context(), "one", d); err != nil {
		t.Fatal(err)
	}
	if _, err := serve(8); !errors.Is(err, storage.ErrMissing) {
		t.Errorf("another size: %v", err)
	}
	res, err := serve(7)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := io.ReadAll(res.Body); err != nil || string(p) != "content" {
		t.Errorf("%q, %v", p, err)
	}
}

func TestStaleUploadsAreRemovedAndOthersKept(t *testing.T) {
	s := open(t)
	if n, err := s.RemoveStaleUploads(t.Context(), time.Now()); n != 0 || err != nil {
		t.Errorf("an empty storage: %d, %v", n, err)
	}
	upload(t, s)
	if n, err := s.RemoveStaleUploads(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("a fresh upload: %d, %v", n, err)
	}
	if n, err := s.RemoveStaleUploads(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("a stale upload: %d, %v", n, err)
	}
	if size, err := s.UploadSize(t.Context(), "one"); size != 0 || err != nil {
		t.Errorf("it still has %d bytes, %v", size, err)
	}
}
