package selector

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Pattern is a doublestar pattern, as rules have them, whose braces are written out.
// It is for others who match names by the same patterns.
type Pattern struct{ alternatives []string }

// CheckPattern says what is wrong with a pattern that people wrote into a field.
func CheckPattern(field, pattern string) error { return checkPattern(field, pattern) }

// CompilePattern makes a Pattern of text that CheckPattern found nothing wrong with.
func CompilePattern(pattern string) Pattern { return Pattern{expand(pattern)} }

// Match says whether a name fits.
func (p Pattern) Match(name string) bool {
	for _, a := range p.alternatives {
		if doublestar.MatchUnvalidated(a, name) {
			return true
		}
	}
	return false
}

// Fixed is the beginning that every name has that fits.
func (p Pattern) Fixed() string {
	out := literal(p.alternatives[0])
	for _, a := range p.alternatives[1:] {
		out = common(out, literal(a))
	}
	return out
}

// Under says whether some name that begins with prefix may fit.
func (p Pattern) Under(prefix string) bool {
	for _, a := range p.alternatives {
		fixed := literal(a)
		if strings.HasPrefix(fixed, prefix) || strings.HasPrefix(prefix, fixed) && fixed != a {
			return true
		}
	}
	return false
}

// literal is a pattern until its first character that does not stand for itself.
func literal(pattern string) string {
	for i := range len(pattern) {
		switch pattern[i] {
		case '*', '?', '[', '{', '\\':
			return pattern[:i]
		}
	}
	return pattern
}

func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
