package api

import (
	"context"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/addition"
	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// additions are the names that the contract has for more about an artifact.
func additions() []string {
	return []string{addition.BuildHistory, addition.Values, addition.Readme, addition.Dependencies, "sbom", addition.License, addition.Files}
}

// additionLinks are where the additions of an artifact are.
func additionLinks(a artifact.Artifact) map[string]AdditionLink {
	names := addition.Of(a)
	if len(names) == 0 {
		return nil
	}
	out := make(map[string]AdditionLink, len(names))
	for _, name := range names {
		out[name] = AdditionLink{Href: additionPath(a, name)}
	}
	return out
}

type additionOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (s *server) getAddition(ctx context.Context, in *struct {
	ArtifactPath
	Addition string `path:"addition" enum:"build_history,values.yaml,readme.md,dependencies,sbom,license,files"`
}) (*additionOutput, error) {
	if !slices.Contains(additions(), in.Addition) {
		return nil, fault.Unprocessable("addition in path should be one of [%s]", strings.Join(additions(), " "))
	}
	a, err := s.Artifacts.Get(ctx, access(ctx).Name, in.Repository, in.Reference)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(addition.Of(a), in.Addition) {
		return nil, fault.Invalid("addition", "addition %s isn't supported for %s", strings.ToUpper(in.Addition), manifestType(a))
	}
	content, err := s.Additions.Get(ctx, a, in.Addition)
	if err != nil {
		return nil, err
	}
	return &additionOutput{ContentType: content.MediaType, Body: content.Body, ETag: `"` + digest.FromBytes(content.Body).String() + `"`}, nil
}

// manifestType is a type in the words of Harbor's refusals.
func manifestType(a artifact.Artifact) string {
	t := harborType(a)
	if a.Kind == oci.KindChart || a.Kind == oci.KindModel {
		return t
	}
	return t + "(manifest version 2)"
}

type manifestOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

// getManifest is Roadstead's own addition: the manifest's bytes, for looking at
// it, which is not pulling it.
func (s *server) getManifest(ctx context.Context, in *ArtifactPath) (*manifestOutput, error) {
	mediaType, payload, err := s.Artifacts.Manifest(ctx, access(ctx).Name, in.Repository, in.Reference)
	if err != nil {
		return nil, err
	}
	return &manifestOutput{ContentType: mediaType, ETag: `"` + digest.FromBytes(payload).String() + `"`, Body: payload}, nil
}

// getVulnerabilities says what Harbor says while there is no scanner.
func (s *server) getVulnerabilities(ctx context.Context, in *ArtifactPath) (*done, error) {
	a := access(ctx)
	if _, err := s.Artifacts.Get(ctx, a.Name, in.Repository, in.Reference); err != nil {
		return nil, err
	}
	return nil, fault.NotFound("no scanner registration configured for project: %d", a.ProjectID)
}
