package registryctl_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/registryctl"
)

// The promises of the write path: what a small image costs when docker pushes it. At most
// 8 fsync and 5 commits are promised; small blobs are durable by their commits alone.
func TestASmallImageCostsFiveCommitsAndNoSync(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.withToken("admin", "repository:library/app:pull,push")
	config := []byte(`{"architecture":"amd64","os":"linux"}`)
	layer := []byte("a layer")
	head := func(p []byte) {
		c.want(c.do(http.MethodHead, "/v2/library/app/blobs/"+digest.FromBytes(p).String(), nil), http.StatusNotFound, "")
	}
	for _, tag := range []string{"cold", "warm"} {
		config, layer = append(config, ' '), append(layer, '.')
		count := storetest.Count(t, s.db)
		syncs := s.store.Syncs()
		for _, p := range [][]byte{layer, config} {
			head(p)
			c.blob("library/app", p)
		}
		c.want(c.do(http.MethodPut, "/v2/library/app/manifests/"+tag, imageOf(config, layer).bytes(), "Content-Type", ociManifest), http.StatusCreated, "")
		if got := s.store.Syncs() - syncs; got != 0 {
			t.Errorf("%s: %d fsync", tag, got)
		}
		if got := count.Commits(); got > 5 {
			t.Errorf("%s: %d commits, at most 5 are promised:\n%s", tag, got, strings.Join(count.Statements(), "\n"))
		}
		t.Logf("%s: %d fsync, %d commits, %d queries", tag, s.store.Syncs()-syncs, count.Commits(), count.Queries())
	}
}

// A blob that is too large for that waits for its file and the directories of its name.
func TestALargeBlobCostsThreeSyncsAndOneCommit(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.withToken("admin", "repository:library/app:pull,push")
	c.blob("library/app", []byte("the repository is there"))
	count, syncs := storetest.Count(t, s.db), s.store.Syncs()
	c.want(c.do(http.MethodPut, with(c.start("library/app"), digest.FromBytes(large())), large()), http.StatusCreated, "")
	if got := s.store.Syncs() - syncs; got != 3 || count.Commits() != 1 {
		t.Errorf("%d fsync, %d commits:\n%s", got, count.Commits(), strings.Join(count.Statements(), "\n"))
	}
}

// large is more than what is kept in memory and in Postgres.
func large() []byte { return bytes.Repeat([]byte("0123456789abcdef"), 5_000) }

func TestABlobInOneRequestCostsOneCommit(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.withToken("admin", "repository:library/app:pull,push")
	for name, push := range map[string]func(p []byte) answer{
		"POST": func(p []byte) answer {
			return c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+digest.FromBytes(p).String(), p)
		},
		"POST and PUT": func(p []byte) answer {
			return c.do(http.MethodPut, with(c.start("library/app"), digest.FromBytes(p)), p)
		},
	} {
		count := storetest.Count(t, s.db)
		c.want(push([]byte(name)), http.StatusCreated, "")
		if got := count.Commits(); got != 1 {
			t.Errorf("%s: %d commits:\n%s", name, got, strings.Join(count.Statements(), "\n"))
		}
	}
}

// The promises of the read path.
func TestAPullByTagIsOneQueryAndReadsNoFile(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	manifest := s.as("admin").push("library/app", "v1", "one")
	index := &watching{Index: s.index}
	s.handler.Store(s.registry(index)) // nothing in memory
	if err := os.RemoveAll(filepath.Join(s.root, "docker/registry/v2/blobs")); err != nil {
		t.Fatal(err)
	}
	c := s.withToken("admin", "repository:library/app:pull")
	c.want(c.do(http.MethodGet, "/v2/", nil), http.StatusOK, "") // the token's key is known from here on
	for _, how := range []string{"cold", "warm"} {
		for _, ref := range []string{"v1", digest.FromBytes(manifest).String()} {
			count := storetest.Count(t, s.db)
			a := c.want(c.do(http.MethodGet, "/v2/library/app/manifests/"+ref, nil), http.StatusOK, "")
			if !bytes.Equal(a.body, manifest) {
				t.Errorf("%s %s: other bytes", how, ref)
			}
			if got := count.Queries(); got != 1 || (how == "warm") != strings.Contains(count.Statements()[0], "FROM change") {
				t.Errorf("%s %s: %d queries:\n%s", how, ref, got, strings.Join(count.Statements(), "\n"))
			}
			if count.Commits() != 0 {
				t.Errorf("%s %s: a pull wrote", how, ref)
			}
			if cold := how == "cold"; index.sent.Swap(0) != 0 != cold {
				t.Errorf("%s %s: Postgres sent the bytes of a name that is remembered, or did not send those of one that is not", how, ref)
			}
		}
	}
}

// watching is the real index; it counts the payloads that it gave.
type watching struct {
	registryctl.Index
	sent atomic.Int64
}

func (w *watching) ResolveManifest(ctx context.Context, repository string, ref oci.Reference) (artifact.Resolved, error) {
	r, err := w.Index.ResolveManifest(ctx, repository, ref)
	w.sent.Add(int64(len(r.Payload)))
	return r, err
}

func TestABlobRequestIsOneQuery(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	d := s.as("admin").blob("library/app", []byte("content")).String()
	c := s.withToken("admin", "repository:library/app:pull")
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		count := storetest.Count(t, s.db)
		c.want(c.do(method, "/v2/library/app/blobs/"+d, nil), http.StatusOK, "")
		if got := count.Queries(); got != 1 || count.Commits() != 0 {
			t.Errorf("%s: %d queries, %d commits:\n%s", method, got, count.Commits(), strings.Join(count.Statements(), "\n"))
		}
	}
}

func TestABlobThatAClientIsToldAboutIsKeptForIt(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	d := s.as("admin").blob("library/app", []byte("content")).String()
	if _, err := s.db.Pool.Exec(t.Context(), "UPDATE blob SET lease_until = now() + interval '1 minute'"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Pool.Exec(t.Context(), "UPDATE repository_blob SET lease_until = now() + interval '1 minute'"); err != nil {
		t.Fatal(err)
	}
	c := s.withToken("admin", "repository:library/app:pull")
	for i, want := range []int{1, 0, 0} {
		count := storetest.Count(t, s.db)
		c.want(c.do(http.MethodHead, "/v2/library/app/blobs/"+d, nil), http.StatusOK, "")
		if got := count.Commits(); got != want {
			t.Errorf("HEAD %d: %d commits, want %d", i, got, want)
		}
	}
	var kept bool
	const query = "SELECT min(least(b.lease_until, rb.lease_until)) > now() + interval '1 hour' FROM blob b JOIN repository_blob rb ON rb.blob_id = b.id"
	if err := s.db.Pool.QueryRow(t.Context(), query).Scan(&kept); err != nil || !kept {
		t.Errorf("the lease was not extended, %v", err)
	}
}
