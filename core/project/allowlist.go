package project

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	maxCVEs = 5000
	maxCVE  = 128 // bytes of one id
)

// CVEAllowlist is the vulnerabilities that a project accepts until a time. It is
// kept for the checks of scanned artifacts, which come later.
type CVEAllowlist struct {
	Items     []string  `json:"items"`                // ids such as CVE-2026-1234, each once
	ExpiresAt *int64    `json:"expires_at,omitempty"` // seconds since 1970; nil: never
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func (l *CVEAllowlist) check() error {
	switch {
	case l == nil:
		return nil
	case len(l.Items) > maxCVEs:
		return fault.Invalid("cve_allowlist", "the CVE allowlist has %d items; at most %d are kept", len(l.Items), maxCVEs)
	case l.ExpiresAt != nil && *l.ExpiresAt < 0:
		return fault.Invalid("cve_allowlist", "the CVE allowlist cannot expire at %d; give seconds since 1970, or null for never", *l.ExpiresAt)
	}
	seen := map[string]bool{}
	for _, id := range l.Items {
		odd := func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || r == 0x7f }
		if id == "" || len(id) > maxCVE || strings.ContainsFunc(id, odd) {
			return fault.Invalid("cve_allowlist", "%.64q is no CVE id: it must have 1 to %d characters without spaces, such as CVE-2026-1234", id, maxCVE)
		}
		if seen[id] {
			return fault.Invalid("cve_allowlist", "the CVE allowlist has %s twice", id)
		}
		seen[id] = true
	}
	return nil
}

// at is the list as it is kept in place of old.
func (l *CVEAllowlist) at(old *CVEAllowlist, now time.Time) *CVEAllowlist {
	out := CVEAllowlist{Items: slices.Clone(l.Items), ExpiresAt: l.ExpiresAt, CreatedAt: now, UpdatedAt: now}
	if old != nil {
		out.CreatedAt = old.CreatedAt
	}
	return &out
}
