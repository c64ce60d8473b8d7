package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// filled is a store with blobs of those contents.
func filled(t *testing.T, contents ...string) (*storage.Store, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	s, err := storage.Open(t.Context(), storage.Options{Kind: storage.KindFilesystem, Root: root})
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range contents {
		if err := s.PutSmall(digest.FromString(content), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	return s, root
}

func TestRemovedBlobsAreGoneWithTheirFolders(t *testing.T) {
	s, root := filled(t, "one", "two", "three")
	gone, err := s.Remove(t.Context(), []digest.Digest{digest.FromString("one"), digest.FromString("never there"), digest.FromString("two")})
	if err != nil || len(gone) != 3 {
		t.Errorf("%v, %v", gone, err)
	}
	for content, want := range map[string]bool{"one": false, "two": false, "three": true} {
		_, err := os.Stat(filepath.Dir(filepath.Join(root, storage.BlobPath(digest.FromString(content)))))
		if (err == nil) != want {
			t.Errorf("the folder of %s: %v", content, err)
		}
	}
}

func TestNoRemovalBeginsAfterTheDeadline(t *testing.T) {
	s, _ := filled(t, "one")
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if gone, err := s.Remove(ctx, []digest.Digest{digest.FromString("one")}); len(gone) != 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", gone, err)
	}
	if there, err := s.Has(t.Context(), digest.FromString("one"), 3); !there || err != nil {
		t.Error("it is gone", err)
	}
}

func TestAWalkTellsOfBlobsAndStrays(t *testing.T) {
	s, root := filled(t, "one", "two", "three")
	d := digest.FromString("one")
	stray := filepath.Join(filepath.Dir(filepath.Join(root, storage.BlobPath(d))), "data.half.tmp")
	if err := os.WriteFile(stray, []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, strays := map[digest.Digest]int64{}, []storage.Object{}
	for _, shard := range s.Shards() {
		err := s.WalkBlobs(t.Context(), shard.Folder, func(o storage.Object) error {
			switch {
			case o.Digest == "":
				strays = append(strays, o)
			case !strings.HasPrefix(o.Digest.String(), shard.Prefix):
				t.Errorf("%s is in shard %s", o.Digest, shard.Prefix)
			default:
				found[o.Digest] = o.Size
			}
			if time.Since(o.Written) > time.Minute {
				t.Errorf("%+v", o)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) != 3 || found[d] != 3 || len(strays) != 1 || strays[0].Size != 2 {
		t.Fatalf("%v, %+v", found, strays)
	}
	for _, c := range []struct {
		before time.Time
		there  bool
	}{{time.Now().Add(-time.Hour), true}, {time.Now().Add(time.Hour), false}} {
		err := s.RemoveStray(t.Context(), strays[0].Path, c.before)
		if _, gone := os.Stat(stray); err != nil || (gone == nil) != c.there {
			t.Errorf("before %s: %v, %v", c.before, gone, err)
		}
	}
	if err := s.RemoveStray(t.Context(), storage.BlobPath(d), time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if there, _ := s.Has(t.Context(), d, 3); !there {
		t.Error("a blob was removed as a stray")
	}
}

func TestABlobIsHashedAndSetAside(t *testing.T) {
	s, root := filled(t, strings.Repeat("x", 600_000))
	d := digest.FromString(strings.Repeat("x", 600_000))
	var told int64
	count := func(n int64) { told += n }
	if actual, size, err := s.Hash(t.Context(), d, 1<<30, count); actual != d || size != 600_000 || told != 600_000 || err != nil {
		t.Errorf("%s, %d, %v", actual, size, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := s.Hash(ctx, d, 1000, count); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a slow read does not heed its context: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, storage.BlobPath(d)), []byte("y"), 0o600); err != nil {
		t.Fatal(err)
	}
	if actual, size, err := s.Hash(t.Context(), d, 1<<30, count); actual != digest.FromString("y") || size != 1 || err != nil {
		t.Errorf("%s, %d, %v", actual, size, err)
	}
	for range 2 {
		if err := s.SetAside(t.Context(), d); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := s.Hash(t.Context(), d, 1<<30, count); !errors.Is(err, storage.ErrMissing) {
		t.Errorf("it is served still: %v", err)
	}
	if p, err := os.ReadFile(filepath.Join(root, "docker/registry/v2/_roadstead/damaged/sha256-"+d.Encoded())); err != nil || string(p) != "y" {
		t.Errorf("%q, %v", p, err)
	}
}
