package registryctl

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// kind is which endpoint of the distribution-spec a path names.
type kind int

const (
	kindBase kind = iota
	kindCatalog
	kindManifest
	kindBlob
	kindUploads // where uploads start
	kindUpload  // one of them
	kindTags
	kindReferrers
)

func (k kind) String() string {
	return [...]string{"base", "catalog", "manifest", "blob", "uploads", "upload", "tags", "referrers"}[k]
}

// methods are what an endpoint answers.
func (k kind) methods() []string {
	switch k {
	case kindManifest:
		return []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete}
	case kindBlob:
		return []string{http.MethodGet, http.MethodHead, http.MethodDelete}
	case kindUploads:
		return []string{http.MethodPost}
	case kindUpload:
		return []string{http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPut, http.MethodDelete}
	}
	return []string{http.MethodGet, http.MethodHead}
}

// route is a parsed path: the repository's full name and what stands behind it.
type route struct {
	kind      kind
	name      string // project/repository; '' for the base and the catalog
	reference string // tag, digest or upload id, as it was sent
}

func (r route) project() string {
	project, _, _ := oci.SplitProject(r.name)
	return project
}

const (
	prefix     = "/v2/"
	maxPath    = 2048 // name, a sha512 digest or a signed upload id, and room
	uploadsEnd = "/blobs/uploads"
)

// parseRoute reads a path by the distribution-spec's grammar. A repository's name
// may hold words like "manifests" or "tags" itself, so the end of the path decides.
// Whatever it accepts has a valid name; references are checked by who uses them.
func parseRoute(u *url.URL) (route, error) {
	path := u.Path
	if len(path) > maxPath {
		return route{}, errNameInvalid("the path has more than 2048 characters")
	}
	if encodesPath(u.RawPath) {
		return route{}, errNameInvalid("a repository's name is written with plain slashes, not encoded")
	}
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		if path == "/v2" {
			return route{kind: kindBase}, nil
		}
		return route{}, errNoRoute(path)
	}
	switch rest {
	case "":
		return route{kind: kindBase}, nil
	case "_catalog":
		return route{kind: kindCatalog}, nil
	}
	r, ok := split(rest)
	if !ok {
		return route{}, errNoRoute(path)
	}
	if !oci.ValidRepository(r.name) {
		return route{}, errNameInvalid("invalid repository name: %s; a name is lowercase letters and digits joined by single dots, dashes, underscores and slashes, at most %d characters", clip(r.name), oci.MaxRepositoryLength)
	}
	if _, _, ok := oci.SplitProject(r.name); !ok {
		return route{}, errNameInvalid("invalid repository name: %s; write it as <project>/<repository>", clip(r.name))
	}
	return r, nil
}

// split cuts what follows /v2/ into name, endpoint and reference.
func split(rest string) (route, bool) {
	if name, ok := strings.CutSuffix(rest, "/tags/list"); ok {
		return route{kind: kindTags, name: name}, true
	}
	if name, ok := strings.CutSuffix(strings.TrimSuffix(rest, "/"), uploadsEnd); ok {
		return route{kind: kindUploads, name: name}, true
	}
	slash := strings.LastIndexByte(rest, '/')
	if slash < 0 || slash == len(rest)-1 {
		return route{}, false
	}
	before, reference := rest[:slash], rest[slash+1:]
	for _, e := range [...]struct {
		suffix string
		kind   kind
	}{
		{"/manifests", kindManifest},
		{"/blobs", kindBlob},
		{uploadsEnd, kindUpload},
		{"/referrers", kindReferrers},
	} {
		if name, ok := strings.CutSuffix(before, e.suffix); ok {
			return route{kind: e.kind, name: name, reference: reference}, true
		}
	}
	return route{}, false
}

// encodesPath says whether a path as sent hides a slash, a percent sign or a NUL.
// Other encodings (the colon of a digest) are harmless: the grammar is checked on
// what they decode to.
func encodesPath(raw string) bool {
	for i := strings.IndexByte(raw, '%'); i >= 0 && i+2 < len(raw); {
		switch strings.ToLower(raw[i+1 : i+3]) {
		case "2f", "25", "00", "5c":
			return true
		}
		next := strings.IndexByte(raw[i+1:], '%')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// clip keeps input from setting the length of a message.
func clip(s string) string {
	const limit = 300
	if len(s) > limit {
		return strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
