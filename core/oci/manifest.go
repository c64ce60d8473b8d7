package oci

import (
	"fmt"
	"math"

	"github.com/opencontainers/go-digest"
)

// Bounds of a manifest. The distribution-spec asks registries to accept at
// least 4 MiB; the counts are far above what clients can run.
const (
	MaxManifestSize = 4 << 20
	MaxLayers       = 4_096
	MaxChildren     = 10_000
)

// Manifest is what a pushed manifest or index says. ParseManifest makes it; its
// fields are only to be read, and Payload is the parsed slice itself.
type Manifest struct {
	MediaType string
	// ArtifactType is as the distribution-spec computes it for referrers: the
	// artifactType, else the config's media type; nothing else for an index.
	ArtifactType string
	Digest       digest.Digest // sha256 of Payload
	Config       *Descriptor   // nil in an index
	Layers       []Descriptor
	Children     []Descriptor // what an index lists, in its order
	Subject      *Descriptor
	Annotations  map[string]string
	Payload      []byte

	index bool
}

// ParseManifest reads and validates what was pushed with that Content-Type:
// OCI image manifest and index, Docker schema 2 manifest and manifest list, and
// anything else that calls itself application/…+json, has schemaVersion 2 and
// the shape of one of them. It does not know whether the blobs exist.
func ParseManifest(contentType string, payload []byte) (Manifest, error) {
	if len(payload) > MaxManifestSize {
		return Manifest{}, refuse(ErrManifestTooLarge, "the manifest is %d bytes; at most %d are accepted", len(payload), MaxManifestSize)
	}
	if err := checkJSON(payload); err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "the manifest cannot be read: %w", err)
	}
	var f manifestFields
	if err := readFields(payload, manifestFieldNames(), f[:]); err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "manifest: %w", err)
	}
	inner, err := optionalText(f[fieldMediaType])
	if err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "mediaType: %w", err)
	}
	if string(f[fieldSchemaVersion]) == "1" {
		return Manifest{}, errSchema1()
	}
	m := Manifest{Payload: payload}
	if m.MediaType, err = decideMediaType(contentType, inner); err != nil {
		return Manifest{}, err
	}
	if version := f[fieldSchemaVersion]; string(version) != "2" {
		return Manifest{}, refuse(ErrManifestInvalid, "schemaVersion must be 2, not %s", quote(string(version)))
	}
	if m.index, err = f.isIndex(m.MediaType); err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "%w", err)
	}
	if err := m.read(f); err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "%w", err)
	}
	if err := m.checkSizes(); err != nil {
		return Manifest{}, refuse(ErrManifestInvalid, "%w", err)
	}
	m.Digest, err = m.DigestWith(digest.SHA256)
	return m, err
}

func (m *Manifest) read(f manifestFields) (err error) {
	var r descriptorReader
	if m.ArtifactType, err = readMediaType(f[fieldArtifactType]); err != nil {
		return fmt.Errorf("artifactType: %w", err)
	}
	if m.Annotations, err = r.readAnnotations(f[fieldAnnotations]); err != nil {
		return fmt.Errorf("annotations: %w", err)
	}
	if m.Config, err = r.optional(f[fieldConfig]); err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if m.Layers, err = r.list(f[fieldLayers], MaxLayers); err != nil {
		return fmt.Errorf("layers%w", err)
	}
	if m.Children, err = r.list(f[fieldManifests], MaxChildren); err != nil {
		return fmt.Errorf("manifests%w", err)
	}
	if m.Subject, err = r.optional(f[fieldSubject]); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	if m.ArtifactType == "" && m.Config != nil {
		m.ArtifactType = m.Config.MediaType
	}
	return nil
}

func (r *descriptorReader) optional(raw []byte) (*Descriptor, error) {
	if isNull(raw) {
		return nil, nil
	}
	d, err := r.descriptor(raw)
	return &d, err
}

// list errs with ": reason" or "[n]: reason", to stand after the field's name.
func (r *descriptorReader) list(raw []byte, limit int) ([]Descriptor, error) {
	if isNull(raw) {
		return nil, nil
	}
	var all []Descriptor
	at := ""
	err := eachElement(raw, limit, func(n int, value []byte) error {
		d, err := r.descriptor(value)
		if err != nil {
			at = fmt.Sprintf("[%d]", n)
			return err
		}
		all = append(all, d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return all, nil
}

// checkSizes refuses what would make a sum of sizes wrong: an overflow, or one
// digest with two sizes.
func (m *Manifest) checkSizes() error {
	total := int64(len(m.Payload))
	sizes := make(map[digest.Digest]int64, len(m.Layers)+len(m.Children)+1)
	check := func(d Descriptor) error {
		if known, ok := sizes[d.Digest]; ok && known != d.Size {
			return fmt.Errorf("%s is listed with size %d and with size %d", d.Digest, known, d.Size)
		}
		sizes[d.Digest] = d.Size
		if d.Size > math.MaxInt64-total {
			return fmt.Errorf("the sizes add up to more than %d bytes", int64(math.MaxInt64))
		}
		total += d.Size
		return nil
	}
	if m.Config != nil {
		if err := check(*m.Config); err != nil {
			return err
		}
	}
	for _, d := range m.Layers {
		if err := check(d); err != nil {
			return err
		}
	}
	for _, d := range m.Children {
		if err := check(d); err != nil {
			return err
		}
	}
	return nil
}

// IsIndex says whether m lists manifests instead of layers.
func (m Manifest) IsIndex() bool { return m.index }

// DigestWith is the digest of the payload by sha256, sha384 or sha512; any
// other algorithm is ErrDigestUnsupported.
func (m Manifest) DigestWith(alg digest.Algorithm) (digest.Digest, error) {
	return digestOf(alg, m.Payload)
}

// Size is what the artifact takes, in bytes: payload, config and layers, each
// as often as it is listed, as Harbor counts. An index's children are not in it.
func (m Manifest) Size() int64 {
	n := int64(len(m.Payload))
	if m.Config != nil {
		n += m.Config.Size
	}
	for _, l := range m.Layers {
		n += l.Size
	}
	return n
}

// Blobs are the blobs that must exist before the manifest may: config first,
// then layers in their order, each digest once, without layers that may not be
// distributed and name where to get them.
func (m Manifest) Blobs() []Descriptor {
	blobs := make([]Descriptor, 0, len(m.Layers)+1)
	seen := make(map[digest.Digest]bool, len(m.Layers)+1)
	add := func(d Descriptor) {
		if !seen[d.Digest] {
			seen[d.Digest] = true
			blobs = append(blobs, d)
		}
	}
	if m.Config != nil {
		add(*m.Config)
	}
	for _, l := range m.Layers {
		if !isForeign(l) {
			add(l)
		}
	}
	return blobs
}
