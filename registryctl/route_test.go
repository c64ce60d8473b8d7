package registryctl

import (
	"net/url"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/oci"
)

func TestPathsAreReadFromTheirEnd(t *testing.T) {
	for path, want := range map[string]route{
		"/v2/_catalog":                                        {kind: kindCatalog},
		"/v2/a/b/manifests/v1":                                {kindManifest, "a/b", "v1"},
		"/v2/a/b/c/manifests/sha256:1":                        {kindManifest, "a/b/c", "sha256:1"},
		"/v2/a/manifests/b/manifests/v1":                      {kindManifest, "a/manifests/b", "v1"},
		"/v2/a/manifests/manifests/v1":                        {kindManifest, "a/manifests", "v1"},
		"/v2/a/tags/list/tags/list":                           {kindTags, "a/tags/list", ""},
		"/v2/a/b/tags/list":                                   {kindTags, "a/b", ""},
		"/v2/a/tags/manifests/list":                           {kindManifest, "a/tags", "list"},
		"/v2/a/b/blobs/sha256:1":                              {kindBlob, "a/b", "sha256:1"},
		"/v2/a/b/blobs/uploads":                               {kindUploads, "a/b", ""},
		"/v2/a/b/blobs/uploads/":                              {kindUploads, "a/b", ""},
		"/v2/a/b/blobs/uploads/1.2.3":                         {kindUpload, "a/b", "1.2.3"},
		"/v2/a/blobs/uploads/blobs/x":                         {kindBlob, "a/blobs/uploads", "x"},
		"/v2/a/b/referrers/sha256:1":                          {kindReferrers, "a/b", "sha256:1"},
		"/v2/a/b/manifests/sha256%3Aabc":                      {kindManifest, "a/b", "sha256:abc"},
		"/v2/a/b/blobs/sha256%3aabc":                          {kindBlob, "a/b", "sha256:abc"},
		"/v2/library/_catalog/x":                              {},
		"/v2/a/b":                                             {},
		"/v2/a/b/manifests/":                                  {},
		"/v2/a/b/manifests":                                   {},
		"/v2/manifests/v1":                                    {},
		"/v2/app/manifests/v1":                                {},
		"/v2//a/b/manifests/v1":                               {},
		"/v2/a//b/manifests/v1":                               {},
		"/v2/a/../b/manifests/v1":                             {},
		"/v2/a/b/../../../manifests/v1":                       {},
		"/v2/a%2Fb/manifests/v1":                              {},
		"/v2/a/b%2Fc/manifests/v1":                            {},
		"/v2/a/b%252Fc/manifests/v1":                          {},
		"/v2/a/b%00/manifests/v1":                             {},
		"/v2/a/b%5C/manifests/v1":                             {},
		"/v2/A/b/manifests/v1":                                {},
		"/v2/a/b/manifests/v1/":                               {},
		"/v2/a/b /manifests/v1":                               {},
		"/v2/a/" + strings.Repeat("b", 300):                   {},
		"/v2/a/" + strings.Repeat("b", 254) + "/manifests/v1": {},
		"/v2/a/b/manifests/" + strings.Repeat("v", 3000):      {},
		"/v1/a/b/manifests/v1":                                {},
		"/":                                                   {},
	} {
		u, err := url.Parse(strings.ReplaceAll(path, " ", "%20"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseRoute(u)
		if refused := want == (route{}); refused {
			if err == nil {
				t.Errorf("%s is accepted: %+v", path, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", path, got, err, want)
		}
	}
}

func TestTheBaseIsReadWithAndWithoutItsSlash(t *testing.T) {
	for _, path := range []string{"/v2", "/v2/"} {
		if r, err := parseRoute(&url.URL{Path: path}); err != nil || r != (route{kind: kindBase}) {
			t.Errorf("%s: %+v, %v", path, r, err)
		}
	}
}

func FuzzParseRoute(f *testing.F) {
	for _, path := range []string{"/v2/", "/v2/a/b/manifests/v1", "/v2/a/b/blobs/uploads/x", "/v2/a%2Fb/tags/list", "/v2/a/../b/referrers/sha256:1"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		r, err := parseRoute(u)
		if err != nil {
			p, known := asProblem(r.kind, err)
			if !known || p.status < 400 || p.status > 499 || len(p.message) > 1024 {
				t.Fatalf("%q: %+v", path, p)
			}
			return
		}
		if r.kind == kindBase || r.kind == kindCatalog {
			if r.name != "" {
				t.Fatalf("%q has the name %q", path, r.name)
			}
			return
		}
		if _, _, ok := oci.SplitProject(r.name); !ok || !oci.ValidRepository(r.name) || r.project() == "" {
			t.Fatalf("%q has the name %q", path, r.name)
		}
		if strings.Contains(r.reference, "/") {
			t.Fatalf("%q has the reference %q", path, r.reference)
		}
		if !strings.HasPrefix(u.Path, prefix+r.name+"/") || !strings.HasSuffix(u.Path, r.reference) {
			t.Fatalf("%q: %+v is not what was sent", path, r)
		}
	})
}

func BenchmarkParseRoute(b *testing.B) {
	u := &url.URL{Path: "/v2/library/team/app/manifests/v1.2.3"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseRoute(u); err != nil {
			b.Fatal(err)
		}
	}
}
