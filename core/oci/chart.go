package oci

import (
	"encoding/json"

	"github.com/goccy/go-yaml"
)

// Chart is what a Helm chart's config says: its Chart.yaml as JSON. As in
// ImageConfig, what is missing or of another type is the zero value.
type Chart struct {
	APIVersion   string
	Name         string
	Version      string
	AppVersion   string
	KubeVersion  string
	Type         string
	Description  string
	Home         string
	Icon         string
	Deprecated   bool
	Keywords     []string
	Sources      []string
	Maintainers  []Maintainer
	Dependencies []Dependency
	Annotations  map[string]string
}

// Maintainer is one person of a chart.
type Maintainer struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Dependency is another chart that a chart needs.
type Dependency struct {
	Name       string `json:"name" yaml:"name"`
	Version    string `json:"version,omitempty" yaml:"version"`
	Repository string `json:"repository" yaml:"repository"`
	Condition  string `json:"condition,omitempty" yaml:"condition"`
	Alias      string `json:"alias,omitempty" yaml:"alias"`
}

// ParseChart reads a config of media type MediaTypeChartConfig. It fails with
// ErrConfigInvalid only on what is no JSON object or beyond the bounds.
func ParseChart(payload []byte) (Chart, error) {
	if err := checkConfig(payload); err != nil {
		return Chart{}, err
	}
	var c Chart
	err := eachMember(payload, func(key string, value []byte) error {
		switch key {
		case "apiVersion":
			c.APIVersion = tolerant[string](value)
		case "name":
			c.Name = tolerant[string](value)
		case "version":
			c.Version = tolerant[string](value)
		case "appVersion":
			c.AppVersion = tolerant[string](value)
		case "kubeVersion":
			c.KubeVersion = tolerant[string](value)
		case "type":
			c.Type = tolerant[string](value)
		case "description":
			c.Description = tolerant[string](value)
		case "home":
			c.Home = tolerant[string](value)
		case "icon":
			c.Icon = tolerant[string](value)
		case "deprecated":
			c.Deprecated = tolerant[bool](value)
		case "keywords":
			c.Keywords = tolerantList[string](value)
		case "sources":
			c.Sources = tolerantList[string](value)
		case "maintainers":
			c.Maintainers = tolerantList[Maintainer](value)
		case "dependencies":
			c.Dependencies = tolerantList[Dependency](value)
		case "annotations":
			c.Annotations = tolerantTextMap(value)
		}
		return nil
	})
	if err != nil {
		return Chart{}, refuse(ErrConfigInvalid, "the chart's config %w", err)
	}
	return c, nil
}

// Bounds of a requirements.yaml.
const (
	maxRequirements = 64 << 10
	maxDependencies = 1_000
)

// ParseRequirements reads the requirements.yaml in which a chart of apiVersion v1
// has its dependencies. It fails with ErrConfigInvalid.
func ParseRequirements(payload []byte) ([]Dependency, error) {
	if len(payload) > maxRequirements {
		return nil, refuse(ErrConfigInvalid, "requirements.yaml has %d bytes; at most %d are read", len(payload), maxRequirements)
	}
	var doc struct {
		Dependencies []Dependency `yaml:"dependencies"`
	}
	if err := yaml.Unmarshal(payload, &doc); err != nil {
		return nil, refuse(ErrConfigInvalid, "requirements.yaml is no list of dependencies: %s", quote(err.Error()))
	}
	if len(doc.Dependencies) > maxDependencies {
		return nil, refuse(ErrConfigInvalid, "requirements.yaml has more than %d dependencies", maxDependencies)
	}
	return doc.Dependencies, nil
}

// tolerantList leaves out the elements that have another type.
func tolerantList[T any](raw []byte) []T {
	const limit = 1_000
	if raw[0] != '[' {
		return nil
	}
	var all []T
	err := eachElement(raw, limit, func(_ int, value []byte) error {
		var v T
		if !isNull(value) && json.Unmarshal(value, &v) == nil {
			all = append(all, v)
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return all
}

func tolerantTextMap(raw []byte) map[string]string {
	var r descriptorReader // for its bound
	m, err := r.readAnnotations(raw)
	if err != nil {
		return nil
	}
	return m
}
