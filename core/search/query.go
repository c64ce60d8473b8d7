package search

import (
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Bounds of what people type.
const (
	maxQuery  = 256 // bytes
	maxWords  = 8
	minDigest = 8 // hexadecimal digits from which on a word may be a digest
	shortest  = 3 // characters that a trigram index can find anywhere
)

// Query is what to look for. Words are in lower case, as the names of projects and
// repositories are.
type Query struct {
	Words      []string // each is somewhere in the name; of one or two letters, at the beginning of a part of it
	Project    string   // somewhere in the project's name
	Repository string   // somewhere in the repository's
	Tag        string   // how the tag begins
	Digest     string   // how the digest begins, with its algorithm
}

// Parse reads what somebody typed: words, project:, repo: and tag:, and a digest or
// its beginning.
func Parse(text string) (Query, error) {
	if len(text) > maxQuery {
		return Query{}, fault.Invalid("q", "a search has at most %d bytes; leave some words out", maxQuery)
	}
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return Query{}, fault.Invalid("q", "a search must be UTF-8 text without NUL")
	}
	parts := strings.Fields(text)
	if len(parts) > maxWords {
		return Query{}, fault.Invalid("q", "a search has at most %d words; leave some out", maxWords)
	}
	var q Query
	for _, part := range parts {
		q.read(part)
	}
	return q, nil
}

func (q *Query) read(part string) {
	key, value, found := strings.Cut(part, ":")
	if found {
		switch strings.ToLower(key) {
		case "project":
			q.Project = strings.ToLower(value)
			return
		case "repo", "repository":
			q.Repository = strings.ToLower(value)
			return
		case "tag":
			q.Tag = value
			return
		}
	}
	word := strings.ToLower(part)
	if isHex(strings.TrimPrefix(word, "sha256:")) {
		q.Digest = "sha256:" + strings.TrimPrefix(word, "sha256:")
	}
	if !strings.HasPrefix(word, "sha256:") || q.Digest == "" {
		q.Words = append(q.Words, word)
	}
}

func isHex(s string) bool {
	return len(s) >= minDigest && len(s) <= 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// narrowed says whether the query is about some repositories only.
func (q Query) narrowed() bool { return q.names() || q.Repository != "" }

// names says whether there is anything to find in the names of projects.
func (q Query) names() bool { return len(q.Words) > 0 || q.Project != "" }

// named says whether names are what is looked for, and not only where to look for a
// tag or a digest.
func (q Query) named() bool { return q.Tag == "" && (q.Digest == "" || len(q.Words) > 0) }
