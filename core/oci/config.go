package oci

import (
	"encoding/json"
	"time"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// Bounds of a config.
const (
	MaxConfigSize     = 4 << 20
	maxHistoryEntries = 10_000
)

// HistoryEntry is the image-spec's own.
type HistoryEntry = v1.History

// ImageConfig is what an image's config says about the image. Whatever is
// missing, or has a type that it should not have, is the zero value: the config
// is the image builder's, and pulling works without understanding it.
type ImageConfig struct {
	Platform Platform
	Author   string
	Created  *time.Time
	// Config is the object of that name as it was pushed: Env, Cmd, Labels,
	// ExposedPorts, User, WorkingDir, … It is nil if there is none.
	Config  json.RawMessage
	History []HistoryEntry
	DiffIDs []digest.Digest // those that are digests
}

// ParseConfig reads the config of an OCI or Docker image. It fails with
// ErrConfigInvalid only on what is no JSON object or beyond the bounds.
func ParseConfig(payload []byte) (ImageConfig, error) {
	if err := checkConfig(payload); err != nil {
		return ImageConfig{}, err
	}
	var c ImageConfig
	err := eachMember(payload, func(key string, value []byte) error {
		switch key {
		case "architecture":
			c.Platform.Architecture = tolerant[string](value)
		case "os":
			c.Platform.OS = tolerant[string](value)
		case "os.version":
			c.Platform.OSVersion = tolerant[string](value)
		case "os.features":
			c.Platform.OSFeatures = tolerantTexts(value)
		case "variant":
			c.Platform.Variant = tolerant[string](value)
		case "author":
			c.Author = tolerant[string](value)
		case "created":
			c.Created = tolerant[*time.Time](value)
		case "config":
			c.Config = nil
			if value[0] == '{' {
				c.Config = json.RawMessage(value)
			}
		case "history":
			c.History = readHistory(value)
		case "rootfs":
			c.DiffIDs = readDiffIDs(value)
		}
		return nil
	})
	if err != nil {
		return ImageConfig{}, refuse(ErrConfigInvalid, "the config %w", err)
	}
	return c, nil
}

func checkConfig(payload []byte) error {
	if len(payload) > MaxConfigSize {
		return refuse(ErrConfigInvalid, "the config is %d bytes; at most %d are read", len(payload), MaxConfigSize)
	}
	if err := checkJSON(payload); err != nil {
		return refuse(ErrConfigInvalid, "the config cannot be read: %w", err)
	}
	return nil
}

// readHistory gives nothing rather than a part when there are too many entries,
// because a part would pair with the wrong layers.
func readHistory(raw []byte) []HistoryEntry {
	var all []HistoryEntry
	err := eachElement(raw, maxHistoryEntries, func(_ int, value []byte) error {
		var h HistoryEntry
		if value[0] == '{' {
			if err := readHistoryEntry(value, &h); err != nil {
				return err
			}
		}
		all = append(all, h)
		return nil
	})
	if err != nil {
		return nil
	}
	return all
}

func readHistoryEntry(raw []byte, h *HistoryEntry) error {
	return eachMember(raw, func(key string, value []byte) error {
		switch key {
		case "created":
			h.Created = tolerant[*time.Time](value)
		case "created_by":
			h.CreatedBy = tolerant[string](value)
		case "author":
			h.Author = tolerant[string](value)
		case "comment":
			h.Comment = tolerant[string](value)
		case "empty_layer":
			h.EmptyLayer = tolerant[bool](value)
		}
		return nil
	})
}

func readDiffIDs(rootfs []byte) []digest.Digest {
	var all []digest.Digest
	if rootfs[0] != '{' {
		return nil
	}
	err := eachMember(rootfs, func(key string, value []byte) error {
		if key != "diff_ids" || value[0] != '[' {
			return nil
		}
		all = nil
		return eachElement(value, MaxLayers, func(_ int, id []byte) error {
			if d, err := ParseDigest(tolerant[string](id)); err == nil {
				all = append(all, d)
			}
			return nil
		})
	})
	if err != nil {
		return nil
	}
	return all
}

// tolerant is the value if it has the type, else the type's zero value.
func tolerant[T any](raw []byte) T {
	var v T
	if json.Unmarshal(raw, &v) != nil {
		var zero T
		return zero
	}
	return v
}

func tolerantTexts(raw []byte) []string {
	if raw[0] != '[' {
		return nil
	}
	all, err := readTexts(raw, maxOSFeatures)
	if err != nil {
		return nil
	}
	return all
}
