package registryctl

import (
	"errors"
	"net/http"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

func (g *Registry) blob(w *response, r *http.Request, rt route, who caller) error {
	d, err := oci.ParseDigest(rt.reference)
	if err != nil {
		return err
	}
	if r.Method == http.MethodDelete {
		if err := g.index.UnlinkBlob(r.Context(), who.Subject, rt.name, d); err != nil {
			return err
		}
		w.WriteHeader(http.StatusAccepted)
		return nil
	}
	return g.getBlob(w, r, rt, d)
}

// getBlob is one query; the bytes go from the storage to the client untouched.
func (g *Registry) getBlob(w *response, r *http.Request, rt route, d digest.Digest) error {
	stat, err := g.index.StatBlob(r.Context(), rt.name, d)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead && stat.LeaseEnd {
		// The client will not upload what it was told is here; the manifest that
		// needs it is still to come.
		if err := g.index.ExtendLease(r.Context(), rt.name, d); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", d.String())
	h.Set("ETag", etag(d))
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "max-age=31536000")
	err = g.store.Serve(w, r, d, stat.Size)
	if err == nil {
		return nil
	}
	for _, name := range []string{"Docker-Content-Digest", "ETag", "Content-Type", "Cache-Control"} {
		h.Del(name)
	}
	if errors.Is(err, storage.ErrMissing) {
		// Not found rather than broken: a client that is about to push then sends
		// the bytes, and the commit puts them back.
		g.log.ErrorContext(r.Context(), "a blob of the index is not in storage; restore it from a backup or push it again",
			"repository", rt.name, "digest", d.String(), "size", stat.Size)
		return refusal(http.StatusNotFound, codeBlobUnknown, "blob %s is missing in storage; push it again", d)
	}
	return err
}
