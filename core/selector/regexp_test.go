package selector_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roadstead-registry/roadstead/core/selector"
)

// takes says what the expression of a pattern says of a tag. What Regexp writes means
// the same to Go as to Postgres; core/retention asks Postgres.
func takes(t *testing.T, pattern, tag string) bool {
	t.Helper()
	expression, any, none := selector.Selector{Kind: selector.Doublestar, Decoration: selector.Excludes, Pattern: pattern}.Regexp()
	if any || none {
		return any
	}
	e, err := regexp.Compile(expression)
	if err != nil {
		t.Fatalf("%q became %q: %v", pattern, expression, err)
	}
	return e.MatchString(tag)
}

func TestAnExpressionTakesTheTagsThatThePatternMatches(t *testing.T) {
	tags := []string{"v1", "v12", "v1.2.3", "latest", "LATEST", "a-b_c.d", "_x", "1", "v", "rc-1", strings.Repeat("a", 128)}
	for _, pattern := range []string{
		"**", "*", "?", "v*", "v?", "v1.*", "*.*.*", "**/v1", "v1/**", "**/v1/**", "/v1", "v1/", "a/b", "v**", "**1", "{v,}[0-9]*", "[^v]*", "[!v]*",
		"[a-z]*", "[-a]*", `v1\.2*`, `\v1`, "[v1]", "[/]", "ä*", "[ä-ö]", "{a,b}/**", "{**,v1}", "**/**", "*/**", "**/*", "v[0-9][0-9]", "[.]*", "[_]x",
		"{" + strings.Repeat("a", 129) + ",v1}", strings.Repeat("*a", 64) + "*", "***", "v***",
	} {
		for _, tag := range tags {
			if got, want := takes(t, pattern, tag), selector.Match(pattern, tag); got != want {
				t.Errorf("%q takes %q: %t, but the pattern matches: %t", pattern, tag, got, want)
			}
		}
	}
}

func TestRandomPatternsAndTheirExpressionsAreTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	pieces := []string{"*", "**", "?", "a", "b", "1", ".", "-", "_", "/", "{a,b}", "{1,}", "[ab]", "[^a]", "[!1]", "[a-b]", `\a`, "ä"}
	letters := "ab1.-_"
	for range 20_000 {
		var pattern, tag strings.Builder
		for range 1 + random.IntN(6) {
			pattern.WriteString(pieces[random.IntN(len(pieces))])
		}
		for range 1 + random.IntN(5) {
			tag.WriteByte(letters[random.IntN(len(letters))])
		}
		if !doublestar.ValidatePattern(pattern.String()) {
			continue
		}
		if got, want := takes(t, pattern.String(), tag.String()), selector.Match(pattern.String(), tag.String()); got != want {
			t.Fatalf("%q takes %q: %t, but the pattern matches: %t", pattern.String(), tag.String(), got, want)
		}
	}
}
