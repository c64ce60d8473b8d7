package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// document is an artifact that is no image: a manifest with a config and a layer of any type.
type document struct {
	artifactType string
	configType   types.MediaType
	config       []byte
	layerType    types.MediaType
	layer        []byte
	subject      *v1.Descriptor
}

// MediaType is the manifest's, for remote.Put.
func (d document) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

// RawManifest is the manifest, for remote.Put.
func (d document) RawManifest() ([]byte, error) {
	manifest := struct {
		SchemaVersion int             `json:"schemaVersion"`
		MediaType     types.MediaType `json:"mediaType"`
		ArtifactType  string          `json:"artifactType,omitempty"`
		Config        v1.Descriptor   `json:"config"`
		Layers        []v1.Descriptor `json:"layers"`
		Subject       *v1.Descriptor  `json:"subject,omitempty"`
	}{2, types.OCIManifestSchema1, d.artifactType, describe(d.config, d.configType), []v1.Descriptor{describe(d.layer, d.layerType)}, d.subject}
	return json.Marshal(manifest)
}

// push pushes the document under a tag, or by its digest when tag is empty.
func (d document) push(ctx context.Context, as harness.API, repository, tag string) error {
	manifest, err := d.RawManifest()
	if err != nil {
		return fmt.Errorf("write a manifest for %s: %w", repository, err)
	}
	where := repository + "@" + harness.Digest(manifest)
	if tag != "" {
		where = repository + ":" + tag
	}
	ref, err := as.Reference(where)
	if err != nil {
		return err
	}
	options := as.Remote(ctx, http.DefaultTransport)
	for _, blob := range []v1.Layer{static.NewLayer(d.config, d.configType), static.NewLayer(d.layer, d.layerType)} {
		if err := remote.WriteLayer(ref.Context(), blob, options...); err != nil {
			return fmt.Errorf("push a blob of %s: %w", where, err)
		}
	}
	return remote.Put(ref, d, options...)
}

func describe(content []byte, mediaType types.MediaType) v1.Descriptor {
	d := v1.Descriptor{MediaType: mediaType, Size: int64(len(content))}
	d.Digest, _, _ = v1.SHA256(bytes.NewReader(content)) // a reader in memory does not fail
	return d
}
