package immutable

import (
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	kindDoublestar = "doublestar"

	maxSelectors    = 8
	maxPattern      = 1024 // bytes
	maxExtras       = 1024 // bytes
	maxAlternatives = 64   // that the braces of one pattern make
)

// Decorations, Harbor's.
const (
	repoMatches  = "repoMatches"
	repoExcludes = "repoExcludes"
	matches      = "matches"
	excludes     = "excludes"
)

func (f Fields) check() error {
	if err := checkSelectors("scope_selectors.repository", f.Repositories, repoMatches, repoExcludes); err != nil {
		return err
	}
	return checkSelectors("tag_selectors", f.Tags, matches, excludes)
}

func checkSelectors(field string, all []Selector, include, exclude string) error {
	if len(all) == 0 || len(all) > maxSelectors {
		return fault.Invalid(field, "%s needs 1 to %d selectors", field, maxSelectors)
	}
	for _, s := range all {
		switch {
		case s.Kind != kindDoublestar:
			return fault.Invalid(field, "%s: the kind of a selector is %s, not %.64q", field, kindDoublestar, s.Kind)
		case s.Decoration != include && s.Decoration != exclude:
			return fault.Invalid(field, "%s: the decoration of a selector is %s or %s, not %.64q", field, include, exclude, s.Decoration)
		case len(s.Extras) > maxExtras || !storable(s.Extras):
			return fault.Invalid(field, "%s: extras must be UTF-8 text without NUL of at most %d bytes", field, maxExtras)
		}
		if err := checkPattern(field, s.Pattern); err != nil {
			return err
		}
	}
	return nil
}

func checkPattern(field, pattern string) error {
	switch {
	case pattern == "":
		return fault.Invalid(field, "%s: a pattern is missing; ** matches everything", field)
	case len(pattern) > maxPattern || !storable(pattern):
		return fault.Invalid(field, "%s: a pattern must be UTF-8 text without NUL of at most %d bytes", field, maxPattern)
	case !doublestar.ValidatePattern(pattern):
		return fault.Invalid(field, "%s: %.64q is no pattern: a brace or a bracket is not closed", field, pattern)
	case len(expand(pattern)) > maxAlternatives:
		return fault.Invalid(field, "%s: the braces of %.64q make more than %d alternatives; use several rules", field, pattern, maxAlternatives)
	}
	return nil
}

func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// expand writes a pattern without its braces, as one pattern for each alternative,
// at most one more than are allowed. Matching braces by trying costs exponential
// time for some patterns, matching without them does not.
func expand(pattern string) []string {
	open, parts, end := braces(pattern)
	if open < 0 {
		return []string{pattern}
	}
	var out []string
	for _, part := range parts {
		out = append(out, expand(pattern[:open]+part+pattern[end:])...)
		if len(out) > maxAlternatives {
			return out[:maxAlternatives+1]
		}
	}
	return out
}

// braces finds the first {a,b} of a valid pattern: where it opens, its parts, and
// where the rest begins. open is -1 when there is none.
func braces(pattern string) (open int, parts []string, end int) {
	open = -1
	depth, from := 0, 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i += class(pattern[i:])
		case '{':
			if depth++; depth == 1 {
				open, from = i, i+1
			}
		case ',':
			if depth == 1 {
				parts, from = append(parts, pattern[from:i]), i+1
			}
		case '}':
			if depth--; depth == 0 {
				return open, append(parts, pattern[from:i]), i + 1
			}
		}
	}
	return -1, nil, 0
}

// class is how far from the [ that it begins with a character class ends.
func class(pattern string) int {
	for i := 1; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
	return len(pattern) - 1
}
