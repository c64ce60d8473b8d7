package registryctl

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
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

// getManifest costs no query of its own when the name has not changed since it was
// looked up, and no bytes move when they are in memory.
func (g *Registry) getManifest(w *response, r *http.Request, rt route, ref oci.Reference, who caller) error {
	res, err := g.index.ResolveManifest(r.Context(), rt.name, ref)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", res.Digest.String())
	h.Set("ETag", etag(res.Digest))
	if matches(r.Header.Values("If-None-Match"), res.Digest) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", res.MediaType)
	h.Set("Content-Length", strconv.FormatInt(res.Size, 10))
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	payload, err := g.manifestPayload(r.Context(), res)
	if err != nil {
		for _, name := range []string{"Docker-Content-Digest", "ETag", "Content-Type", "Content-Length"} {
			h.Del(name)
		}
		return err
	}
	w.WriteHeader(http.StatusOK)
	if !strings.Contains(r.UserAgent(), internalAgent) {
		g.index.Pulled(who.Subject, rt.name, res, ref.Tag)
	}
	_, _ = w.Write(payload) // a client that has gone is no news
	return nil
}

func (g *Registry) manifestPayload(ctx context.Context, res artifact.Resolved) (payload []byte, err error) {
	if payload = g.payloads.get(res.Digest); payload != nil {
		g.metrics.cacheResult(true)
		return payload, nil
	}
	g.metrics.cacheResult(false)
	if payload = res.Payload; payload == nil {
		if payload, err = g.index.ManifestPayload(ctx, res.Digest); err != nil {
			return nil, err
		}
	}
	g.payloads.put(res.Digest, payload)
	return payload, nil
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
