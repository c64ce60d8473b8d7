package page

import (
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const maxSorts = 8

// Sort is one key of an order. Key is lower case.
type Sort struct {
	Key  string
	Desc bool
}

// ParseSort reads Harbor's sort parameter: keys separated by commas, a minus
// before a key for descending.
func ParseSort(s string) ([]Sort, error) {
	var out []Sort
	for part := range strings.SplitSeq(s, ",") {
		key, desc := strings.CutPrefix(strings.TrimSpace(part), "-")
		key = strings.ToLower(strings.TrimSpace(key))
		if key == "" {
			continue
		}
		if len(out) == maxSorts {
			return nil, fault.Invalid("sort", "a list can be sorted by at most %d keys", maxSorts)
		}
		out = append(out, Sort{Key: key, Desc: desc})
	}
	return out, nil
}
