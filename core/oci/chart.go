package oci

import "encoding/json"

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
	Name       string `json:"name"`
	Version    string `json:"version,omitempty"`
	Repository string `json:"repository,omitempty"`
	Condition  string `json:"condition,omitempty"`
	Alias      string `json:"alias,omitempty"`
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
