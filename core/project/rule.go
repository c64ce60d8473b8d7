package project

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/selector"
)

const (
	maxName    = 255
	maxPattern = 1024

	// Harbor's bound of a quota, 1024 TiB.
	maxStorage = 1 << 50
	noLimit    = -1
)

// It is a path component of an OCI repository name, in Harbor's narrower form.
var nameForm = regexp.MustCompile(`^[a-z0-9]+(?:[._-][a-z0-9]+)*$`)

func validName(name string) bool {
	return len(name) >= 1 && len(name) <= maxName && nameForm.MatchString(name)
}

func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return fault.Invalid("project_name", "project name must have 1 to %d characters", maxName)
	}
	if !nameForm.MatchString(name) {
		return fault.Invalid("project_name", "project name is not in lower case or contains illegal characters")
	}
	return nil
}

func checkStorage(limit int64) error {
	if limit == -1 || (limit > 0 && limit <= maxStorage) {
		return nil
	}
	return fault.Invalid("storage_limit", "storage limit %d is invalid: it must be -1 (no limit) or 1 to %d bytes", limit, int64(maxStorage))
}

// RetentionID is the setting that names a project's retention policy. core/retention
// writes it with the policy; what clients send is checked and not taken.
const RetentionID = "retention_id"

// settings are the metadata of Harbor's projects with the check of each: it
// returns the value as it is kept, or what is allowed.
func settings() map[string]func(string) (kept, allowed string) {
	return map[string]func(string) (string, string){
		"public":                         boolean,
		"enable_content_trust":           boolean,
		"enable_content_trust_cosign":    boolean,
		"prevent_vul":                    boolean,
		"severity":                       oneOf("none", "low", "medium", "high", "critical"),
		"auto_scan":                      boolean,
		"auto_sbom_generation":           boolean,
		"reuse_sys_cve_allowlist":        boolean,
		RetentionID:                      whole(0),
		"proxy_speed_kb":                 whole(-1),
		"max_upstream_conn":              whole(-1),
		"proxy_cache_local_on_not_found": boolean,
		"proxy_referrer_api":             boolean,
		"proxy_cache_filter_pattern":     pattern,
		"proxy_cache_filter_kind":        oneOf("doublestar", "regex"),
		windowKey:                        between(0, 365),
		"tag_expiry_days":                between(1, 3650),
		"tag_expiry_pattern":             doublestarPattern,
	}
}

// normalise checks the settings and returns them as they are kept.
func normalise(metadata map[string]string) (map[string]string, error) {
	known, out := settings(), map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		check, ok := known[key]
		if !ok {
			return nil, fault.Invalid("metadata", "unknown project metadata %.64q; the known ones are %s",
				key, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		kept, allowed := check(metadata[key])
		if allowed != "" {
			return nil, fault.Invalid("metadata", "project metadata %s cannot be %.64q; it must be %s", key, metadata[key], allowed)
		}
		out[key] = kept
	}
	return out, nil
}

func boolean(value string) (kept, allowed string) {
	b, err := strconv.ParseBool(value)
	if err != nil {
		return "", "true or false"
	}
	return strconv.FormatBool(b), ""
}

func oneOf(values ...string) func(string) (string, string) {
	return func(value string) (kept, allowed string) {
		value = strings.ToLower(value)
		if !slices.Contains(values, value) {
			return "", "one of " + strings.Join(values, ", ")
		}
		return value, ""
	}
}

func whole(least int64) func(string) (string, string) {
	return func(value string) (kept, allowed string) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < least {
			return "", "a whole number from " + strconv.FormatInt(least, 10)
		}
		return strconv.FormatInt(n, 10), ""
	}
}

func between(least, most int64) func(string) (string, string) {
	return func(value string) (kept, allowed string) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < least || n > most {
			return "", fmt.Sprintf("a whole number from %d to %d", least, most)
		}
		return strconv.FormatInt(n, 10), ""
	}
}

func doublestarPattern(value string) (kept, allowed string) {
	if selector.CheckPattern("metadata", value) != nil {
		return "", "a pattern of at most " + strconv.Itoa(maxPattern) + " bytes: *, **, ?, [a-z] and {this,that}"
	}
	return value, ""
}

func pattern(value string) (kept, allowed string) {
	if !storable(value) || len(value) > maxPattern {
		return "", "text of at most " + strconv.Itoa(maxPattern) + " bytes"
	}
	return value, ""
}

// storable says whether Postgres takes s as text at all.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
