package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// Artifact is a manifest in a repository with what is known of its content.
type Artifact struct {
	Accessories       []Accessory             `json:"accessories"`
	AdditionLinks     map[string]AdditionLink `json:"addition_links,omitempty"`
	Annotations       map[string]string       `json:"annotations,omitempty"`
	ArtifactType      string                  `json:"artifact_type,omitempty"`
	Digest            string                  `json:"digest"`
	ExtraAttrs        map[string]any          `json:"extra_attrs,omitempty" doc:"Facts of the config"`
	Icon              string                  `json:"icon,omitempty"`
	ID                int64                   `json:"id"`
	Labels            []string                `json:"labels" doc:"There are no labels yet"`
	ManifestMediaType string                  `json:"manifest_media_type"`
	MediaType         string                  `json:"media_type" doc:"Of the config, or of an index itself"`
	ProjectID         int64                   `json:"project_id"`
	PullTime          Time                    `json:"pull_time"`
	PushTime          Time                    `json:"push_time"`
	References        []Reference             `json:"references" doc:"The artifacts of an index"`
	RepositoryID      int64                   `json:"repository_id"`
	RepositoryName    string                  `json:"repository_name" doc:"project/name"`
	Size              int64                   `json:"size" doc:"Bytes of manifest, config and layers"`
	Tags              []Tag                   `json:"tags"`
	Type              string                  `json:"type" doc:"IMAGE, CHART, …"`
}

// AdditionLink is where more about an artifact can be read.
type AdditionLink struct {
	Absolute bool   `json:"absolute"`
	Href     string `json:"href"`
}

// Reference is an entry of an index.
type Reference struct {
	ChildDigest string    `json:"child_digest"`
	ChildID     int64     `json:"child_id"`
	ParentID    int64     `json:"parent_id"`
	Platform    *Platform `json:"platform,omitempty"`
	URLs        []string  `json:"urls"`
}

// Platform is what an image runs on. The two odd names are Harbor's.
type Platform struct {
	OSFeatures   []string `json:"OsFeatures"`
	OSVersion    string   `json:"OsVersion,omitempty"`
	Architecture string   `json:"architecture,omitempty"`
	OS           string   `json:"os,omitempty"`
	Variant      string   `json:"variant,omitempty"`
}

// imageIcon is the digest by which Harbor's clients know the picture of an image.
const imageIcon = "sha256:0048162a053eef4d4ce3fe7518615bef084403614f8bca43b40ae2e762e11e06"

func showArtifact(a artifact.Artifact) Artifact {
	out := Artifact{
		Annotations: a.Annotations, ArtifactType: a.ArtifactType, Digest: a.Digest, ExtraAttrs: extraAttrs(a), ID: a.ID,
		ManifestMediaType: a.MediaType, MediaType: a.ConfigType, ProjectID: a.ProjectID, PullTime: optionalTime(a.PulledAt),
		PushTime: Time(a.PushedAt), RepositoryID: a.RepositoryID, RepositoryName: a.RepositoryName, Size: a.Size, Type: harborType(a),
	}
	if out.MediaType == "" {
		out.MediaType = a.MediaType
	}
	if out.Type == "IMAGE" {
		out.Icon = imageIcon
	}
	if hasHistory(a) {
		out.AdditionLinks = map[string]AdditionLink{"build_history": {Href: additionPath(a, "build_history")}}
	}
	for _, t := range a.Tags {
		out.Tags = append(out.Tags, showTag(t))
	}
	for _, x := range a.Accessories {
		out.Accessories = append(out.Accessories, showAccessory(x))
	}
	for _, c := range a.Children {
		out.References = append(out.References, showReference(c))
	}
	return out
}

func showReference(c artifact.Child) Reference {
	out := Reference{ChildDigest: c.ChildDigest, ChildID: c.ChildID, ParentID: c.ParentID}
	if p := c.Platform; p != nil {
		out.Platform = &Platform{OSFeatures: p.OSFeatures, OSVersion: p.OSVersion, Architecture: p.Architecture, OS: p.OS, Variant: p.Variant}
	}
	return out
}

// harborType is the artifact's type in Harbor's words, from what was kept of its
// manifest.
func harborType(a artifact.Artifact) string {
	m := oci.Manifest{MediaType: a.MediaType, ArtifactType: a.ArtifactType, Annotations: a.Annotations}
	if m.ArtifactType == "" {
		m.ArtifactType = a.MediaType // an index
	}
	if a.ConfigType != "" {
		m.Config = &oci.Descriptor{MediaType: a.ConfigType}
	}
	return a.Kind.HarborType(m)
}

// extraAttrs are the facts of the config but for the history, which is an addition.
func extraAttrs(a artifact.Artifact) map[string]any {
	var out map[string]any
	if len(a.Config) == 0 || json.Unmarshal(a.Config, &out) != nil {
		return nil
	}
	delete(out, "history")
	if at, ok := out["created"].(string); ok {
		if t, err := time.Parse(time.RFC3339Nano, at); err == nil {
			out["created"] = t
		}
	}
	return out
}

func additionPath(a artifact.Artifact, addition string) string {
	project, repository, _ := strings.Cut(a.RepositoryName, "/")
	return fmt.Sprintf("%s/projects/%s/repositories/%s/artifacts/%s/additions/%s",
		base, url.PathEscape(project), escapeRepository(repository), a.Digest, addition)
}

type ArtifactFlags struct {
	WithTag       bool `query:"with_tag" default:"true"`
	WithAccessory bool `query:"with_accessory"`
	WithLabel     bool `query:"with_label" doc:"Kept for Harbor's clients; there are no labels yet"`
}

func (f ArtifactFlags) with() artifact.With {
	return artifact.With{Tags: f.WithTag, Accessories: f.WithAccessory}
}

type ArtifactPath struct {
	RepositoryPath
	Reference string `path:"reference" doc:"A tag or a digest"`
}

func (s *server) listArtifacts(ctx context.Context, in *struct {
	RepositoryPath
	Paged
	ArtifactFlags
}) (*list[Artifact], error) {
	return s.artifacts(ctx, in.Paged, artifact.Filter{Repository: in.Repository, With: in.with()})
}

func (s *server) listProjectArtifacts(ctx context.Context, in *struct {
	ProjectPath
	Paged
	ArtifactFlags
	Latest bool `query:"latest_in_repository" doc:"Only the newest of each repository"`
}) (*list[Artifact], error) {
	return s.artifacts(ctx, in.Paged, artifact.Filter{LatestInRepository: in.Latest, With: in.with()})
}

func (s *server) artifacts(ctx context.Context, in Paged, f artifact.Filter) (*list[Artifact], error) {
	f.ProjectID = access(ctx).ProjectID
	rows, err := s.Artifacts.List(ctx, f, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showArtifact), nil
}

func (s *server) getArtifact(ctx context.Context, in *struct {
	ArtifactPath
	ArtifactFlags
}) (*struct{ Body Artifact }, error) {
	a, err := s.Artifacts.Get(ctx, access(ctx).Name, in.Repository, in.Reference)
	if err != nil {
		return nil, err
	}
	if !in.WithTag {
		a.Tags = nil
	}
	if !in.WithAccessory {
		a.Accessories = nil
	}
	return &struct{ Body Artifact }{showArtifact(a)}, nil
}

func (s *server) deleteArtifact(ctx context.Context, in *ArtifactPath) (*done, error) {
	return &done{}, s.Artifacts.Delete(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference)
}
