package oci

import (
	"encoding/base64"
	"errors"
	"fmt"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// Descriptor and Platform are the image-spec's own.
type (
	Descriptor = v1.Descriptor
	Platform   = v1.Platform
)

// Bounds inside a manifest. Annotations are counted over the whole manifest,
// because each costs far more memory than the seven bytes that it can be sent in.
const (
	maxAnnotations = 65_536
	maxURLs        = 64
	maxOSFeatures  = 64
)

// descriptorReader reads the parts of one manifest and counts them together.
type descriptorReader struct {
	annotations int
}

func (r *descriptorReader) descriptor(raw []byte) (Descriptor, error) {
	const (
		mediaType = iota
		digestField
		size
		urls
		annotations
		data
		platform
		artifactType
		count
	)
	names := [count]string{"mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType"}
	var f [count][]byte
	if err := readFields(raw, names[:], f[:]); err != nil {
		return Descriptor{}, err
	}
	var d Descriptor
	var err error
	if d.MediaType, err = readMediaType(f[mediaType]); err != nil {
		return Descriptor{}, fmt.Errorf("mediaType: %w", err)
	}
	if d.ArtifactType, err = readMediaType(f[artifactType]); err != nil {
		return Descriptor{}, fmt.Errorf("artifactType: %w", err)
	}
	text, err := optionalText(f[digestField])
	if err != nil {
		return Descriptor{}, fmt.Errorf("digest: %w", err)
	}
	if d.Digest, err = ParseDigest(text); err != nil {
		return Descriptor{}, err
	}
	if d.Size, err = readSize(f[size]); err != nil {
		return Descriptor{}, fmt.Errorf("size: %w", err)
	}
	if d.URLs, err = readTexts(f[urls], maxURLs); err != nil {
		return Descriptor{}, fmt.Errorf("urls: %w", err)
	}
	if d.Annotations, err = r.readAnnotations(f[annotations]); err != nil {
		return Descriptor{}, fmt.Errorf("annotations: %w", err)
	}
	if d.Data, err = readData(f[data], d); err != nil {
		return Descriptor{}, fmt.Errorf("data: %w", err)
	}
	if d.Platform, err = readPlatform(f[platform]); err != nil {
		return Descriptor{}, fmt.Errorf("platform: %w", err)
	}
	return d, nil
}

func (r *descriptorReader) readAnnotations(raw []byte) (map[string]string, error) {
	if isNull(raw) {
		return nil, nil
	}
	m := make(map[string]string)
	err := eachMember(raw, func(key string, value []byte) error {
		if r.annotations++; r.annotations > maxAnnotations {
			return fmt.Errorf("there are more than %d in the manifest", maxAnnotations)
		}
		text, err := optionalText(value)
		if err != nil {
			return fmt.Errorf("%s %w", quote(key), err)
		}
		m[key] = text
		return nil
	})
	return m, err
}

// readData checks embedded content, since clients take it in place of the blob.
func readData(raw []byte, d Descriptor) ([]byte, error) {
	text, err := optionalText(raw)
	if err != nil || text == "" {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("must be base64")
	}
	actual, err := digestOf(d.Digest.Algorithm(), data)
	if err != nil {
		return nil, err
	}
	if actual != d.Digest || int64(len(data)) != d.Size {
		return nil, fmt.Errorf("is %d bytes with digest %s, not what size and digest say", len(data), actual)
	}
	return data, nil
}

func readPlatform(raw []byte) (*Platform, error) {
	if isNull(raw) {
		return nil, nil
	}
	names := [...]string{"architecture", "os", "os.version", "os.features", "variant"}
	var f [len(names)][]byte
	if err := readFields(raw, names[:], f[:]); err != nil {
		return nil, err
	}
	var p Platform
	var err error
	if p.Architecture, err = optionalText(f[0]); err != nil {
		return nil, fmt.Errorf("architecture: %w", err)
	}
	if p.OS, err = optionalText(f[1]); err != nil {
		return nil, fmt.Errorf("os: %w", err)
	}
	if p.OSVersion, err = optionalText(f[2]); err != nil {
		return nil, fmt.Errorf("os.version: %w", err)
	}
	if p.OSFeatures, err = readTexts(f[3], maxOSFeatures); err != nil {
		return nil, fmt.Errorf("os.features: %w", err)
	}
	if p.Variant, err = optionalText(f[4]); err != nil {
		return nil, fmt.Errorf("variant: %w", err)
	}
	return &p, nil
}
