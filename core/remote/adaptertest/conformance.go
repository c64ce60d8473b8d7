package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/outbound"
	"github.com/roadstead-registry/roadstead/core/remote"
)

// Subject is a registry that is held to what the package asks of every kind.
type Subject struct {
	Adapter remote.Adapter
	Denied  func() remote.Adapter // the same with a wrong password; nil: it takes everybody

	Repository string // where to push to; is not there yet
	Other      string // another one
	Namespace  string // a pattern of both, such as "team/**"

	ListsAll       bool // lists its repositories without a pattern
	DeletesTags    bool
	DeletesContent bool
	Mounts         bool
}

// Open returns the Adapter of a registry at a URL, which waits for nothing.
func Open(t testing.TB, kind, at string, as remote.Credential) remote.Adapter {
	t.Helper()
	a, err := TryOpen(t, kind, at, as)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TryOpen is Open for what is to be refused.
func TryOpen(t testing.TB, kind, at string, as remote.Credential) (remote.Adapter, error) {
	t.Helper()
	k, err := remote.FindKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return k.Open(t.Context(), remote.Target{URL: u, Credential: as, Line: Line(t)})
}

// Line reaches servers of this machine and does not wait between attempts.
func Line(t testing.TB) remote.Line {
	t.Helper()
	guard, err := outbound.New(outbound.Options{UserAgent: "roadstead/test"})
	if err != nil {
		t.Fatal(err)
	}
	transport, err := guard.Transport(outbound.TLS{})
	if err != nil {
		t.Fatal(err)
	}
	return remote.Line{Transport: transport, Clock: time.Now, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

// Elsewhere is a Line on which the hosts of a vendor are one server of the test.
func Elsewhere(t testing.TB, server *httptest.Server) remote.Line {
	t.Helper()
	line := Line(t)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	next := line.Transport
	line.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		out := r.Clone(r.Context())
		out.Header.Set("X-Forwarded-Host", r.URL.Host)
		out.URL.Scheme, out.URL.Host = at.Scheme, at.Host
		return next.RoundTrip(out)
	})
	return line
}

type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Conformance holds a registry to what the package asks of every kind. open is called
// once.
func Conformance(t *testing.T, open func(t *testing.T) Subject) {
	t.Helper()
	s := open(t)
	c := &conformance{Subject: s}
	if s.Denied != nil { // else it takes everybody, and there is nothing to ask
		t.Run("a wrong password is refused as such", c.denied)
	}
	// Each needs those before it.
	for _, step := range []struct {
		name string
		do   func(t *testing.T)
	}{
		{"it answers", c.ping},
		{"the namespace is made, or is there, however often", c.namespace},
		{"what is not there is not found", c.notFound},
		{"blobs go there and back, whole, in chunks and from an offset", c.blobs},
		{"manifests keep their bytes, by tag and by digest", c.manifests},
		{"an index has its children", c.index},
		{"referrers are found, and cosign's tags", c.referrers},
		{"all tags are listed", c.tags},
		{"a blob is mounted, or has to be uploaded", c.mount},
		{"repositories are listed", c.repositories},
		{"a tag is deleted and its artifact stays, or neither", c.deleteTag},
		{"an artifact is deleted, or cannot be", c.deleteManifest},
	} {
		if !t.Run(step.name, step.do) {
			t.Fatalf("%s failed, and what follows needs it", step.name)
		}
	}
}

type conformance struct {
	Subject
	config, layer remote.Descriptor
	image         remote.Descriptor
	imageText     []byte
}

const imageType = "application/vnd.oci.image.manifest.v1+json"

func (c *conformance) ping(t *testing.T) {
	if err := c.Adapter.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (c *conformance) denied(t *testing.T) {
	var err error
	if a := c.Denied(); a != nil {
		err = a.Ping(t.Context())
		if err == nil {
			_, err = a.Resolve(t.Context(), c.Repository, "v1")
		}
		if err == nil {
			t.Fatal("it was accepted")
		}
		if _, ok := errors.AsType[*remote.RefusedError](err); !ok {
			t.Fatalf("%v is no refusal", err)
		}
		if r, _ := errors.AsType[*remote.RefusedError](err); !r.Denied() {
			t.Fatalf("%v does not say that it is about the credential", err)
		}
	}
}

func (c *conformance) notFound(t *testing.T) {
	nowhere := digest.FromString("nothing has this digest").String()
	if _, err := c.Adapter.Resolve(t.Context(), c.Repository, "nowhere"); !errors.Is(err, remote.ErrNotFound) {
		t.Errorf("resolve: %v", err)
	}
	if _, _, err := c.Adapter.Manifest(t.Context(), c.Repository, nowhere); !errors.Is(err, remote.ErrNotFound) {
		t.Errorf("manifest: %v", err)
	}
	if has, err := c.Adapter.HasBlob(t.Context(), c.Repository, nowhere); err != nil || has {
		t.Errorf("has blob: %v, %v", has, err)
	}
	if _, _, err := c.Adapter.Blob(t.Context(), c.Repository, nowhere, 0); !errors.Is(err, remote.ErrNotFound) {
		t.Errorf("blob: %v", err)
	}
}

func (c *conformance) namespace(t *testing.T) {
	for range 2 {
		if err := c.Adapter.EnsureNamespace(t.Context(), []string{c.Repository, c.Other}); err != nil {
			t.Fatal(err)
		}
	}
}

// Blob returns random bytes and their descriptor; the same seed has the same bytes.
func Blob(seed uint64, size int) (remote.Descriptor, []byte) {
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(size), byte(size >> 8)})
	content := make([]byte, size)
	_, _ = random.Read(content) // never fails
	return remote.Descriptor{MediaType: "application/vnd.oci.image.layer.v1.tar", Digest: digest.FromBytes(content), Size: int64(size)}, content
}

