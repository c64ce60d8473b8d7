package oci

import (
	"strconv"
	"strings"
)

// AcceptsManifest says whether a client that sent these Accept headers takes
// mediaType. The most specific range decides, as RFC 9110, 12.5.1 has it; no
// header means everything.
func AcceptsManifest(accept []string, mediaType string) bool {
	best, accepted, stated := 0, false, false
	for _, header := range accept {
		for part := range strings.SplitSeq(header, ",") {
			name, parameters, _ := strings.Cut(part, ";")
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			stated = true
			if s := specificity(name, mediaType); s > best || s == best && s > 0 {
				accepted = quality(parameters) > 0 || s == best && accepted
				best = s
			}
		}
	}
	return accepted || !stated
}

// specificity is 0 if the range does not match, 3 for the very type.
func specificity(mediaRange, mediaType string) int {
	switch {
	case strings.EqualFold(mediaRange, mediaType):
		return 3
	case mediaRange == "*/*":
		return 1
	}
	kind, subtype, _ := strings.Cut(mediaRange, "/")
	own, _, _ := strings.Cut(mediaType, "/")
	if subtype == "*" && strings.EqualFold(kind, own) {
		return 2
	}
	return 0
}

// quality reads q, which is 1 when it is missing or cannot be read.
func quality(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if q, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil {
			return q
		}
	}
	return 1
}
