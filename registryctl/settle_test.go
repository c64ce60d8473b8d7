package registryctl_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

func (s *server) kept() (n int) {
	s.t.Helper()
	if err := s.db.Pool.QueryRow(s.t.Context(), "SELECT count(*) FROM blob_content").Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *server) file(d digest.Digest) string { return filepath.Join(s.root, storage.BlobPath(d)) }

func TestSmallBlobsAreKeptInPostgresUntilTheirFilesAreSynced(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	c.blob("library/app", []byte("one"))                                                                                   // POST, PATCH, PUT
	c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+digest.FromString("two").String(), []byte("two"))       // one request
	c.want(c.do(http.MethodPut, with(c.start("library/app"), digest.FromBytes(large())), large()), http.StatusCreated, "") // not small
	c.blob("library/other", []byte("one"))                                                                                 // there already
	if got := s.kept(); got != 2 {
		t.Fatalf("%d blobs are kept, want 2", got)
	}
	syncs := s.store.Syncs()
	if err := s.handler.Load().Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.store.Syncs() - syncs; got != 1 || s.kept() != 0 {
		t.Errorf("%d syncs for all, %d blobs are still kept", got, s.kept())
	}
	c.blob("library/app", []byte("one"))
	if err := s.handler.Load().Settle(t.Context()); err != nil || s.kept() != 0 {
		t.Errorf("what the storage has is kept again: %d, %v", s.kept(), err)
	}
	for _, text := range []string{"one", "two"} {
		a := c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+digest.FromString(text).String(), nil), http.StatusOK, "")
		if string(a.body) != text {
			t.Errorf("got %q", a.body)
		}
	}
}

// A power cut takes what was not synced: the file, its end, or what was in it.
func TestWhatAPowerCutTakesOfSmallBlobsIsRestored(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	damage := map[string]func(path string) error{
		"gone":    func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"garbage": func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte{0}, len("garbage")), 0o600) },
		"whole":   func(string) error { return nil },
	}
	for text, hurt := range damage {
		c.blob("library/app", []byte(text))
		if err := hurt(s.file(digest.FromString(text))); err != nil {
			t.Fatal(err)
		}
	}
	s.restart() // nothing in memory
	if err := s.handler.Load().Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text := range damage {
		a := c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+digest.FromString(text).String(), nil), http.StatusOK, "")
		if string(a.body) != text {
			t.Errorf("%s: got %q", text, a.body)
		}
	}
	if err := s.handler.Load().Settle(t.Context()); err != nil || s.kept() != len(damage) {
		t.Errorf("%d are kept, %v: another process may be about to sync them", s.kept(), err)
	}
	if _, err := s.db.Pool.Exec(t.Context(), "UPDATE blob_content SET at = at - interval '11 minutes'"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{func() error { return s.handler.Load().Restore(t.Context()) }, func() error { return s.handler.Load().Settle(t.Context()) }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.kept(); got != 0 {
		t.Errorf("%d are kept for a process that has ended", got)
	}
}

func TestASmallBlobThatTheStorageHasLostIsPutBackDurably(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	d := digest.FromString("content")
	c.blob("library/app", []byte("content"))
	if err := s.handler.Load().Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, push := range map[string]func(){
		"in one request": func() {
			c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d.String(), []byte("content")), http.StatusCreated, "")
		},
		"in three": func() { c.blob("library/app", []byte("content")) },
	} {
		if err := os.Remove(s.file(d)); err != nil {
			t.Fatal(err)
		}
		syncs := s.store.Syncs()
		push()
		if p, err := os.ReadFile(s.file(d)); err != nil || string(p) != "content" || s.store.Syncs() == syncs {
			t.Errorf("%s: %q after %d syncs, %v", name, p, s.store.Syncs()-syncs, err)
		}
	}
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
}
