package oci

import (
	"strings"

	"github.com/opencontainers/go-digest"
)

// Bounds of names. The distribution-spec leaves the repository's to the client
// (255 with the host name); a tag's is part of its grammar.
const (
	MaxRepositoryLength = 255
	MaxTagLength        = 128
)

// ValidRepository says whether name, the project included, fits the
// distribution-spec's grammar for <name>: components of lowercase letters and
// digits, joined by a slash; inside a component one dot, one or two
// underscores, or any number of dashes may stand between them.
func ValidRepository(name string) bool {
	if name == "" || len(name) > MaxRepositoryLength {
		return false
	}
	for i := 0; i < len(name); {
		if !isLowerAlnum(name[i]) {
			return false
		}
		for i < len(name) && isLowerAlnum(name[i]) {
			i++
		}
		if i == len(name) {
			return true
		}
		i = skipSeparator(name, i)
	}
	return false
}

// skipSeparator returns i itself where no separator stands, so that the caller
// meets the offending byte again.
func skipSeparator(name string, i int) int {
	switch name[i] {
	case '/', '.':
		return i + 1
	case '_':
		if strings.HasPrefix(name[i:], "__") {
			return i + 2
		}
		return i + 1
	case '-':
		for i < len(name) && name[i] == '-' {
			i++
		}
	}
	return i
}

// ValidTag says whether tag fits the distribution-spec's grammar
// [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}.
func ValidTag(tag string) bool {
	if tag == "" || len(tag) > MaxTagLength || tag[0] == '.' || tag[0] == '-' {
		return false
	}
	for i := range len(tag) {
		if c := tag[i]; !isAlnum(c) && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// SplitProject cuts a repository's full name into its project and the rest:
// "library/team/app" is "team/app" in "library". A name of one component has no
// project. It does not check the grammar; ValidRepository does.
func SplitProject(name string) (project, repository string, ok bool) {
	project, repository, ok = strings.Cut(name, "/")
	if !ok || project == "" || repository == "" {
		return "", "", false
	}
	return project, repository, true
}

// Reference is the distribution-spec's <reference>: a tag or a digest, never both.
type Reference struct {
	Tag    string
	Digest digest.Digest
}

// ParseReference reads a tag or a digest. A tag has no colon, a digest always
// has one, so the error is about what was meant.
func ParseReference(s string) (Reference, error) {
	if strings.IndexByte(s, ':') >= 0 {
		d, err := ParseDigest(s)
		return Reference{Digest: d}, err
	}
	if !ValidTag(s) {
		return Reference{}, refuse(ErrTagInvalid, "tag %s is invalid; a tag has 1 to %d letters, digits, underscores, dots and dashes and starts with neither dot nor dash", quote(s), MaxTagLength)
	}
	return Reference{Tag: s}, nil
}

// IsDigest says whether r names content rather than a tag.
func (r Reference) IsDigest() bool { return r.Digest != "" }

func (r Reference) String() string {
	if r.IsDigest() {
		return r.Digest.String()
	}
	return r.Tag
}
