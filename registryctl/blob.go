package registryctl

import (
	"bytes"
	"errors"
	"net/http"
	"time"

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

// smallBlob is how large a blob may be to be kept in memory, as configs are.
const smallBlob = 64 << 10

// getBlob costs no query of its own when the repository had the blob before and
// nothing was taken out of it since. The bytes go from the storage to the client
// untouched, or come from memory.
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
	small, err := g.small(r, d, stat.Size)
	if err != nil {
		return g.blobFailed(r, rt, d, stat.Size, err)
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", d.String())
	h.Set("ETag", etag(d))
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "max-age=31536000")
	if small != nil {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(small))
		return nil
	}
	if err = g.store.Serve(w, r, d, stat.Size); err == nil {
		return nil
	}
	for _, name := range []string{"Docker-Content-Digest", "ETag", "Content-Type", "Cache-Control"} {
		h.Del(name)
	}
	return g.blobFailed(r, rt, d, stat.Size, err)
}

// small returns a blob that is small enough for memory, nil for others. A HEAD always
// looks into the storage: a client that is about to push trusts its answer.
func (g *Registry) small(r *http.Request, d digest.Digest, size int64) ([]byte, error) {
	if size == 0 || size > smallBlob || r.Method != http.MethodGet {
		return nil, nil
	}
	content := g.payloads.get(d)
	g.metrics.cacheResult(content != nil)
	if content != nil {
		return content, nil
	}
	content, err := g.store.Read(r.Context(), d, size)
	if err != nil {
		return nil, err
	}
	if int64(len(content)) != size { // of another layout, or damaged: not what was pushed
		return nil, storage.ErrMissing
	}
	g.payloads.put(d, content)
	return content, nil
}

func (g *Registry) blobFailed(r *http.Request, rt route, d digest.Digest, size int64, err error) error {
	if !errors.Is(err, storage.ErrMissing) {
		return err
	}
	// Not found rather than broken: a client that is about to push then sends
	// the bytes, and the commit puts them back.
	g.log.ErrorContext(r.Context(), "a blob of the index is not in storage; restore it from a backup or push it again",
		"repository", rt.name, "digest", d.String(), "size", size)
	return refusal(http.StatusNotFound, codeBlobUnknown, "blob %s is missing in storage; push it again", d)
}
