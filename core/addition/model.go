package addition

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// ofModel reads the documents of a model, each of which is a layer of its own that
// says its file's name (ModelPack, model-spec). Weights are never opened.
func (s *Service) ofModel(ctx context.Context, m oci.Manifest, name string) (Content, error) {
	if name == Files {
		var all []file
		for _, l := range m.Layers {
			if p := layerFile(l); p != "" {
				all = append(all, file{name: p, size: l.Size})
			}
		}
		return asJSON(tree(all))
	}
	names, mediaType := []string{"readme.md", "readme"}, typeMarkdown
	if name == License {
		names, mediaType = []string{"license", "license.txt", "license.md"}, typeText
	}
	for _, want := range names {
		for _, l := range m.Layers {
			p := layerFile(l)
			if !isDocument(l.MediaType) || !strings.EqualFold(path.Base(p), want) {
				continue
			}
			var body []byte
			err := s.layer(ctx, l, func(r io.Reader) (err error) {
				body, err = document(r, !strings.HasSuffix(l.MediaType, ".raw"), p)
				return err
			})
			return Content{mediaType, body}, err
		}
	}
	return Content{}, fault.NotFound("%s layer not found: none of the model's documents is called %s", strings.TrimSuffix(name, ".md"), strings.Join(slices.Compact(names), " or "))
}

// layerFile is the path of a layer's file in the model. The key changed when the
// specification moved to the CNCF.
func layerFile(l oci.Descriptor) string {
	p := l.Annotations["org.cncf.model.filepath"]
	if p == "" {
		p = l.Annotations["org.cnai.model.filepath"]
	}
	folder := strings.HasSuffix(p, "/")
	if p = strings.TrimLeft(path.Clean("/"+p), "/"); p != "" && folder {
		p += "/"
	}
	return p
}

func isDocument(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/vnd.cncf.model.doc.") || strings.HasPrefix(mediaType, "application/vnd.cnai.model.doc.")
}
