package oci

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"

	"github.com/opencontainers/go-digest"
)

// ParseDigest accepts sha256, sha384 and sha512 in their one spelling: lowercase
// hexadecimal of full length. A digest of another algorithm is
// ErrDigestUnsupported, anything else ErrDigestMalformed.
func ParseDigest(s string) (digest.Digest, error) {
	for i := range len(s) {
		if s[i] != ':' {
			continue
		}
		want := hexLength(digest.Algorithm(s[:i]))
		switch {
		case want > 0 && len(s)-i-1 == want && isHex(s[i+1:]):
			return digest.Digest(s), nil
		case want > 0:
			return "", refuse(ErrDigestMalformed, "digest %s is malformed: %s takes %d lowercase hexadecimal digits", quote(s), s[:i], want)
		case validAlgorithm(s[:i]) && validEncoded(s[i+1:]):
			return "", refuse(ErrDigestUnsupported, "digest algorithm %s is not supported; use sha256 or sha512", quote(s[:i]))
		}
		break
	}
	return "", refuse(ErrDigestMalformed, "digest %s is malformed; write it as sha256:<64 lowercase hexadecimal digits>", quote(s))
}

// digestOf refuses an unknown algorithm, where digest.Algorithm.FromBytes panics.
func digestOf(alg digest.Algorithm, p []byte) (digest.Digest, error) {
	switch alg {
	case digest.SHA256:
		sum := sha256.Sum256(p)
		return digest.NewDigestFromEncoded(alg, hex.EncodeToString(sum[:])), nil
	case digest.SHA384:
		sum := sha512.Sum384(p)
		return digest.NewDigestFromEncoded(alg, hex.EncodeToString(sum[:])), nil
	case digest.SHA512:
		sum := sha512.Sum512(p)
		return digest.NewDigestFromEncoded(alg, hex.EncodeToString(sum[:])), nil
	}
	return "", refuse(ErrDigestUnsupported, "digest algorithm %s is not supported; use sha256 or sha512", quote(alg.String()))
}

func hexLength(alg digest.Algorithm) int {
	switch alg {
	case digest.SHA256:
		return 2 * sha256.Size
	case digest.SHA384:
		return 2 * sha512.Size384
	case digest.SHA512:
		return 2 * sha512.Size
	}
	return 0
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// validAlgorithm is image-spec's algorithm ::= component (separator component)*.
func validAlgorithm(s string) bool {
	word := false
	for i := range len(s) {
		switch c := s[i]; {
		case isLowerAlnum(c):
			word = true
		case word && (c == '+' || c == '.' || c == '_' || c == '-'):
			word = false
		default:
			return false
		}
	}
	return word
}

// validEncoded is image-spec's encoded ::= [a-zA-Z0-9=_-]+.
func validEncoded(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '=' && c != '_' && c != '-' {
			return false
		}
	}
	return s != ""
}

func isLowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func isAlnum(c byte) bool { return isLowerAlnum(c) || c >= 'A' && c <= 'Z' }
