package registryctl_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/registryctl"
)

var _ registryctl.Index = (*artifact.Service)(nil)

func TestAPushedImageIsPulledByTagAndByDigest(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	d := digest.FromBytes(manifest)
	for _, ref := range []string{"v1", d.String()} {
		a := c.want(c.do(http.MethodGet, "/v2/library/app/manifests/"+ref, nil), http.StatusOK, "")
		if !bytes.Equal(a.body, manifest) {
			t.Fatalf("%s: other bytes: %s", ref, a.body)
		}
		for name, want := range map[string]string{
			"Content-Type": ociManifest, "Docker-Content-Digest": d.String(), "Etag": `"` + d.String() + `"`,
			"Docker-Distribution-Api-Version": "registry/2.0",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", ref, name, got, want)
			}
		}
		h := c.want(c.do(http.MethodHead, "/v2/library/app/manifests/"+ref, nil), http.StatusOK, "")
		if h.header.Get("Content-Length") != a.header.Get("Content-Length") || len(h.body) != 0 {
			t.Errorf("%s: HEAD differs from GET: %v", ref, h.header)
		}
	}
}

func TestAManifestThatTheClientHasIsNotSentAgain(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	d := digest.FromBytes(c.push("library/app", "v1", "one")).String()
	for _, header := range []string{`"` + d + `"`, `W/"` + d + `"`, d, `"x", "` + d + `"`, "*"} {
		c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil, "If-None-Match", header), http.StatusNotModified, "")
	}
	c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil, "If-None-Match", `"sha256:0"`), http.StatusOK, "")
}

func TestABlobIsServedWholeAndInRanges(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	content := []byte("0123456789abcdef")
	d := c.blob("library/app", content).String()
	path := "/v2/library/app/blobs/" + d

	a := c.want(c.do(http.MethodGet, path, nil), http.StatusOK, "")
	if !bytes.Equal(a.body, content) {
		t.Fatalf("other bytes: %q", a.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "Docker-Content-Digest": d, "Etag": `"` + d + `"`,
		"Accept-Ranges": "bytes", "Cache-Control": "max-age=31536000", "Content-Length": "16",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	c.want(c.do(http.MethodHead, path, nil), http.StatusOK, "")

	for header, want := range map[string]string{"bytes=0-3": "0123", "bytes=10-": "abcdef", "bytes=-2": "ef"} {
		a := c.want(c.do(http.MethodGet, path, nil, "Range", header), http.StatusPartialContent, "")
		if string(a.body) != want {
			t.Errorf("%s: got %q, want %q", header, a.body, want)
		}
	}
	c.want(c.do(http.MethodGet, path, nil, "Range", "bytes=99-"), http.StatusRequestedRangeNotSatisfiable, "")
	c.want(c.do(http.MethodGet, path, nil, "Range", "bytes=0-3", "If-Range", `"`+d+`"`), http.StatusPartialContent, "")
	c.want(c.do(http.MethodGet, path, nil, "Range", "bytes=0-3", "If-Range", `"other"`), http.StatusOK, "")
	c.want(c.do(http.MethodGet, path, nil, "If-None-Match", `"`+d+`"`), http.StatusNotModified, "")
}

func TestWhatIsNotThereIsSaidInTheSpecsCodes(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	c.push("library/app", "v1", "one")
	none := digest.FromString("none").String()
	for _, e := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/v2/library/app/manifests/none", 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/library/app/manifests/" + none, 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/library/none/manifests/v1", 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/library/app/manifests/-bad", 400, "TAG_INVALID"},
		{"GET", "/v2/library/app/manifests/sha256:12", 400, "DIGEST_INVALID"},
		{"GET", "/v2/library/app/manifests/md5:d41d8cd98f00b204e9800998ecf8427e", 400, "DIGEST_INVALID"},
		{"DELETE", "/v2/library/app/manifests/none", 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/library/app/blobs/" + none, 404, "BLOB_UNKNOWN"},
		{"GET", "/v2/library/app/blobs/nonsense", 400, "DIGEST_INVALID"},
		{"DELETE", "/v2/library/app/blobs/" + none, 404, "BLOB_UNKNOWN"},
		{"GET", "/v2/library/none/tags/list", 404, "NAME_UNKNOWN"},
		{"GET", "/v2/library/app/referrers/nonsense", 400, "DIGEST_INVALID"},
		{"GET", "/v2/library/APP/manifests/v1", 400, "NAME_INVALID"},
		{"GET", "/v2/app/manifests/v1", 400, "NAME_INVALID"},
		{"GET", "/v2/library/app/nonsense", 404, "NOT_FOUND"},
		{"POST", "/v2/library/app/manifests/v1", 405, "UNSUPPORTED"},
		{"PUT", "/v2/library/app/tags/list", 405, "UNSUPPORTED"},
	} {
		a := c.do(e.method, e.path, nil)
		if a.status != e.status || a.code() != e.code {
			t.Errorf("%s %s: %d %s, want %d %s", e.method, e.path, a.status, a.body, e.status, e.code)
		}
	}
}