// From opens bytes as the source of an upload.
func From(content []byte) remote.OpenBlob {
	return func(_ context.Context, offset int64) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content[offset:])), nil
	}
}

func (c *conformance) blobs(t *testing.T) {
	ctx := t.Context()
	for _, test := range []struct {
		size  int
		chunk int64
	}{{1, 0}, {700_001, 0}, {700_002, 300_000}, {300_000, 300_000}} {
		d, content := Blob(1, test.size)
		if err := c.Adapter.Upload(ctx, c.Repository, remote.Upload{Blob: d, Chunk: test.chunk, Open: From(content)}); err != nil {
			t.Fatalf("%d bytes in chunks of %d: %v", test.size, test.chunk, err)
		}
		if has, err := c.Adapter.HasBlob(ctx, c.Repository, d.Digest.String()); err != nil || !has {
			t.Fatalf("%d bytes are not there: %v", test.size, err)
		}
		for _, offset := range []int{0, test.size / 2, test.size - 1} {
			body, size, err := c.Adapter.Blob(ctx, c.Repository, d.Digest.String(), int64(offset))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(body)
			if err != nil || !bytes.Equal(got, content[offset:]) || size != d.Size && size != -1 {
				t.Fatalf("from %d of %d: %d bytes of %d, %v", offset, test.size, len(got), size, err)
			}
			if err := body.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	wrong, _ := Blob(2, 100)
	_, other := Blob(3, 100)
	if err := c.Adapter.Upload(ctx, c.Repository, remote.Upload{Blob: wrong, Open: From(other)}); err == nil {
		t.Error("bytes that are not the digest's were taken")
	}
	if has, err := c.Adapter.HasBlob(ctx, c.Repository, wrong.Digest.String()); err != nil || has {
		t.Errorf("and are there: %v", err)
	}
}

// push uploads a config and a layer, and pushes their image.
func (c *conformance) push(t *testing.T, repository, tag string, annotations map[string]string) (remote.Descriptor, []byte) {
	t.Helper()
	ctx := t.Context()
	if c.config.Size == 0 {
		config := []byte(`{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}`)
		c.config = remote.Descriptor{MediaType: "application/vnd.oci.image.config.v1+json", Digest: digest.FromBytes(config), Size: int64(len(config))}
		var layer []byte
		c.layer, layer = Blob(4, 5_000)
		for d, content := range map[*remote.Descriptor][]byte{&c.config: config, &c.layer: layer} {
			if err := c.Adapter.Upload(ctx, repository, remote.Upload{Blob: *d, Open: From(content)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	text := Text(map[string]any{"schemaVersion": 2, "mediaType": imageType, "config": c.config, "layers": []any{c.layer}, "annotations": annotations})
	if err := c.Adapter.PutManifest(ctx, repository, tag, imageType, text); err != nil {
		t.Fatal(err)
	}
	return remote.Descriptor{MediaType: imageType, Digest: digest.FromBytes(text), Size: int64(len(text))}, text
}

// Text is a value as JSON.
func Text(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own literal
	}
	return text
}

func (c *conformance) manifests(t *testing.T) {
	ctx := t.Context()
	c.image, c.imageText = c.push(t, c.Repository, "v1", nil)
	if err := c.Adapter.PutManifest(ctx, c.Repository, c.image.Digest.String(), imageType, c.imageText); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"v1", c.image.Digest.String()} {
		d, err := c.Adapter.Resolve(ctx, c.Repository, ref)
		if err != nil || d.Digest != c.image.Digest || d.Size != c.image.Size || d.MediaType != imageType {
			t.Errorf("resolve %s: %+v, %v", ref, d, err)
		}
		d, text, err := c.Adapter.Manifest(ctx, c.Repository, ref)
		if err != nil || !bytes.Equal(text, c.imageText) || d.Digest != c.image.Digest || d.MediaType != imageType {
			t.Errorf("manifest %s: %+v, %q, %v", ref, d, text, err)
		}
	}
	other := digest.FromString("another").String()
	if err := c.Adapter.PutManifest(ctx, c.Repository, other, imageType, c.imageText); err == nil {
		t.Error("a manifest was pushed under the digest of another")
	}
}

func (c *conformance) index(t *testing.T) {
	second, _ := c.push(t, c.Repository, "v2", map[string]string{"n": "2"})
	text := Text(map[string]any{"schemaVersion": 2, "mediaType": oci.MediaTypeImageIndex, "manifests": []any{c.image, second}})
	if err := c.Adapter.PutManifest(t.Context(), c.Repository, "multi", oci.MediaTypeImageIndex, text); err != nil {
		t.Fatal(err)
	}
	d, got, err := c.Adapter.Manifest(t.Context(), c.Repository, "multi")
	if err != nil || !bytes.Equal(got, text) || d.MediaType != oci.MediaTypeImageIndex {
		t.Fatalf("%+v, %q, %v", d, got, err)
	}
}

func (c *conformance) referrers(t *testing.T) {
	ctx := t.Context()
	if found, err := c.Adapter.Referrers(ctx, c.Repository, c.image.Digest.String()); err != nil || len(found) != 0 {
		t.Fatalf("before: %+v, %v", found, err)
	}
	text := Text(map[string]any{"schemaVersion": 2, "mediaType": imageType, "artifactType": "application/vnd.example.sbom", "config": c.config, "layers": []any{c.layer}, "subject": c.image})
	sbom := digest.FromBytes(text)
	if err := c.Adapter.PutManifest(ctx, c.Repository, sbom.String(), imageType, text); err != nil {
		t.Fatal(err)
	}
	tag := strings.Replace(c.image.Digest.String(), ":", "-", 1) + ".sig"
	signature, _ := c.push(t, c.Repository, tag, map[string]string{"signs": "v1"})
	found, err := c.Adapter.Referrers(ctx, c.Repository, c.image.Digest.String())
	if err != nil {
		t.Fatal(err)
	}
	at := func(d digest.Digest) int {
		return slices.IndexFunc(found, func(have remote.Descriptor) bool { return have.Digest == d })
	}
	if len(found) != 2 || at(sbom) < 0 || at(signature.Digest) < 0 {
		t.Fatalf("%+v", found)
	}
	if got := found[at(signature.Digest)].Annotations[remote.AnnotationTag]; got != tag {
		t.Errorf("the signature's tag is %q", got)
	}
	if got := found[at(sbom)].Annotations[remote.AnnotationTag]; got != "" {
		t.Errorf("the SBOM has the tag %q", got)
	}
}

func (c *conformance) tags(t *testing.T) {
	want := []string{"multi", "v1", "v2"}
	for i := range 5 {
		tag := fmt.Sprintf("more-%d", i)
		c.push(t, c.Repository, tag, map[string]string{"n": "2"})
		want = append(want, tag)
	}
	var all []string
	if err := c.Adapter.Tags(t.Context(), c.Repository, func(page []string) error { all = append(all, page...); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, tag := range want {
		if !slices.Contains(all, tag) {
			t.Errorf("%s is not among %v", tag, all)
		}
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(distinct) != len(all) {
		t.Errorf("some tags come twice: %v", all)
	}
	enough := errors.New("enough")
	if err := c.Adapter.Tags(t.Context(), c.Repository, func([]string) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("who has enough goes on: %v", err)
	}
}

func (c *conformance) mount(t *testing.T) {
	ctx := t.Context()
	mounted, err := c.Adapter.Mount(ctx, c.Other, c.Repository, c.layer.Digest.String())
	if err != nil {
		t.Fatal(err)
	}
	if mounted != c.Mounts {
		t.Errorf("mounted: %v", mounted)
	}
	if !mounted {
		_, content := Blob(4, 5_000)
		if err := c.Adapter.Upload(ctx, c.Other, remote.Upload{Blob: c.layer, Open: From(content)}); err != nil {
			t.Fatal(err)
		}
	}
	if has, err := c.Adapter.HasBlob(ctx, c.Other, c.layer.Digest.String()); err != nil || !has {
		t.Errorf("the blob is not there: %v", err)
	}
	nowhere := digest.FromString("nothing has this digest").String()
	if mounted, err := c.Adapter.Mount(ctx, c.Other, c.Repository, nowhere); err != nil || mounted {
		t.Errorf("what is not there: %v, %v", mounted, err)
	}
}

func (c *conformance) list(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	err := c.Adapter.Repositories(t.Context(), patterns, func(page []remote.Repository) error {
		for _, r := range page {
			all = append(all, r.Name)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("repositories of %q: %v", patterns, err)
	}
	return all
}

func (c *conformance) repositories(t *testing.T) {
	config := []byte(`{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}`)
	if err := c.Adapter.Upload(t.Context(), c.Other, remote.Upload{Blob: c.config, Open: From(config)}); err != nil {
		t.Fatal(err)
	}
	c.push(t, c.Other, "v1", nil)
	lists := [][]string{{c.Namespace}, {c.Repository, c.Other}, {c.Namespace, c.Repository}}
	if c.ListsAll {
		lists = append(lists, nil, []string{"**"})
	}
	for _, patterns := range lists {
		all := c.list(t, patterns...)
		for _, want := range []string{c.Repository, c.Other} {
			if n := count(all, want); n != 1 {
				t.Errorf("%q lists %s %d times among %v", patterns, want, n, all)
			}
		}
	}
	if all := c.list(t, "nobody-is-called-so-9/**"); slices.Contains(all, c.Repository) {
		t.Logf("a pattern of another namespace lists %v, which its caller matches", all)
	}
}

func count(all []string, what string) (n int) {
	for _, s := range all {
		if s == what {
			n++
		}
	}
	return n
}

func (c *conformance) deleteTag(t *testing.T) {
	ctx := t.Context()
	err := c.Adapter.DeleteTag(ctx, c.Repository, "more-0")
	if !c.DeletesTags {
		if !errors.Is(err, remote.ErrUnsupported) {
			t.Fatalf("%v does not say that it cannot be done", err)
		}
		if _, err := c.Adapter.Resolve(ctx, c.Repository, "more-0"); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Adapter.Resolve(ctx, c.Repository, "more-0"); !errors.Is(err, remote.ErrNotFound) {
		t.Errorf("the tag: %v", err)
	}
	if _, err := c.Adapter.Resolve(ctx, c.Repository, "v2"); err != nil {
		t.Errorf("another tag of the same artifact: %v", err)
	}
	if err := c.Adapter.DeleteTag(ctx, c.Repository, "more-0"); !errors.Is(err, remote.ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
}

func (c *conformance) deleteManifest(t *testing.T) {
	ctx := t.Context()
	gone, _ := c.push(t, c.Repository, "gone", map[string]string{"n": "gone"})
	err := c.Adapter.DeleteManifest(ctx, c.Repository, gone.Digest.String())
	if !c.DeletesContent {
		if !errors.Is(err, remote.ErrUnsupported) {
			t.Fatalf("%v does not say that it cannot be done", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"gone", gone.Digest.String()} {
		if _, err := c.Adapter.Resolve(ctx, c.Repository, ref); !errors.Is(err, remote.ErrNotFound) {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, err := c.Adapter.Resolve(ctx, c.Repository, "v1"); err != nil {
		t.Errorf("another artifact: %v", err)
	}
}
