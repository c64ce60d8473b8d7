package registryctl_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

func TestAManifestWhoseBlobsAreMissingIsRefusedByName(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	c.blob("library/app", []byte("{}"))
	c.blob("library/other", []byte("layer")) // of another repository: does not count
	a := c.want(c.do(http.MethodPut, "/v2/library/app/manifests/v1", imageOf([]byte("{}"), []byte("layer")).bytes(), "Content-Type", ociManifest),
		http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN")
	if want := digest.FromString("layer").String(); !strings.Contains(string(a.body), want) {
		t.Errorf("the answer does not name %s: %s", want, a.body)
	}
	c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil), http.StatusNotFound, "MANIFEST_UNKNOWN")
}

func TestManifestsThatCannotBeAreRefused(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	valid := c.push("library/app", "v1", "one")
	pushed := digest.FromBytes(valid)
	const docker = "application/vnd.docker.distribution.manifest.v2+json"
	for name, e := range map[string]struct {
		ref, contentType string
		body             []byte
		status           int
		code             string
	}{
		"no JSON":                 {"v2", ociManifest, []byte("{"), 400, "MANIFEST_INVALID"},
		"nothing":                 {"v2", ociManifest, nil, 400, "MANIFEST_INVALID"},
		"another digest":          {digest.FromString("x").String(), ociManifest, valid, 400, "DIGEST_INVALID"},
		"another algorithm":       {"md5:d41d8cd98f00b204e9800998ecf8427e", ociManifest, valid, 400, "DIGEST_INVALID"},
		"a bad tag":               {"-v2", ociManifest, valid, 400, "TAG_INVALID"},
		"an overlong tag":         {strings.Repeat("a", 129), ociManifest, valid, 400, "TAG_INVALID"},
		"another Content-Type":    {"v2", docker, valid, 400, "MANIFEST_INVALID"},
		"schema 1":                {"v2", "application/vnd.docker.distribution.manifest.v1+prettyjws", []byte(`{"schemaVersion":1}`), 400, "MANIFEST_INVALID"},
		"docker without its type": {"v2", docker, []byte(`{"schemaVersion":2}`), 400, "MANIFEST_INVALID"},
		"more than 4 MiB":         {"v2", ociManifest, append(bytes.Repeat([]byte(" "), 4<<20), valid...), 413, "SIZE_INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.do(http.MethodPut, "/v2/library/app/manifests/"+e.ref, e.body, "Content-Type", e.contentType)
			if a.status != e.status || a.code() != e.code {
				t.Errorf("%d %s, want %d %s", a.status, a.body, e.status, e.code)
			}
		})
	}
	c.want(c.do(http.MethodPut, "/v2/library/app/manifests/"+pushed.String(), valid, "Content-Type", ociManifest), http.StatusCreated, "")
	big := append(bytes.Repeat([]byte(" "), 4<<20-len(valid)), valid...)
	c.want(c.do(http.MethodPut, "/v2/library/app/manifests/big", big, "Content-Type", ociManifest), http.StatusCreated, "")
}

func TestAManifestByItsSha512DigestIsServedByIt(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	d := digest.SHA512.FromBytes(manifest)
	a := c.want(c.do(http.MethodPut, "/v2/library/app/manifests/"+d.String(), manifest, "Content-Type", ociManifest), http.StatusCreated, "")
	if got := a.header.Get("Docker-Content-Digest"); got != d.String() {
		t.Errorf("Docker-Content-Digest is %q", got)
	}
	a = c.want(c.do(http.MethodGet, a.location(), nil), http.StatusOK, "")
	if !bytes.Equal(a.body, manifest) || a.header.Get("Docker-Content-Digest") != d.String() {
		t.Errorf("got %v", a.header)
	}
}

func TestAMovedTagIsSeenAtOnceWhateverIsCached(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	one := c.push("library/app", "v1", "one")
	get := func() []byte { return c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil), 200, "").body }
	for range 2 {
		if !bytes.Equal(get(), one) {
			t.Fatal("not what was pushed")
		}
	}
	two := c.push("library/app", "v1", "two")
	if !bytes.Equal(get(), two) {
		t.Fatal("the tag still has the old bytes")
	}
	c.want(c.do(http.MethodDelete, "/v2/library/app/manifests/v1", nil), http.StatusAccepted, "")
	c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil), http.StatusNotFound, "MANIFEST_UNKNOWN")
	c.want(c.do(http.MethodGet, "/v2/library/app/manifests/"+digest.FromBytes(two).String(), nil), 200, "")
}

