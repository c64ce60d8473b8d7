package addition

import (
	"context"
	"io"
	"strings"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
)

const (
	typeProvenance   = "application/vnd.cncf.helm.chart.provenance.v1.prov"
	requirementsFile = "requirements.yaml"
)

// ofChart reads what is in the one archive of a chart, under a folder of the chart's
// name.
func (s *Service) ofChart(ctx context.Context, a artifact.Artifact, m oci.Manifest, name string) (Content, error) {
	if name == Dependencies {
		if c, err := oci.ParseChart(a.Config); err == nil && len(c.Dependencies) > 0 {
			return asJSON(c.Dependencies)
		}
		name = requirementsFile // of a chart from before Helm 3
	}
	layer, ok := chartLayer(m)
	if !ok {
		return Content{}, invalid("the chart has no layer with its files")
	}
	var all archive
	err := s.layer(ctx, layer, func(r io.Reader) (err error) {
		all, err = readArchive(r, func(file string) bool { return isChartFile(file, name) })
		return err
	})
	if err != nil {
		return Content{}, err
	}
	if name == Files {
		var own []file
		for _, f := range all.files {
			if _, rest, ok := strings.Cut(f.name, "/"); ok {
				own = append(own, file{rest, f.size})
			}
		}
		return asJSON(tree(own))
	}
	var found []byte
	for _, f := range all.files {
		if isChartFile(f.name, name) {
			found = all.content[f.name]
		}
	}
	switch name {
	case requirementsFile:
		dependencies, err := oci.ParseRequirements(found)
		if err != nil {
			return Content{}, err
		}
		return asJSON(append([]oci.Dependency{}, dependencies...))
	case Readme:
		return Content{typeMarkdown, found}, nil
	}
	return Content{typeText, found}, nil
}

func chartLayer(m oci.Manifest) (oci.Descriptor, bool) {
	for _, l := range m.Layers {
		if l.MediaType != typeProvenance {
			return l, true
		}
	}
	return oci.Descriptor{}, false
}

// isChartFile says whether a file is the chart's own of that name: those of charts
// inside it are deeper. People write README in several ways.
func isChartFile(file, name string) bool {
	_, rest, ok := strings.Cut(file, "/")
	return ok && strings.EqualFold(rest, name)
}
