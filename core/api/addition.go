package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// additions are the names that the contract has for more about an artifact.
func additions() []string {
	return []string{"build_history", "values.yaml", "readme.md", "dependencies", "sbom", "license", "files"}
}

// history is what an artifact's config tells of how it was built.
type history struct {
	History []oci.HistoryEntry `json:"history"`
}

func hasHistory(a artifact.Artifact) bool {
	var h history
	return len(a.Config) > 0 && json.Unmarshal(a.Config, &h) == nil && len(h.History) > 0
}

type additionOutput struct {
	ContentType string             `header:"Content-Type"`
	Body        []oci.HistoryEntry `nullable:"false"`
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
	if in.Addition != "build_history" || !hasHistory(a) {
		return nil, fault.Invalid("addition", "addition %s isn't supported for %s(manifest version 2)", strings.ToUpper(in.Addition), harborType(a))
	}
	var h history
	if err := json.Unmarshal(a.Config, &h); err != nil {
		return nil, err
	}
	return &additionOutput{ContentType: problemType, Body: h.History}, nil
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
