package selector_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roadstead-registry/roadstead/core/selector"
)

func TestPatternsMatchAsHarborsDo(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		yes, no  []string
		excluded bool
	}{
		{pattern: "**", yes: []string{"v1", "latest", "a/b"}},
		{pattern: "v*", yes: []string{"v", "v1", "v1.2"}, no: []string{"1", "rv1", "V1"}},
		{pattern: "*", yes: []string{"app"}, no: []string{"team/app"}},
		{pattern: "team/**", yes: []string{"team/app", "team/a/b", "team"}, no: []string{"teams/app"}},
		{pattern: "{stable,v[0-9]*}", yes: []string{"stable", "v1", "v10-rc"}, no: []string{"vx", "unstable"}},
		{pattern: "v{1,2{,.5}}", yes: []string{"v1", "v2", "v2.5"}, no: []string{"v", "v1.5", "v3"}},
		{pattern: `\{a,b\}`, yes: []string{"{a,b}"}, no: []string{"a"}},
		{pattern: "[{},]x", yes: []string{"{x", "}x", ",x"}, no: []string{"ax"}},
		{pattern: "v?", yes: []string{"v1", "vé"}, no: []string{"v", "v12"}},
		{pattern: "dev-*", excluded: true, yes: []string{"v1", "prod"}, no: []string{"dev-1"}},
	} {
		for name, want := range outcomes(c.yes, c.no) {
			if got := selector.Taken(c.pattern, c.excluded, name); got != want {
				t.Errorf("%q matches %q: %t", c.pattern, name, got)
			}
		}
	}
}

func outcomes(yes, no []string) map[string]bool {
	out := map[string]bool{}
	for _, name := range yes {
		out[name] = true
	}
	for _, name := range no {
		out[name] = false
	}
	return out
}

// A pattern that costs a matcher of braces exponential time must not keep a push,
// and with it all pushes of the project, waiting.
func TestNoPatternThatIsAcceptedIsSlow(t *testing.T) {
	name := strings.Repeat("a", 255)
	for _, pattern := range []string{
		strings.Repeat("*{a,b}", 6) + "x", strings.Repeat("*a", 100) + "x", strings.Repeat("**/a/", 50) + "x", strings.Repeat("{a}", 100) + "x",
	} {
		start := time.Now()
		if selector.Taken(pattern, false, name) {
			t.Errorf("%q matches", pattern)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q took %v", pattern, took)
		}
	}
}

func FuzzWithoutBracesNoMatchIsLost(f *testing.F) {
	for _, seed := range [][2]string{{"{a,b}c", "ac"}, {"v{1,{2,3}}*", "v33"}, {`[a{]{x,\}}`, "{x"}, {"{,a}", ""}, {"{{}", "x"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 24 || len(name) > 24 || strings.Count(pattern, "{") > 4 || !doublestar.ValidatePattern(pattern) || len(selector.Expand(pattern)) > 64 {
			return
		}
		want, err := doublestar.Match(pattern, name)
		if err != nil {
			return
		}
		// Not the other way around: doublestar misses what ends where a * before braces begins.
		if want && !selector.Taken(pattern, false, name) {
			t.Errorf("%q matches %q, but none of %q does", pattern, name, selector.Expand(pattern))
		}
	})
}
