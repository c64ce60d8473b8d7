package artifact

import (
	"encoding/json"
	"time"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// maxConfigFacts bounds what is kept of a config for lists and pages; the whole
// config is a blob and can always be read.
const maxConfigFacts = 256 << 10

// facts are what is understood of an artifact at the moment of its push.
type facts struct {
	kind          oci.Kind
	configType    string
	artifactType  string
	size          int64
	subject       string // digest, '' when it refers to nothing
	accessoryType string
	annotations   []byte
	platform      []byte        // nil when unknown
	config        []byte        // nil when there is none
	expiresAfter  time.Duration // of the tag it is pushed by; 0: the image does not say
}

// configFacts is the shape of the column artifact.config of an image.
type configFacts struct {
	Architecture string             `json:"architecture,omitempty"`
	OS           string             `json:"os,omitempty"`
	Variant      string             `json:"variant,omitempty"`
	Author       string             `json:"author,omitempty"`
	Created      *time.Time         `json:"created,omitempty"`
	Config       json.RawMessage    `json:"config,omitempty"`
	History      []oci.HistoryEntry `json:"history,omitempty"`
}

// describe reads the facts off a manifest and, when the caller has it, its config.
// Nothing in them decides whether the push is accepted: a config that cannot be
// understood is a fact that is missing.
func describe(m oci.Manifest, tag string, config []byte) facts {
	f := facts{
		kind:          oci.Classify(m),
		artifactType:  m.ArtifactType,
		size:          m.Size(),
		accessoryType: oci.AccessoryType(m, tag),
	}
	if m.Config != nil {
		f.configType = m.Config.MediaType
	}
	if m.Subject != nil {
		f.subject = m.Subject.Digest.String()
	} else if d, suffix, ok := oci.ParseFallbackTag(tag); ok && suffix != "" {
		f.subject = d.String()
	}
	f.annotations = []byte("{}")
	if known := storable(m.Annotations); known != nil && m.Annotations != nil {
		f.annotations = known
	}
	f.expiresAfter = expiresAfter(m.Annotations)
	if len(config) == 0 {
		return f
	}
	if f.kind == oci.KindChart {
		f.config = chartFacts(config)
		return f
	}
	if c, err := oci.ParseConfig(config); err == nil {
		f.config, f.platform = imageFacts(c)
		if d := expiresAfter(expiryLabels(c.Config)); d != 0 {
			f.expiresAfter = d
		}
	}
	return f
}

func imageFacts(c oci.ImageConfig) (config, platform []byte) {
	if c.Platform.OS != "" || c.Platform.Architecture != "" {
		platform = storable(c.Platform)
	}
	all := configFacts{
		Architecture: c.Platform.Architecture, OS: c.Platform.OS, Variant: c.Platform.Variant,
		Author: c.Author, Created: c.Created, Config: c.Config, History: c.History,
	}
	if config = storable(all); config == nil {
		all.Config, all.History = nil, nil
		config = storable(all)
	}
	return config, platform
}

func chartFacts(config []byte) []byte {
	if _, err := oci.ParseChart(config); err != nil {
		return nil
	}
	return storable(json.RawMessage(config)) // Chart.yaml as JSON, with its own names
}

// storable marshals v for a jsonb column, or returns nil when it is too large or
// has what jsonb cannot hold (the escaped NUL).
func storable(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil || len(out) > maxConfigFacts || hasEscapedNUL(out) {
		return nil
	}
	return out
}

func hasEscapedNUL(text []byte) bool {
	for i := 0; i+5 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if string(text[i+1:i+6]) == "u0000" {
			return true
		}
		i++ // an escaped character, perhaps a backslash
	}
	return false
}
