package oci

import (
	"errors"
	"fmt"
)

// Kinds of refusal, for errors.Is. The edges map them to the codes of the OCI
// distribution-spec (TAG_INVALID, DIGEST_INVALID, MANIFEST_INVALID, SIZE_INVALID).
// A manifest that holds a bad digest is of both kinds: ask for the manifest first.
var (
	ErrTagInvalid        = errors.New("invalid tag")
	ErrDigestMalformed   = errors.New("malformed digest")
	ErrDigestUnsupported = errors.New("unsupported digest algorithm")
	ErrManifestInvalid   = errors.New("invalid manifest")
	ErrManifestTooLarge  = errors.New("manifest too large")
	ErrConfigInvalid     = errors.New("invalid config")
)

// Error is a refusal. Its text is for the person who sent the input; its kind
// is one of the Err values and is found by errors.Is.
type Error struct {
	kind   error
	reason error
}

func (e *Error) Error() string { return e.reason.Error() }

// Unwrap gives the kind and what the reason itself wraps.
func (e *Error) Unwrap() []error { return []error{e.kind, e.reason} }

func refuse(kind error, format string, a ...any) error {
	return &Error{kind: kind, reason: fmt.Errorf(format, a...)}
}

// quote repeats input in a message without letting the input set its length.
func quote(s string) string {
	const limit = 160
	if len(s) > limit {
		return fmt.Sprintf("%q…", s[:limit])
	}
	return fmt.Sprintf("%q", s)
}
