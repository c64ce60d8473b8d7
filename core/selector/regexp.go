package selector

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// tagLetters are what a tag consists of (OCI distribution-spec), the only names that
// Regexp is about. There is no slash among them.
const tagLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

// longestTag is how long a tag can be.
const longestTag = 128

// Regexp writes a selector of tags as a regular expression of Postgres that matches the
// tags that the pattern matches, whatever the selector's decoration. any says that it
// matches every tag, none that it matches no tag; then there is no expression.
func (s Selector) Regexp() (expression string, any, none bool) {
	var alternatives []string
	for _, pattern := range expand(s.Pattern) {
		switch e, length := tagExpression(pattern); {
		case e == anything:
			return "", true, false
		case length > longestTag: // or it never matches
		default:
			alternatives = append(alternatives, e)
		}
	}
	if len(alternatives) == 0 {
		return "", false, true
	}
	return "^(?:" + strings.Join(alternatives, "|") + ")$", false, false
}

const (
	anything = ".*"
	never    = longestTag + 1
)

// tagExpression is a pattern without braces as an expression, and how long what it
// matches is at least: more than a tag can be if it matches none.
func tagExpression(pattern string) (string, int) {
	component, deep := "", false
	found := false
	for _, c := range components(pattern) {
		switch {
		case c == "**":
			deep = true
		case found: // a tag has one component
			return "", never
		default:
			component, found = c, true
		}
	}
	if !found {
		if deep {
			return anything, 0
		}
		return "", never
	}
	return componentExpression(component)
}

// components splits a pattern at its slashes.
func components(pattern string) []string {
	var out []string
	from := 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i += class(pattern[i:])
		case '/':
			out, from = append(out, pattern[from:i]), i+1
		}
	}
	return append(out, pattern[from:])
}

func componentExpression(pattern string) (string, int) {
	var out strings.Builder
	length := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			stars := 1
			for ; i+1 < len(pattern) && pattern[i+1] == '*'; i++ {
				stars++
			}
			if stars > 2 && i+1 == len(pattern) { // the matcher takes no more than two for nothing
				length++
				out.WriteString(".+")
				continue
			}
			out.WriteString(anything)
		case '?':
			length++
			out.WriteByte('.')
		case '[':
			end := class(pattern[i:])
			letters := lettersOf(pattern[i : i+end+1])
			if letters == "" {
				return "", never
			}
			length++
			out.WriteString("[" + letters + "]")
			i += end
		case '\\':
			if i++; i == len(pattern) {
				return "", never
			}
			fallthrough
		default:
			if !strings.ContainsRune(tagLetters, rune(pattern[i])) {
				return "", never
			}
			length++
			if pattern[i] == '.' {
				out.WriteByte('\\')
			}
			out.WriteByte(pattern[i])
		}
	}
	return out.String(), length
}

// lettersOf are the letters of tags that a character class takes, as they stand in a
// bracket expression: the hyphen last.
func lettersOf(class string) string {
	var out strings.Builder
	for _, letter := range tagLetters {
		if doublestar.MatchUnvalidated(class, string(letter)) {
			out.WriteRune(letter)
		}
	}
	return out.String()
}
