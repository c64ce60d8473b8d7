package registryctl

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// internalAgent is how Harbor's own components call; their reads are no pulls.
const internalAgent = "harbor-registry-client"

func (g *Registry) manifest(w *response, r *http.Request, rt route, who caller) error {
	ref, err := oci.ParseReference(rt.reference)
	if err != nil {
		return err
	}
	switch r.Method {
	case http.MethodPut:
		return g.putManifest(w, r, rt, ref, who)
	case http.MethodDelete:
		return g.deleteManifest(w, r, rt, ref, who)
	}
	return g.getManifest(w, r, rt, ref, who)
}

// getManifest is one query, and no bytes move when they are in memory.
func (g *Registry) getManifest(w *response, r *http.Request, rt route, ref oci.Reference, who caller) error {
	known, payload := g.manifests.guess(rt.name, ref)
	res, err := g.index.ResolveManifest(r.Context(), rt.name, ref, known)
	if err != nil {
		return err
	}
	g.metrics.cacheResult(res.Payload == nil)
	if res.Payload != nil {
		payload = res.Payload
		g.manifests.learn(rt.name, ref, res.Digest, payload)
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", res.Digest.String())
	h.Set("ETag", etag(res.Digest))
	if matches(r.Header.Values("If-None-Match"), res.Digest) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", res.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(payload)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if !strings.Contains(r.UserAgent(), internalAgent) {
		g.index.Pulled(who.Subject, rt.name, res, ref.Tag)
	}
	_, _ = w.Write(payload) // a client that has gone is no news
	return nil
}

func (g *Registry) deleteManifest(w *response, r *http.Request, rt route, ref oci.Reference, who caller) error {
	if err := g.index.DeleteManifest(r.Context(), who.Subject, rt.name, ref); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// readManifest reads a body that may be a manifest.
func readManifest(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > oci.MaxManifestSize {
		w.Header().Set("Connection", "close") // do not wait for the rest
		return nil, errManifestTooLarge()
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, oci.MaxManifestSize))
	if err != nil {
		return nil, bodyError(r, err)
	}
	return payload, nil
}

func errManifestTooLarge() error {
	return refusal(http.StatusRequestEntityTooLarge, codeSizeInvalid, "the manifest is too large; at most %d bytes are accepted", oci.MaxManifestSize)
}

func etag(d digest.Digest) string { return `"` + d.String() + `"` }

// matches reads If-None-Match. The quotes are optional, as old clients leave
// them out.
func matches(headers []string, d digest.Digest) bool {
	for _, header := range headers {
		for candidate := range strings.SplitSeq(header, ",") {
			candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
			if candidate == "*" || strings.Trim(candidate, `"`) == d.String() {
				return true
			}
		}
	}
	return false
}
