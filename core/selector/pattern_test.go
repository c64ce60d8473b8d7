package selector_test

import (
	"testing"

	"github.com/roadstead-registry/roadstead/core/selector"
)

func TestAPatternOfOthersMatchesAsARuleDoes(t *testing.T) {
	for _, c := range []struct {
		pattern, fixed string
		fits, not      []string
	}{
		{"**", "", []string{"", "library/app", "a/b/c"}, nil},
		{"library/**", "library/", []string{"library/app", "library/team/app"}, []string{"libraries/app"}},
		{"library/{app,api}", "library/ap", []string{"library/app", "library/api"}, []string{"library/ap", "library/app/x"}},
		{"v?.[0-9]*", "v", []string{"v1.2", "v2.10"}, []string{"v12.1"}},
		{`a\*b`, "a", []string{"a*b"}, []string{"axb"}},
		{"exact", "exact", []string{"exact"}, []string{"exactly"}},
	} {
		if err := selector.CheckPattern("f", c.pattern); err != nil {
			t.Error(err)
		}
		p := selector.CompilePattern(c.pattern)
		if p.Fixed() != c.fixed {
			t.Errorf("%s begins with %q, want %q", c.pattern, p.Fixed(), c.fixed)
		}
		for _, name := range c.fits {
			if !p.Match(name) {
				t.Errorf("%s does not match %q", c.pattern, name)
			}
		}
		for _, name := range c.not {
			if p.Match(name) {
				t.Errorf("%s matches %q", c.pattern, name)
			}
		}
	}
	for _, bad := range []string{"", "a[", "{a"} {
		if selector.CheckPattern("f", bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
