package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// Sizes of layers.
const (
	smallLayer = 4 << 10
	largeLayer = 64 << 20
	chunk      = 8 << 20
)

// Media types of OCI images.
const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar"
)

// image is a small one: configuration, one layer, manifest.
type image struct {
	config, layer, manifest []byte
	configDigest, digest    string // digest is the layer's
}

type descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int    `json:"size"`
}

// makeImage makes one that differs in all its parts from every other of another seed.
func makeImage(seed uint64) image {
	layer := make([]byte, smallLayer)
	source := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), byte(seed >> 32), 1})
	_, _ = source.Read(layer) // never fails
	im := image{layer: layer, digest: harness.Digest(layer)}
	im.config = fmt.Appendf(nil, `{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/service-%d"]},"rootfs":{"type":"layers","diff_ids":[%q]}}`, seed, im.digest)
	im.configDigest = harness.Digest(im.config)
	im.manifest = im.describe(nil)
	return im
}

// describe makes a manifest of the image; other annotations make another manifest.
func (im image) describe(annotations map[string]string) []byte {
	manifest, err := json.Marshal(struct {
		SchemaVersion int               `json:"schemaVersion"`
		MediaType     string            `json:"mediaType"`
		Config        descriptor        `json:"config"`
		Layers        []descriptor      `json:"layers"`
		Annotations   map[string]string `json:"annotations,omitempty"`
	}{
		2, manifestType, descriptor{configType, im.configDigest, len(im.config)},
		[]descriptor{{layerType, im.digest, len(im.layer)}}, annotations,
	})
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return manifest
}

// layers makes large layers that differ from each other in their last bytes, so that a new digest costs nothing of the time that
// is measured.
type layers struct {
	common []byte
	summed hash.Cloner
	made   atomic.Uint64
}

// layer is a large one: what all have in common, and its own end.
type layer struct {
	digest      string
	common, end []byte
}

const endLength = 64

func newLayers() (*layers, error) {
	l := &layers{common: make([]byte, largeLayer-endLength)}
	_, _ = rand.NewChaCha8([32]byte{2}).Read(l.common) // never fails
	sum, ok := sha256.New().(hash.Cloner)
	if !ok {
		return nil, errors.New("this Go cannot copy the state of SHA-256")
	}
	_, err := sum.Write(l.common)
	l.summed = sum
	return l, err
}

// next makes one that nobody has pushed.
func (l *layers) next() (layer, error) {
	end := fmt.Appendf(make([]byte, 0, endLength), "%0*d", endLength, l.made.Add(1))
	sum, err := l.summed.Clone()
	if err != nil {
		return layer{}, err
	}
	if _, err := sum.Write(end); err != nil {
		return layer{}, err
	}
	return layer{"sha256:" + hex.EncodeToString(sum.Sum(nil)), l.common, end}, nil
}

// chunks are its bytes in chunks, each in one or two pieces.
func (l layer) chunks() [][][]byte {
	var out [][][]byte
	for part := range slices.Chunk(l.common, chunk) {
		out = append(out, [][]byte{part})
	}
	out[len(out)-1] = append(out[len(out)-1], l.end)
	return out
}
