package main

import (
	"context"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// attach pushes what points at an index: a signature, of the right shape only, and an SBOM.
func attach(ctx context.Context, admin harness.API, repository string, to v1.ImageIndex) error {
	subject, err := partial.Descriptor(to)
	if err != nil {
		return fmt.Errorf("describe what to attach to: %w", err)
	}
	for _, d := range []document{
		{
			artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json",
			layerType:    "application/vnd.dev.cosign.simplesigning.v1+json",
			layer:        fmt.Appendf(nil, `{"critical":{"type":"cosign container image signature","image":{"docker-manifest-digest":%q}}}`, subject.Digest),
		},
		{
			artifactType: "application/spdx+json",
			layerType:    "application/spdx+json",
			layer:        []byte(`{"spdxVersion":"SPDX-2.3","name":"hello","packages":[{"name":"hello","versionInfo":"v2"}]}`),
		},
	} {
		d.configType, d.config, d.subject = types.OCIEmptyJSON, []byte("{}"), subject
		if err := d.push(ctx, admin, repository, ""); err != nil {
			return err
		}
	}
	return nil
}
