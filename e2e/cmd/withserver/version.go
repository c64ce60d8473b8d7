package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// version is a release of the hello image, for two platforms.
type version struct {
	tag    string
	env    []string
	ports  map[string]struct{}
	copied []file // each is a layer of its own
	signed bool
}

// The two share the layer with the program and differ in everything else, so that there is something to compare.
func versions() []version {
	return []version{
		{
			tag: "v1", env: []string{"GREETING=/etc/hello/greeting", "LANG=C"},
			copied: []file{{"etc/hello/greeting", "hello from the harbour\n"}},
		},
		{
			tag: "v2", env: []string{"GREETING=/etc/hello/greeting", "LANG=C.UTF-8", "TZ=UTC"}, ports: map[string]struct{}{"8080/tcp": {}},
			copied: []file{{"etc/hello/greeting", "hello from the harbour, again\n"}, {"usr/share/doc/hello/CHANGES", "v2 speaks UTF-8\n"}},
			signed: true,
		},
	}
}

func (v version) index(ctx context.Context, dir string) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, arch := range []string{"amd64", "arm64"} {
		image, err := harness.HelloImage(ctx, dir, arch)
		if err != nil {
			return nil, err
		}
		if image, err = v.onto(image); err != nil {
			return nil, fmt.Errorf("make %s for %s: %w", v.tag, arch, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        image,
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}},
		})
	}
	return index, nil
}

// onto adds what makes the version to the image with the program.
func (v version) onto(image v1.Image) (v1.Image, error) {
	for _, f := range v.copied {
		packed, err := pack([]file{f})
		if err != nil {
			return nil, err
		}
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed)), nil }, tarball.WithMediaType(types.OCILayer))
		if err != nil {
			return nil, err
		}
		added := mutate.Addendum{Layer: layer, MediaType: types.OCILayer, History: v1.History{CreatedBy: "COPY " + f.name + " /" + f.name}}
		if image, err = mutate.Append(image, added); err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.Config.Env = append([]string{"PATH=/usr/local/bin:/usr/bin:/bin"}, v.env...)
	config.Config.ExposedPorts = v.ports
	config.Config.User = "65532:65532"
	config.Config.Labels = map[string]string{"org.opencontainers.image.title": "hello", "org.opencontainers.image.version": v.tag}
	return mutate.ConfigFile(image, config)
}
