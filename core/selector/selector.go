// Package selector is how rules choose repositories and tags by their names: Harbor's
// doublestar selectors, checked, matched, and written as what Postgres can match. It
// must not know what is chosen or what for.
package selector

import (
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Selector matches names, in the words of Harbor's API.
type Selector struct {
	Kind       string `json:"kind"`       // doublestar
	Decoration string `json:"decoration"` // of repositories repoMatches, repoExcludes; of tags matches, excludes
	Pattern    string `json:"pattern"`    // *, **, ?, [a-z], {this,that}
	Extras     string `json:"extras,omitempty"`
}

// Doublestar is the one kind of selectors.
const Doublestar = "doublestar"

// Decorations, Harbor's.
const (
	RepoMatches  = "repoMatches"
	RepoExcludes = "repoExcludes"
	Matches      = "matches"
	Excludes     = "excludes"
)

const (
	maxSelectors    = 8
	maxPattern      = 1024 // bytes
	maxExtras       = 1024 // bytes
	maxAlternatives = 64   // that the braces of one pattern make
)

// Matchers are selectors ready to match.
type Matchers []matcher

type matcher struct {
	Pattern
	exclude bool
}

// Compile makes Matchers of selectors that have been checked.
func Compile(selectors []Selector) Matchers {
	out := make(Matchers, len(selectors))
	for i, s := range selectors {
		out[i] = matcher{CompilePattern(s.Pattern), s.excludes()}
	}
	return out
}

func (s Selector) excludes() bool { return s.Decoration == Excludes || s.Decoration == RepoExcludes }

// All says whether all selectors choose a name.
func (m Matchers) All(name string) bool {
	for _, one := range m {
		if one.Match(name) == one.exclude {
			return false
		}
	}
	return true
}

// Match says whether one pattern, as selectors have it, matches a name.
func Match(pattern, name string) bool { return CompilePattern(pattern).Match(name) }

// CheckRepositories says what is wrong with selectors of repositories.
func CheckRepositories(field string, all []Selector) error {
	return check(field, all, RepoMatches, RepoExcludes)
}

// CheckTags says what is wrong with selectors of tags.
func CheckTags(field string, all []Selector) error { return check(field, all, Matches, Excludes) }

func check(field string, all []Selector, include, exclude string) error {
	if len(all) == 0 || len(all) > maxSelectors {
		return fault.Invalid(field, "%s needs 1 to %d selectors", field, maxSelectors)
	}
	for _, s := range all {
		switch {
		case s.Kind != Doublestar:
			return fault.Invalid(field, "%s: the kind of a selector is %s, not %.64q", field, Doublestar, s.Kind)
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
