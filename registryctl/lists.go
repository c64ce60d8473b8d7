package registryctl

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// maxList is how many names, and maxReferrers how many descriptors, which bring
// their annotations, one answer holds; the rest is behind its Link.
const (
	maxList      = 10_000
	maxReferrers = 1_000
)

// window reads n and last of a list.
func window(q url.Values) (n int, last string, err error) {
	last = q.Get("last")
	if !plain(last) {
		return 0, "", refusal(http.StatusBadRequest, codeNameInvalid, "last must be the name that the list before ended with")
	}
	if !q.Has("n") {
		return maxList, last, nil
	}
	n, err = strconv.Atoi(q.Get("n"))
	if err != nil || n < 0 {
		return 0, "", refusal(http.StatusBadRequest, codePageInvalid, "n must be a number from 0 to %d, not %q", maxList, clip(q.Get("n")))
	}
	return min(n, maxList), last, nil
}

// plain says whether text from a query can be compared with anything stored.
func plain(text string) bool {
	return len(text) <= maxPath && utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}

// page cuts a list that was asked for with one more than n, and says with Link
// where it goes on.
func page(w http.ResponseWriter, path string, names []string, n int) []string {
	if len(names) <= n {
		if names == nil {
			return []string{}
		}
		return names
	}
	names = names[:n]
	next := url.Values{"last": {names[n-1]}, "n": {strconv.Itoa(n)}}
	w.Header().Set("Link", "<"+path+"?"+next.Encode()+`>; rel="next"`)
	return names
}

func (g *Registry) tags(w *response, r *http.Request, rt route) error {
	n, last, err := window(r.URL.Query())
	if err != nil {
		return err
	}
	names, err := g.index.TagNames(r.Context(), rt.name, last, n+1)
	if err != nil {
		return err
	}
	names = some(names, n)
	writeJSON(w, http.StatusOK, jsonType, struct {
		Name string   `json:"name"`
		Tags []string `json:"tags"`
	}{rt.name, page(w, prefix+rt.name+"/tags/list", names, n)})
	return nil
}

func (g *Registry) catalog(w *response, r *http.Request) error {
	n, last, err := window(r.URL.Query())
	if err != nil {
		return err
	}
	names, err := g.index.Catalog(r.Context(), last, n+1)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, jsonType, map[string][]string{
		"repositories": page(w, prefix+"_catalog", some(names, n), n),
	})
	return nil
}

// some is nothing for n=0: a client that asks for no names gets no Link either,
// as there is no last one to go on from.
func some(names []string, n int) []string {
	if n == 0 {
		return nil
	}
	return names
}

// index is the answer of the referrers endpoint, in the order of Harbor's fields.
type index struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Manifests     []descriptor `json:"manifests"`
}

type descriptor struct {
	MediaType    string            `json:"mediaType"`
	Digest       digest.Digest     `json:"digest"`
	Size         int64             `json:"size"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	ArtifactType string            `json:"artifactType,omitempty"`
}

// referrers lists what refers to a digest. A subject that nobody knows has no
// referrers, which is not an error.
func (g *Registry) referrers(w *response, r *http.Request, rt route) error {
	d, err := oci.ParseDigest(rt.reference)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	filter, last := query.Get("artifactType"), query.Get("last")
	if !plain(filter) {
		return refusal(http.StatusBadRequest, codeManifestInvalid, "artifactType must be a media type")
	}
	if !plain(last) {
		return refusal(http.StatusBadRequest, codeManifestInvalid, "last must be the digest that the list before ended with")
	}
	found, err := g.index.Referrers(r.Context(), rt.name, d, filter, last, maxReferrers+1)
	if err != nil {
		return err
	}
	if filter != "" {
		w.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	if len(found) > maxReferrers {
		found = found[:maxReferrers]
		query.Set("last", found[maxReferrers-1].Digest)
		w.Header().Set("Link", "<"+prefix+rt.name+"/referrers/"+d.String()+"?"+query.Encode()+`>; rel="next"`)
	} else if last == "" { // it is all there are
		w.Header().Set("X-Total-Count", strconv.Itoa(len(found)))
	}
	writeJSON(w, http.StatusOK, oci.MediaTypeImageIndex, index{2, oci.MediaTypeImageIndex, descriptors(found)})
	return nil
}

func descriptors(found []artifact.Referrer) []descriptor {
	out := make([]descriptor, len(found))
	for i, f := range found {
		out[i] = descriptor{f.MediaType, digest.Digest(f.Digest), f.Size, f.Annotations, f.ArtifactType}
	}
	return out
}
