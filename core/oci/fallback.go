package oci

import (
	"strings"

	"github.com/opencontainers/go-digest"
)

// Suffixes of the tags under which cosign keeps what belongs to an artifact in
// registries without referrers.
const (
	SuffixSignature   = "sig"
	SuffixAttestation = "att"
	SuffixSBOM        = "sbom"
)

// ParseFallbackTag reads the digest out of a tag that stands for a relation:
// cosign's sha256-<hex>.sig, .att and .sbom, and the referrers tag
// sha256-<hex> of the distribution-spec, whose suffix is empty. Only sha256 can
// be read back: the spec cuts longer digests to 64 digits.
func ParseFallbackTag(tag string) (d digest.Digest, suffix string, ok bool) {
	encoded, found := strings.CutPrefix(tag, "sha256-")
	if !found {
		return "", "", false
	}
	encoded, suffix, found = strings.Cut(encoded, ".")
	switch {
	case len(encoded) != hexLength(digest.SHA256) || !isHex(encoded):
		return "", "", false
	case found && suffix != SuffixSignature && suffix != SuffixAttestation && suffix != SuffixSBOM:
		return "", "", false
	}
	return digest.NewDigestFromEncoded(digest.SHA256, encoded), suffix, true
}

// FallbackTag is the distribution-spec's referrers tag of d: the algorithm and
// the first 64 digits. Clients keep an index of referrers under it when the
// registry that they know has no referrers endpoint.
func FallbackTag(d digest.Digest) string {
	algorithm, encoded, _ := strings.Cut(d.String(), ":")
	const limit = 64
	if len(encoded) > limit {
		encoded = encoded[:limit]
	}
	return algorithm + "-" + encoded
}
