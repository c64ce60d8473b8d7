package registryctl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// startUpload mounts, takes a blob in one request, or starts an upload: in this
// order, each when it was asked for.
func (g *Registry) startUpload(w *response, r *http.Request, rt route, who caller) error {
	q := r.URL.Query()
	if q.Has("mount") {
		d, err := oci.ParseDigest(q.Get("mount"))
		if err != nil {
			return err
		}
		mounted, err := g.mount(r.Context(), rt, who, q.Get("from"), d)
		if err != nil {
			return err
		}
		if mounted {
			blobCreated(w, rt.name, d)
			return nil
		}
	}
	u := g.sessions.start(rt.name, who.Subject)
	if q.Has("digest") {
		d, err := oci.ParseDigest(q.Get("digest"))
		if err != nil {
			return err
		}
		u.want = d
		return g.uploadWhole(w, r, u)
	}
	g.app.serve(w, r, u, "")
	return nil
}

// mount links a blob that another repository has. Without a source any repository
// will do that the caller may pull from. false means: upload it. A source that the
// token does not name is not refused here: the index looks at the caller's own
// memberships, as it does when no source is given.
func (g *Registry) mount(ctx context.Context, rt route, who caller, from string, d digest.Digest) (bool, error) {
	by := who.Subject
	if from != "" {
		if !oci.ValidRepository(from) {
			return false, nil
		}
		allowed, err := g.may(ctx, who, route{name: from}, pull)
		if err != nil {
			return false, err
		}
		by.SysAdmin = by.SysAdmin || allowed // for this one question: the source has been checked here
	}
	_, ok, err := g.index.MountBlob(ctx, by, from, rt.name, d)
	return ok, err
}

// uploadWhole takes a blob in the one request that also starts the upload.
func (g *Registry) uploadWhole(w *response, r *http.Request, u *session) error {
	g.metrics.uploads.Inc()
	defer g.metrics.uploads.Dec()
	out := g.newBlobWriter(r.Context(), u)
	defer func() { _ = out.Close() }()
	if _, err := out.ReadFrom(r.Body); err != nil {
		_ = out.Cancel(r.Context()) // what it leaves is an orphan, which garbage collection takes
		if u.broken != nil {
			return u.broken
		}
		return bodyError(r, err)
	}
	if _, err := out.Commit(r.Context(), v1.Descriptor{Digest: u.want}); err != nil {
		_ = out.Cancel(r.Context())
		if u.broken != nil {
			return u.broken
		}
		return err
	}
	blobCreated(w, u.repository, u.want)
	return nil
}

func blobCreated(w http.ResponseWriter, name string, d digest.Digest) {
	h := w.Header()
	h.Set("Location", location(name, "blobs", d.String()))
	h.Set("Docker-Content-Digest", d.String())
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusCreated)
}

// upload goes on with, asks for, finishes or cancels an upload. It decides here
// what distribution's App would answer with a 500 or without saying where the
// upload stands.
func (g *Registry) upload(w *response, r *http.Request, rt route, who caller) error {
	u, err := g.sessions.open(rt.reference, rt.name, who.Subject)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		unlock, ok := g.sessions.lock(u)
		if !ok {
			return refusal(http.StatusConflict, codeUploadInvalid, "another request is writing to this upload; wait for it, then ask for the upload's status")
		}
		defer unlock()
		g.metrics.uploads.Inc()
		defer g.metrics.uploads.Dec()
	}
	if err := g.sessions.locate(r.Context(), u); err != nil {
		return err
	}
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && !g.store.Local() {
		if err := g.sessions.recount(r.Context(), u); err != nil {
			return err
		}
	}
	claimed, told := claimedOffset(q)
	defer u.close()
	if u.size == 0 && claimed > 0 {
		return errUploadUnknown() // finished or cancelled elsewhere, or lost
	}
	if r.Method == http.MethodPatch || r.Method == http.MethodPut {
		if told && claimed != u.size {
			return g.outOfOrder(w, u, "this is not the upload's last Location: it has %d bytes, not %d", u.size, claimed)
		}
		if err := g.inOrder(w, r, u); err != nil {
			return err
		}
		if r.Method == http.MethodPut {
			if u.want, err = finalDigest(q); err != nil {
				return err
			}
		}
		if err := g.reopen(r.Context(), u); err != nil {
			return err
		}
	}
	g.app.serve(w, r, u, u.want)
	return nil
}

func finalDigest(q url.Values) (digest.Digest, error) {
	if !q.Has("digest") {
		return "", errDigest("the last request of an upload needs the blob's digest: ?digest=sha256:…")
	}
	return oci.ParseDigest(q.Get("digest"))
}

// reopen opens an upload that has bytes before the App is entered, because the
// App has no words for a storage that disagrees.
func (g *Registry) reopen(ctx context.Context, u *session) error {
	if u.size == 0 {
		return nil
	}
	file, err := g.store.WriteUpload(ctx, u.uuid, u.size)
	if err != nil {
		if g.store.Local() {
			return err
		}
		// Parts arrived after the last state was recorded: a process died there.
		g.log.WarnContext(ctx, "an upload cannot be resumed; the client starts again", "upload", u.uuid, "error", err)
		return errUploadUnknown()
	}
	u.file = file
	return nil
}

// inOrder checks a chunk's Content-Range: <start>-<end>, as the distribution-spec
// writes it; some clients write it as RFC 9110 does.
func (g *Registry) inOrder(w *response, r *http.Request, u *session) error {
	header := r.Header.Get("Content-Range")
	if header == "" {
		return nil
	}
	span, _, _ := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	from, to, ok := strings.Cut(span, "-")
	start, err1 := strconv.ParseInt(from, 10, 64)
	end, err2 := strconv.ParseInt(to, 10, 64)
	if !ok || err1 != nil || err2 != nil || start < 0 || end < start-1 {
		return refusal(http.StatusBadRequest, codeSizeInvalid, "Content-Range must be <first byte>-<last byte>, not %q", clip(header))
	}
	if start != u.size {
		return g.outOfOrder(w, u, "the chunk starts at byte %d, but the upload has %d bytes", start, u.size)
	}
	if r.ContentLength >= 0 && end-start+1 != r.ContentLength {
		return refusal(http.StatusBadRequest, codeSizeInvalid, "Content-Range %s is %d bytes, but Content-Length says %d", clip(header), end-start+1, r.ContentLength)
	}
	return nil
}

// outOfOrder tells where the upload stands, so that the client can go on.
func (g *Registry) outOfOrder(w *response, u *session, format string, a ...any) error {
	h := w.Header()
	h.Set("Location", location(u.repository, "blobs/uploads", u.id)+"?"+g.app.state(u).Encode())
	h.Set("Range", fmt.Sprintf("0-%d", max(u.size-1, 0)))
	h.Set("Docker-Upload-UUID", u.id)
	return refusal(http.StatusRequestedRangeNotSatisfiable, codeRangeInvalid, format, a...)
}
