package token_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/token"
)

func TestScopesAreRead(t *testing.T) {
	for text, want := range map[string][]token.Access{
		"":                               nil,
		"  ":                             nil,
		"bad":                            {{Type: "bad", Actions: []string{}}},
		"a:b":                            {{Type: "a", Actions: []string{}}},
		":::":                            {{Name: ":", Actions: []string{}}},
		"repository:p/a:pull":            {{Type: "repository", Name: "p/a", Actions: []string{"pull"}}},
		"repository:p/a:":                {{Type: "repository", Name: "p/a", Actions: []string{}}},
		"repository:p/a:pull,,push,pull": {{Type: "repository", Name: "p/a", Actions: []string{"pull", "push"}}},
		"repository:host:5000/p/a:pull":  {{Type: "repository", Name: "host:5000/p/a", Actions: []string{"pull"}}},
		"a:b:x a:b:y a:c:z":              {{Type: "a", Name: "b", Actions: []string{"x", "y"}}, {Type: "a", Name: "c", Actions: []string{"z"}}},
	} {
		got, err := token.ParseScopes([]string{text})
		if err != nil || !sameAccess(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func FuzzParseScopes(f *testing.F) {
	for _, seed := range []string{"repository:p/a:pull,push", "registry:catalog:*", "a:b:c a:b:d", "bad", ":::", "\xff:\x00:,", strings.Repeat("a:b:c ", 101)} {
		f.Add(seed, "repository:host:5000/p/a:pull")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		got, err := token.ParseScopes([]string{one, two})
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Fatalf("not the client's fault: %v", err)
			}
			return
		}
		if len(got) > 100 {
			t.Fatalf("%d scopes", len(got))
		}
		var text []string
		seen := map[[2]string]bool{}
		for _, a := range got {
			if seen[[2]string{a.Type, a.Name}] || a.Actions == nil || len(a.Actions) > 16 || len(a.Name) > 512 || !utf8.ValidString(a.Name) {
				t.Fatalf("got %+v", got)
			}
			seen[[2]string{a.Type, a.Name}] = true
			text = append(text, a.Type+":"+a.Name+":"+strings.Join(a.Actions, ","))
		}
		// What was read, written again, reads the same.
		again, err := token.ParseScopes(text)
		if err != nil || !slices.EqualFunc(again, got, func(a, b token.Access) bool { return sameAccess([]token.Access{a}, []token.Access{b}) }) {
			t.Fatalf("%q reads as %+v, not %+v: %v", text, again, got, err)
		}
	})
}
