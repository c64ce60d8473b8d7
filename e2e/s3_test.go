//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// TestS3 keeps the bytes in a real S3 server: the same registry, with its bytes handed through and with clients sent to the bucket.
func TestS3(t *testing.T) {
	for name, redirect := range map[string]bool{"handed through": false, "redirected": true} {
		t.Run(name, func(t *testing.T) {
			gateway := harness.StartGateway(t)
			settings := gateway.Settings(redirect)
			settings["ROADSTEAD_DATABASE_URL"] = harness.Database(t)
			server := harness.Start(t, settings)
			must(t, server.Admin.CreateProject(t.Context(), "bucket", false))

			t.Run("an image is pushed and pulled", func(t *testing.T) { s3Image(t, server, gateway) })
			t.Run("a range is served", func(t *testing.T) { s3Range(t, server, gateway, redirect) })
			t.Run("a blob that is there leaves nothing of its upload", func(t *testing.T) { s3Again(t, server, gateway) })
			t.Run("an upload goes on after a restart", func(t *testing.T) { s3Resume(t, server) })
			if !redirect {
				t.Run("garbage leaves the bucket", func(t *testing.T) { s3Collect(t, server, gateway, settings["ROADSTEAD_DATABASE_URL"]) })
			}
		})
	}
}

func s3Image(t *testing.T, server *harness.Server, gateway *harness.Gateway) {
	ctx := t.Context()
	index, err := harness.HelloIndex(ctx, harness.Folder(t))
	must(t, err)
	must(t, server.Admin.PushIndex(ctx, "bucket/hello:v1", index))
	ref, err := server.Admin.Reference("bucket/hello:v1")
	must(t, err)
	pulled, err := remote.Index(ref, server.Admin.Remote(ctx, http.DefaultTransport)...)
	must(t, err)
	if err := validate.Index(pulled); err != nil {
		t.Error(err)
	}
	if count, err := gateway.Objects(); err != nil || count == 0 {
		t.Errorf("%d objects are in the bucket: %v", count, err)
	}
}

func s3Range(t *testing.T, server *harness.Server, gateway *harness.Gateway, redirect bool) {
	ctx := t.Context()
	content := randomBytes(t, 3<<20)
	digest := harness.Digest(content)
	upload, err := server.Admin.StartUpload(ctx, "bucket/ranges")
	must(t, err)
	must(t, upload.Write(ctx, content))
	must(t, upload.Finish(ctx, digest))

	request, err := server.Admin.Request(ctx, http.MethodGet, "/v2/bucket/ranges/blobs/"+digest, nil)
	must(t, err)
	request.Header.Set("Range", "bytes=1000000-1999999")
	answer, err := harness.Send(request)
	must(t, err)
	if redirect {
		location := answer.Header.Get("Location")
		if answer.Status != http.StatusTemporaryRedirect || !strings.HasPrefix(location, gateway.Endpoint+"/") {
			t.Fatalf("the answer is %d to %q, want 307 to %s", answer.Status, location, gateway.Endpoint)
		}
		// Clients repeat the Range, and not the credentials, at the other host.
		request, err = harness.API{}.Request(ctx, http.MethodGet, location, nil)
		must(t, err)
		request.Header.Set("Range", "bytes=1000000-1999999")
		answer, err = harness.Send(request)
		must(t, err)
	}
	if answer.Status != http.StatusPartialContent || !bytes.Equal(answer.Body, content[1000000:2000000]) {
		t.Errorf("the answer is %d with %d bytes, want 206 with the million in the middle", answer.Status, len(answer.Body))
	}
}

func s3Again(t *testing.T, server *harness.Server, gateway *harness.Gateway) {
	ctx := t.Context()
	content := randomBytes(t, 1<<20)
	var after []int
	for _, repository := range []string{"bucket/first", "bucket/second"} {
		upload, err := server.Admin.StartUpload(ctx, repository)
		must(t, err)
		must(t, upload.Write(ctx, content))
		must(t, upload.Finish(ctx, harness.Digest(content)))
		count, err := gateway.Objects()
		must(t, err)
		after = append(after, count)
	}
	if after[0] != after[1] {
		t.Errorf("%d objects are in the bucket after it was pushed, %d after it was pushed again", after[0], after[1])
	}
}

func s3Resume(t *testing.T, server *harness.Server) {
	ctx := t.Context()
	content := randomBytes(t, 9<<20)
	digest := harness.Digest(content)
	upload, err := server.Admin.StartUpload(ctx, "bucket/resumed")
	must(t, err)
	must(t, upload.Write(ctx, content[:6<<20]))
	must(t, server.Stop())
	must(t, server.Launch(ctx))
	offset, err := upload.Resume(ctx)
	must(t, err)
	if offset != 6<<20 {
		t.Fatalf("the server has %d bytes, 6 MiB were answered", offset)
	}
	must(t, upload.Write(ctx, content[offset:]))
	must(t, upload.Finish(ctx, digest))
	answer, err := server.Admin.Want(ctx, http.StatusOK, http.MethodHead, "/v2/bucket/resumed/blobs/"+digest, nil)
	if err != nil && answer.Status != http.StatusTemporaryRedirect {
		t.Error(err)
	}
}

// s3Collect uploads what nothing names, lets a day pass for it, and collects: all of it goes, hundreds of objects in a request.
func s3Collect(t *testing.T, server *harness.Server, gateway *harness.Gateway, database string) {
	ctx := t.Context()
	before, err := gateway.Objects()
	must(t, err)
	const garbage = 600
	var group errgroup.Group
	group.SetLimit(8)
	for range garbage {
		content := randomBytes(t, 100)
		group.Go(func() error {
			upload, err := server.Admin.StartUpload(ctx, "bucket/garbage")
			if err != nil {
				return err
			}
			if err := upload.Write(ctx, content); err != nil {
				return err
			}
			return upload.Finish(ctx, harness.Digest(content))
		})
	}
	must(t, group.Wait())
	db, err := pgx.Connect(ctx, database)
	must(t, err)
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	for _, later := range []string{
		"UPDATE blob SET created_at = created_at - interval '2 days', lease_until = lease_until - interval '2 days'",
		"UPDATE repository_blob SET lease_until = lease_until - interval '2 days'",
		"UPDATE gc_candidate SET not_before = not_before - interval '2 days'",
	} {
		_, err := db.Exec(ctx, later)
		must(t, err)
	}
	asked, err := gateway.Requests("DeleteObjects")
	must(t, err)
	_, err = server.Admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/system/gc/schedule", map[string]any{
		"schedule": map[string]string{"type": "Manual"}, "parameters": map[string]any{"workers": 2},
	})
	must(t, err)
	must(t, harness.Eventually(ctx, time.Minute, func() error {
		left, err := gateway.Objects()
		if err == nil && left > before {
			err = fmt.Errorf("%d objects are left, %d were there before", left, before)
		}
		return err
	}))
	deletions, err := gateway.Requests("DeleteObjects")
	must(t, err)
	if n := deletions - asked; n > garbage/100 {
		t.Errorf("%d objects took %d requests to delete", garbage, n)
	}
}

func randomBytes(t *testing.T, size int) []byte {
	t.Helper()
	content := make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	return content
}
