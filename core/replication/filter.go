package replication

import (
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// What a Filter looks at, and how, in Harbor's words.
const (
	ByName     = "name"     // of the repository, with its project
	ByTag      = "tag"      // of the artifact; '' of one without
	ByLabel    = "label"    // all of the labels
	ByResource = "resource" // what sort of artifact

	Matches  = "matches"
	Excludes = "excludes"

	Image    = "image"    // images and indexes of them
	Artifact = "artifact" // everything else
)

const (
	maxFilters = 16
	maxLabels  = 32
	maxLabel   = 128 // characters
)

// Filter lets only some artifacts through.
type Filter struct {
	Type       string   `json:"type"`
	Decoration string   `json:"decoration,omitempty"`
	Pattern    string   `json:"pattern,omitempty"` // of names and tags; of resources the sort
	Labels     []string `json:"labels,omitempty"`
}

// Filters have to let something through each.
type Filters []Filter

func (all Filters) check() error {
	if len(all) > maxFilters {
		return fault.Invalid("filters", "a policy has at most %d filters", maxFilters)
	}
	for _, f := range all {
		if err := f.check(); err != nil {
			return err
		}
	}
	return nil
}

func (f Filter) check() error {
	switch f.Type {
	case ByName, ByTag:
		if f.Pattern == "" { // lets everything through, as in Harbor
			return f.checkDecoration()
		}
		if err := selector.CheckPattern("filters", f.Pattern); err != nil {
			return err
		}
	case ByResource:
		if f.Pattern != "" && f.Pattern != Image && f.Pattern != Artifact {
			return fault.Invalid("filters", "invalid resource filter: %.64s; it is %s or %s", f.Pattern, Image, Artifact)
		}
	case ByLabel:
		if len(f.Labels) > maxLabels {
			return fault.Invalid("filters", "a label filter names at most %d labels", maxLabels)
		}
		for _, l := range f.Labels {
			if l == "" || len(l) > 4*maxLabel {
				return fault.Invalid("filters", "a label's name has 1 to %d characters", maxLabel)
			}
		}
	default:
		return fault.Invalid("filters", "invalid filter type: %.64q; it is %s, %s, %s or %s", f.Type, ByName, ByTag, ByLabel, ByResource)
	}
	return f.checkDecoration()
}

func (f Filter) checkDecoration() error {
	switch {
	case f.Decoration == "":
	case f.Type == ByName || f.Type == ByResource:
		return fault.Invalid("filters", "only tag and label filter support decoration")
	case f.Decoration != Matches && f.Decoration != Excludes:
		return fault.Invalid("filters", "invalid filter decoration: %.64q; it is %s or %s", f.Decoration, Matches, Excludes)
	}
	return nil
}

// matcher is Filters made ready.
type matcher struct {
	names  []selector.Pattern
	texts  []string // of names
	tags   []textMatcher
	labels []Filter
	sorts  []string
}

type textMatcher struct {
	pattern selector.Pattern
	exclude bool
}

func (all Filters) compile() matcher {
	var m matcher
	for _, f := range all {
		switch {
		case f.Type == ByLabel && len(f.Labels) > 0:
			m.labels = append(m.labels, f)
		case f.Pattern == "":
		case f.Type == ByName:
			m.names, m.texts = append(m.names, selector.CompilePattern(f.Pattern)), append(m.texts, f.Pattern)
		case f.Type == ByTag:
			m.tags = append(m.tags, textMatcher{selector.CompilePattern(f.Pattern), f.Decoration == Excludes})
		case f.Type == ByResource:
			m.sorts = append(m.sorts, f.Pattern)
		}
	}
	return m
}

// name says whether a repository's name is let through.
func (m matcher) name(repository string) bool {
	for _, p := range m.names {
		if !p.Match(repository) {
			return false
		}
	}
	return true
}

// tag says whether a tag is let through; ” stands for an artifact without one.
func (m matcher) tag(tag string) bool {
	for _, t := range m.tags {
		if t.pattern.Match(tag) == t.exclude {
			return false
		}
	}
	return true
}

// labelled says whether what has these labels is let through.
func (m matcher) labelled(have []string) bool {
	for _, f := range m.labels {
		if hasAll(have, f.Labels) == (f.Decoration == Excludes) {
			return false
		}
	}
	return true
}

func hasAll(have, want []string) bool {
	for _, w := range want {
		found := false
		for _, h := range have {
			found = found || h == w
		}
		if !found {
			return false
		}
	}
	return true
}

// kind says whether that sort of artifact is let through.
func (m matcher) kind(k oci.Kind) bool {
	for _, sort := range m.sorts {
		if isImage(k) != (sort == Image) {
			return false
		}
	}
	return true
}

func isImage(k oci.Kind) bool { return k == oci.KindImage || k == oci.KindIndex || k == oci.KindNydus }

// sort is what the resource filters say together, ” for everything.
func (m matcher) sort() string {
	if len(m.sorts) == 0 {
		return ""
	}
	return m.sorts[0]
}

// fixed is the beginning that the names of all repositories have that are let through.
func (m matcher) fixed() string {
	longest := ""
	for _, p := range m.names {
		if f := p.Fixed(); len(f) > len(longest) {
			longest = f
		}
	}
	return longest
}

// destination is where copies of a repository go: the namespace stands for the first
// components of its name, or for all but the last where replace is -1.
func destination(repository, namespace string, replace int) (string, error) {
	if namespace == "" {
		return repository, nil
	}
	parts := strings.Split(repository, "/")
	switch last := len(parts) - 1; {
	case replace < 0:
		parts = parts[last:]
	case replace > last:
		return "", fault.Invalid("dest_namespace_replace_count",
			"the source repository %q contains only %d path components excepting the last one, but the destination namespace flattening level is %d", repository, last, replace)
	default:
		parts = parts[replace:]
	}
	out := namespace + "/" + strings.Join(parts, "/")
	if !oci.ValidRepository(out) {
		return "", fault.Invalid("dest_namespace", "%s would be copied to %.300s, which is no repository's name", repository, out)
	}
	return out, nil
}
