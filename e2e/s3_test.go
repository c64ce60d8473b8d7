//go:build e2e

package e2e

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// TestS3 keeps the bytes in a real S3 server: the same registry, with its bytes handed through and with clients sent to the bucket.
func TestS3(t *testing.T) {
	for name, redirect := range map[string]bool{"handed through": false, "redirected": true} {
		t.Run(name, func(t *testing.T) {
			gateway := harness.StartGateway(t)
			server := harness.Start(t, gateway.Settings(redirect))
			must(t, server.Admin.CreateProject(t.Context(), "bucket", false))

			t.Run("an image is pushed and pulled", func(t *testing.T) { s3Image(t, server, gateway) })
			t.Run("a range is served", func(t *testing.T) { s3Range(t, server, gateway, redirect) })
			t.Run("an upload goes on after a restart", func(t *testing.T) { s3Resume(t, server) })
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

func randomBytes(t *testing.T, size int) []byte {
	t.Helper()
	content := make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	return content
}
