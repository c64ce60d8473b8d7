package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// accepted are the manifests that are asked for, in this order. Schema 1 is not among
// them: registries convert to it for clients that do.
func accepted() []string {
	return []string{
		oci.MediaTypeImageIndex, oci.MediaTypeImageManifest, oci.MediaTypeDockerList, oci.MediaTypeDockerManifest,
		"application/vnd.oci.artifact.manifest.v1+json", "*/*;q=0.1",
	}
}

const digestHeader = "Docker-Content-Digest"

// Resolve is end-3 of the distribution-spec, with HEAD.
func (r *registry) Resolve(ctx context.Context, repository, ref string) (Descriptor, error) {
	answer, err := r.do(ctx, r.aboutManifest("look up", http.MethodHead, repository, ref))
	if err != nil {
		var refused *RefusedError
		if errors.As(err, &refused) && refused.Status == http.StatusMethodNotAllowed {
			d, _, err := r.Manifest(ctx, repository, ref)
			return d, err
		}
		return Descriptor{}, err
	}
	drain(answer.Body)
	kind, known := mediaType(answer)
	named, err := oci.ParseDigest(answer.Header.Get(digestHeader))
	if err != nil || !known || answer.ContentLength <= 0 || isDigest(ref) && named.String() != ref {
		d, _, err := r.Manifest(ctx, repository, ref)
		return d, err
	}
	return Descriptor{MediaType: kind, Digest: named, Size: answer.ContentLength}, nil
}

func (r *registry) aboutManifest(doing, method, repository, ref string) request {
	return request{
		doing: fmt.Sprintf("%s %s", doing, written(repository, ref)), method: method, url: r.at("/v2/" + repository + "/manifests/" + ref),
		scopes: []string{pulls(repository)}, follow: true, ok: []int{http.StatusOK}, header: http.Header{"Accept": {strings.Join(accepted(), ", ")}},
	}
}

// written is a reference as people write it.
func written(repository, ref string) string {
	if isDigest(ref) {
		return repository + "@" + ref
	}
	return repository + ":" + ref
}

func isDigest(ref string) bool {
	_, err := oci.ParseDigest(ref)
	return err == nil
}

// mediaType is that of an answer, and whether it says anything.
func mediaType(answer *http.Response) (string, bool) {
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch {
	case err != nil, kind == "", kind == "application/json", kind == "text/plain", kind == "application/octet-stream":
		return "", false
	}
	return kind, true
}

// Manifest is end-3 of the distribution-spec, with GET.
func (r *registry) Manifest(ctx context.Context, repository, ref string) (Descriptor, []byte, error) {
	asked := r.aboutManifest("get", http.MethodGet, repository, ref)
	answer, err := r.do(ctx, asked)
	if err != nil {
		return Descriptor{}, nil, err
	}
	defer drain(answer.Body)
	text, err := io.ReadAll(io.LimitReader(answer.Body, oci.MaxManifestSize+1))
	if err != nil {
		return Descriptor{}, nil, fmt.Errorf("%s: %w", asked.doing, err)
	}
	if len(text) > oci.MaxManifestSize {
		return Descriptor{}, nil, &RefusedError{Host: r.base.Host, Doing: asked.doing, Status: answer.StatusCode, Code: "MANIFEST_INVALID", Message: fmt.Sprintf("it has more than %d MiB", oci.MaxManifestSize>>20)}
	}
	d := Descriptor{Size: int64(len(text))}
	if d.Digest, err = digestAs(ref, answer.Header.Get(digestHeader), text); err != nil {
		return Descriptor{}, nil, fmt.Errorf("%s: %w", asked.doing, err)
	}
	kind, known := mediaType(answer)
	if !known {
		kind = mediaTypeInside(text)
	}
	d.MediaType = kind
	return d, text, nil
}

// digestAs is the digest of a manifest: the one that was asked for, or the one that
// the registry names. Either has to be that of the bytes.
func digestAs(ref, named string, text []byte) (digest.Digest, error) {
	for _, s := range []string{ref, named} {
		want, err := oci.ParseDigest(s)
		if err != nil {
			continue
		}
		if have := want.Algorithm().FromBytes(text); have != want {
			return "", fmt.Errorf("%w: %d bytes with the digest %s came for %s", ErrCorrupt, len(text), have, want)
		}
		return want, nil
	}
	return digest.FromBytes(text), nil
}

// mediaTypeInside is what a manifest says of itself, for registries that do not.
func mediaTypeInside(text []byte) string {
	var m struct {
		MediaType string            `json:"mediaType"`
		Manifests []json.RawMessage `json:"manifests"`
	}
	if json.Unmarshal(text, &m) != nil {
		return ""
	}
	switch {
	case m.MediaType != "":
		return m.MediaType
	case m.Manifests != nil:
		return oci.MediaTypeImageIndex
	}
	return oci.MediaTypeImageManifest
}

// PutManifest is end-7 of the distribution-spec. Where the registry does not keep
// referrers by itself, it keeps them in the index of the fallback tag.
func (r *registry) PutManifest(ctx context.Context, repository, ref, kind string, text []byte) error {
	answer, err := r.put(ctx, repository, ref, kind, text)
	if err != nil {
		return err
	}
	subject, entry := asReferrer(kind, text)
	if subject == "" || answer.Get("OCI-Subject") != "" {
		return nil
	}
	return r.keepReferrer(ctx, repository, subject, entry)
}

func (r *registry) put(ctx context.Context, repository, ref, kind string, text []byte) (http.Header, error) {
	asked := request{
		doing: "push " + written(repository, ref), method: http.MethodPut, url: r.at("/v2/" + repository + "/manifests/" + ref),
		scopes: []string{pushes(repository)}, ok: []int{http.StatusCreated, http.StatusOK, http.StatusAccepted},
		header: http.Header{"Content-Type": {kind}}, body: payload(text), size: int64(len(text)),
	}
	if isDigest(ref) {
		if _, err := digestAs(ref, "", text); err != nil {
			return nil, fmt.Errorf("%s: %w", asked.doing, err)
		}
	}
	answer, err := r.do(ctx, asked)
	if err != nil {
		return nil, err
	}
	drain(answer.Body)
	if _, err := digestAs(answer.Header.Get(digestHeader), "", text); err != nil {
		return nil, fmt.Errorf("%s: the registry has kept something else: %w", asked.doing, err)
	}
	return answer.Header, nil
}

// DeleteManifest is end-9 of the distribution-spec.
func (r *registry) DeleteManifest(ctx context.Context, repository, digest string) error {
	return r.remove(ctx, repository, digest)
}

// DeleteTag is end-9 of the distribution-spec with a tag, which registries before its
// version 1.1 refuse as a digest that is none.
func (r *registry) DeleteTag(ctx context.Context, repository, tag string) error {
	err := r.remove(ctx, repository, tag)
	var refused *RefusedError
	if errors.As(err, &refused) && (refused.Status == http.StatusBadRequest || errors.Is(refused, ErrUnsupported)) {
		return fmt.Errorf("%w: delete one tag: %w", ErrUnsupported, err)
	}
	return err
}

func (r *registry) remove(ctx context.Context, repository, ref string) error {
	answer, err := r.do(ctx, request{
		doing: "delete " + written(repository, ref), method: http.MethodDelete, url: r.at("/v2/" + repository + "/manifests/" + ref),
		scopes: []string{deletes(repository)}, ok: []int{http.StatusAccepted, http.StatusOK, http.StatusNoContent},
	})
	if err != nil {
		return err
	}
	drain(answer.Body)
	return nil
}
