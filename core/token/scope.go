package token

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	typeRepository = "repository"
	typeRegistry   = "registry"
	catalogName    = "catalog"

	maxScopes  = 100
	maxName    = 512 // bytes
	maxActions = 16
)

// Access is what is asked for, or allowed, on one resource.
type Access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"` // never nil in a token: clients take null for an error
}

// ParseScopes reads the scope parameters of a token request, each of which may
// hold several scopes separated by spaces (distribution, token scope grammar:
// type:name:action,action). The name may hold colons. What is no scope comes out
// as one that permits nothing; only too many or too long ones are an error.
// Scopes on the same resource are joined.
func ParseScopes(raw []string) ([]Access, error) {
	var out []Access
	index := map[[2]string]int{}
	count := 0
	for _, value := range raw {
		for text := range strings.FieldsSeq(value) {
			if count++; count > maxScopes {
				return nil, fault.Invalid("scope", "at most %d scopes can be asked for at a time", maxScopes)
			}
			a, err := parseScope(text)
			if err != nil {
				return nil, err
			}
			key := [2]string{a.Type, a.Name}
			at, seen := index[key]
			if !seen {
				index[key] = len(out)
				out = append(out, a)
				continue
			}
			for _, action := range a.Actions {
				if !slices.Contains(out[at].Actions, action) && len(out[at].Actions) < maxActions {
					out[at].Actions = append(out[at].Actions, action)
				}
			}
		}
	}
	return out, nil
}

func parseScope(text string) (Access, error) {
	if len(text) > 2*maxName {
		return Access{}, fault.Invalid("scope", "a scope must not be longer than %d bytes", 2*maxName)
	}
	if !utf8.ValidString(text) {
		return Access{}, fault.Invalid("scope", "a scope must be UTF-8 text")
	}
	kind, rest, _ := strings.Cut(text, ":")
	out := Access{Type: kind, Actions: []string{}}
	last := strings.LastIndexByte(rest, ':')
	if last < 0 {
		return out, nil
	}
	out.Name = rest[:last]
	if len(out.Name) > maxName {
		return Access{}, fault.Invalid("scope", "a name in a scope must not be longer than %d bytes", maxName)
	}
	for action := range strings.SplitSeq(rest[last+1:], ",") {
		if action != "" && len(out.Actions) < maxActions && !slices.Contains(out.Actions, action) {
			out.Actions = append(out.Actions, action)
		}
	}
	return out, nil
}