func TestADeletedManifestIsGoneByEveryName(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	d := digest.FromBytes(c.push("library/app", "v1", "one")).String()
	c.want(c.do(http.MethodDelete, "/v2/library/app/manifests/"+d, nil), http.StatusAccepted, "")
	for _, ref := range []string{"v1", d} {
		c.want(c.do(http.MethodGet, "/v2/library/app/manifests/"+ref, nil), http.StatusNotFound, "MANIFEST_UNKNOWN")
	}
}

func TestABlobInUseIsNotDeleted(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	c.push("library/app", "v1", "one")
	layer := digest.FromString("the layer of one").String()
	c.want(c.do(http.MethodDelete, "/v2/library/app/blobs/"+layer, nil), http.StatusForbidden, "DENIED")
	loose := c.blob("library/app", []byte("loose")).String()
	c.want(c.do(http.MethodDelete, "/v2/library/app/blobs/"+loose, nil), http.StatusAccepted, "")
	c.want(c.do(http.MethodHead, "/v2/library/app/blobs/"+loose, nil), http.StatusNotFound, "")
}

func TestReferrersAreListedAndFiltered(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	subject := c.push("library/app", "v1", "one")
	d := digest.FromBytes(subject)
	config := []byte("{}")
	c.blob("library/app", config)
	m := imageOf(config, config)
	m.ArtifactType, m.Subject = "application/vnd.example.thing", &descriptor{ociManifest, d, len(subject)}
	m.Annotations = map[string]string{"org.example": "x"}
	a := c.want(c.do(http.MethodPut, "/v2/library/app/manifests/"+digest.FromBytes(m.bytes()).String(), m.bytes(), "Content-Type", ociManifest), http.StatusCreated, "")
	if got := a.header.Get("Oci-Subject"); got != d.String() {
		t.Errorf("OCI-Subject is %q", got)
	}
	for query, want := range map[string]int{"": 1, "?artifactType=application/vnd.example.thing": 1, "?artifactType=application/none": 0} {
		a := c.want(c.do(http.MethodGet, "/v2/library/app/referrers/"+d.String()+query, nil), http.StatusOK, "")
		var index struct {
			SchemaVersion int
			MediaType     string
			Manifests     []struct {
				ArtifactType string
				Annotations  map[string]string
			}
		}
		if err := json.Unmarshal(a.body, &index); err != nil || index.Manifests == nil || len(index.Manifests) != want || index.SchemaVersion != 2 {
			t.Errorf("%q: %s, %v", query, a.body, err)
		}
		if filtered := a.header.Get("Oci-Filters-Applied") == "artifactType"; filtered != (query != "") {
			t.Errorf("%q: OCI-Filters-Applied is %q", query, a.header.Get("Oci-Filters-Applied"))
		}
		if a.header.Get("Content-Type") != index.MediaType || index.MediaType != "application/vnd.oci.image.index.v1+json" {
			t.Errorf("%q: Content-Type %q", query, a.header.Get("Content-Type"))
		}
	}
	a = c.want(c.do(http.MethodGet, "/v2/library/app/referrers/"+digest.FromString("nobody").String(), nil), http.StatusOK, "")
	if !strings.Contains(string(a.body), `"manifests":[]`) {
		t.Errorf("an unknown subject: %s", a.body)
	}
}

func TestBytesThatStorageLostComeBackWithTheNextPush(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	content := []byte("a blob that a disk will lose")
	d := c.blob("library/app", content)
	file := filepath.Join(s.root, "docker/registry/v2/blobs/sha256", d.Encoded()[:2], d.Encoded(), "data")
	if err := os.WriteFile(file, content[:5], 0o600); err != nil {
		t.Fatal(err)
	}
	c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+d.String(), nil), http.StatusNotFound, "BLOB_UNKNOWN")
	c.blob("library/app", content)
	if a := c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+d.String(), nil), http.StatusOK, ""); !bytes.Equal(a.body, content) {
		t.Errorf("got %q", a.body)
	}
}
