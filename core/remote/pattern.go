package remote

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// special are the characters that make a pattern of a name.
const special = `*?[]{}\!^`

func literal(s string) bool { return !strings.ContainsAny(s, special) }

// namespaces are the first components that what the patterns match can have. ok is
// false when they can have any.
func namespaces(patterns []string) (names []string, ok bool) {
	if len(patterns) == 0 {
		return nil, false
	}
	for _, p := range patterns {
		first, _, _ := strings.Cut(p, "/")
		if !literal(first) {
			return nil, false
		}
		if first != "" && !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	return names, true
}

// names are the repositories that the patterns write out. ok is false when one of them
// is more than a name.
func names(patterns []string) (all []string, ok bool) {
	for _, p := range patterns {
		if !literal(p) {
			return nil, false
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all, len(all) > 0
}

// projectsOf are the first components of repositories, each once, in their order.
func projectsOf(repositories []string) []string {
	var out []string
	for _, r := range repositories {
		first, _, nested := strings.Cut(r, "/")
		if nested && !slices.Contains(out, first) {
			out = append(out, first)
		}
	}
	return out
}

// each calls a function for every name until there is an error.
func each(ctx context.Context, all []string, do func(ctx context.Context, name string) error) error {
	for _, name := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// missing says what a person has to make before something can be pushed.
func missing(what, name, where, how string) error {
	return fmt.Errorf("the %s %s is not there at %s: %s", what, name, where, how)
}
