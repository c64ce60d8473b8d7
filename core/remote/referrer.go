package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// Referrers is end-12 of the distribution-spec, with its fallback and cosign's tags,
// which are asked for one by one: three HEAD whatever the number of tags.
func (r *registry) Referrers(ctx context.Context, repository, of string) ([]Descriptor, error) {
	d, err := oci.ParseDigest(of)
	if err != nil {
		return nil, err
	}
	found, err := r.referrers(ctx, repository, d)
	if err != nil {
		return nil, err
	}
	for _, suffix := range []string{oci.SuffixSignature, oci.SuffixAttestation, oci.SuffixSBOM} {
		tag := oci.FallbackTag(d) + "." + suffix
		tagged, err := r.Resolve(ctx, repository, tag)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(have Descriptor) bool { return have.Digest == tagged.Digest })
		tagged.Annotations = map[string]string{AnnotationTag: tag}
		found = append(found, tagged)
	}
	return found, nil
}

func (r *registry) referrers(ctx context.Context, repository string, d digest.Digest) ([]Descriptor, error) {
	doing := fmt.Sprintf("list what refers to %s", written(repository, d.String()))
	var found []Descriptor
	err := r.pages(ctx, request{doing: doing, url: r.at("/v2/" + repository + "/referrers/" + d.String()), scopes: []string{pulls(repository)}, header: http.Header{"Accept": {oci.MediaTypeImageIndex}}}, func(body io.Reader) error {
		page, err := readReferrers(body)
		if err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		found = append(found, page...)
		return nil
	})
	if err == nil {
		return found, nil
	}
	var refused *RefusedError
	if errors.Is(err, ErrNotFound) || errors.As(err, &refused) && (refused.Status == http.StatusBadRequest || errors.Is(refused, ErrUnsupported)) {
		index, err := r.fallbackIndex(ctx, repository, d)
		return index.Manifests, err
	}
	return nil, err
}

func readReferrers(body io.Reader) ([]Descriptor, error) {
	var index v1.Index
	if err := decode(body, &index); err != nil {
		return nil, err
	}
	for _, d := range index.Manifests {
		if _, err := oci.ParseDigest(d.Digest.String()); err != nil {
			return nil, err
		}
	}
	return index.Manifests, nil
}

// fallbackIndex is the index of the referrers tag, empty where there is none.
func (r *registry) fallbackIndex(ctx context.Context, repository string, d digest.Digest) (v1.Index, error) {
	_, text, err := r.Manifest(ctx, repository, oci.FallbackTag(d))
	if errors.Is(err, ErrNotFound) {
		return v1.Index{}, nil
	}
	if err != nil {
		return v1.Index{}, err
	}
	var index v1.Index
	if err := json.Unmarshal(text, &index); err != nil {
		return v1.Index{}, fmt.Errorf("read the index %s: %w", written(repository, oci.FallbackTag(d)), err)
	}
	for _, entry := range index.Manifests {
		if _, err := oci.ParseDigest(entry.Digest.String()); err != nil {
			return v1.Index{}, fmt.Errorf("read the index %s: %w", written(repository, oci.FallbackTag(d)), err)
		}
	}
	return index, nil
}

// asReferrer is the subject of a manifest, "" where it has none, and the entry that a
// list of referrers has for it (distribution-spec, listing referrers).
func asReferrer(kind string, text []byte) (digest.Digest, Descriptor) {
	var m struct {
		ArtifactType string            `json:"artifactType"`
		Config       *Descriptor       `json:"config"`
		Subject      *Descriptor       `json:"subject"`
		Annotations  map[string]string `json:"annotations"`
	}
	if json.Unmarshal(text, &m) != nil || m.Subject == nil {
		return "", Descriptor{}
	}
	subject, err := oci.ParseDigest(m.Subject.Digest.String())
	if err != nil {
		return "", Descriptor{}
	}
	entry := Descriptor{MediaType: kind, Digest: digest.FromBytes(text), Size: int64(len(text)), ArtifactType: m.ArtifactType, Annotations: maps.Clone(m.Annotations)}
	if entry.ArtifactType == "" && m.Config != nil {
		entry.ArtifactType = m.Config.MediaType
	}
	return subject, entry
}

// keepReferrer adds a referrer to the index of the fallback tag, as the specification
// asks of clients. Others that do the same at the same time may lose an entry to each
// other; nothing in the protocol prevents it.
func (r *registry) keepReferrer(ctx context.Context, repository string, subject digest.Digest, entry Descriptor) error {
	r.fallback.Lock()
	defer r.fallback.Unlock()
	index, err := r.fallbackIndex(ctx, repository, subject)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(index.Manifests, func(d Descriptor) bool { return d.Digest == entry.Digest }) {
		return nil
	}
	index.SchemaVersion, index.MediaType = 2, oci.MediaTypeImageIndex
	index.Manifests = append(index.Manifests, entry)
	text, err := json.Marshal(index)
	if err != nil {
		return err
	}
	_, err = r.put(ctx, repository, oci.FallbackTag(subject), oci.MediaTypeImageIndex, text)
	return err
}
