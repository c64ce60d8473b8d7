package registryctl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// maxConfig is how large a config is read to understand an artifact; a larger
// one is a blob like any other.
const maxConfig = 4 << 20

// replicationAgent is part of how a Roadstead that replicates calls, so that its copies
// are told apart from what people push.
const replicationAgent = "roadstead-replication"

// putManifest is the end of a push. What can be refused without the database is
// refused first; then the copy in storage is written, which nobody sees until
// CommitPush, one transaction, makes the artifact and its tag visible.
func (g *Registry) putManifest(w *response, r *http.Request, rt route, ref oci.Reference, who caller) error {
	payload, err := readManifest(w, r)
	if err != nil {
		return err
	}
	m, err := oci.ParseManifest(r.Header.Get("Content-Type"), payload)
	if err != nil {
		return err
	}
	d, err := manifestDigest(m, ref)
	if err != nil {
		return err
	}
	var wrote bool
	place := func(ctx context.Context) (err error) {
		wrote, err = g.store.PutManifest(ctx, d, payload)
		return err
	}
	if err := place(r.Context()); err != nil {
		return err
	}
	pushed, err := g.index.CommitPush(r.Context(), who.Subject, artifact.Push{
		Repository: rt.name, Tag: ref.Tag, Manifest: m, Digest: d, Payload: payload, Config: g.config(r.Context(), m), Place: place,
		Replicated: replicated(r),
	})
	if err != nil {
		return err
	}
	if pushed.New && !wrote { // it was there, and garbage collection may have been about to take it
		if err := place(r.Context()); err != nil {
			g.log.WarnContext(r.Context(), "the storage has no copy of a manifest; a check of the storage writes it", "digest", d.String(), "error", err)
		}
	}
	g.payloads.put(d, payload)
	h := w.Header()
	h.Set("Location", location(rt.name, "manifests", d.String()))
	h.Set("Docker-Content-Digest", d.String())
	if m.Subject != nil {
		h.Set("OCI-Subject", m.Subject.Digest.String())
	}
	if pushed.Usage.NearlyFull() {
		h.Set("Warning", nearlyFull(rt.project(), pushed.Usage))
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

// replicated says whether another registry's replication sends the request.
func replicated(r *http.Request) bool { return strings.Contains(r.UserAgent(), replicationAgent) }

func manifestDigest(m oci.Manifest, ref oci.Reference) (digest.Digest, error) {
	if !ref.IsDigest() {
		return m.Digest, nil
	}
	d, err := m.DigestWith(ref.Digest.Algorithm())
	if err != nil {
		return "", err
	}
	if d != ref.Digest {
		return "", errDigest("the manifest's digest is %s, but it was pushed as %s; its bytes were changed on the way", d, ref.Digest)
	}
	return d, nil
}

// config reads the config of what people look at. It is only for showing: when it
// cannot be read the push goes on, and fails by itself if the blob is not there.
func (g *Registry) config(ctx context.Context, m oci.Manifest) []byte {
	if m.Config == nil || m.Config.Size > maxConfig {
		return nil
	}
	switch m.Config.MediaType {
	case oci.MediaTypeImageConfig, oci.MediaTypeDockerConfig, oci.MediaTypeChartConfig:
	default:
		return nil
	}
	if len(m.Config.Data) > 0 { // checked against the digest by ParseManifest
		return m.Config.Data
	}
	config, err := g.store.Read(ctx, m.Config.Digest, maxConfig)
	if err != nil {
		return nil
	}
	return config
}

// location is a path of this registry. Relative, so that it is right behind every
// proxy.
func location(name, endpoint, reference string) string {
	return (&url.URL{Path: prefix + name + "/" + endpoint + "/" + reference}).EscapedPath()
}

// bodyError is what a request body that ends too soon means.
func bodyError(r *http.Request, err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return err
	case r.Context().Err() != nil:
		return context.Canceled
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refusal(http.StatusBadRequest, codeSizeInvalid, "the body is shorter than Content-Length says; send it again")
	}
	return refusal(http.StatusBadRequest, codeSizeInvalid, "the body cannot be read: %v", err)
}

// nearlyFull is the warning that clients show after a push (OCI distribution-spec,
// warnings). Neither a project's name nor a number needs quoting.
func nearlyFull(project string, u artifact.Usage) string {
	return fmt.Sprintf(`299 - "project %s uses %s of its storage; pushes are refused when it is full: delete what is not needed, or ask an administrator for more"`, project, u)
}
