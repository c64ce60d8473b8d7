package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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
	ExtraAttrs        Attributes              `json:"extra_attrs,omitempty" doc:"Facts of the config"`
	Icon              string                  `json:"icon,omitempty"`
	ID                int64                   `json:"id"`
	Labels            []Label                 `json:"labels" doc:"With with_label"`
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

func showArtifact(a artifact.Artifact) Artifact {
	out := Artifact{
		Annotations: a.Annotations, ArtifactType: a.ArtifactType, Digest: a.Digest, ExtraAttrs: extraAttrs(a), ID: a.ID,
		ManifestMediaType: a.MediaType, MediaType: a.ConfigType, ProjectID: a.ProjectID, PullTime: optionalTime(a.PulledAt),
		PushTime: Time(a.PushedAt), RepositoryID: a.RepositoryID, RepositoryName: a.RepositoryName, Size: a.Size, Type: harborType(a),
		Icon: iconOf(a.Kind), AdditionLinks: additionLinks(a),
	}
	if out.MediaType == "" {
		out.MediaType = a.MediaType
	}
	for _, t := range a.Tags {
		out.Tags = append(out.Tags, showTag(t))
	}
	for _, l := range a.Labels {
		out.Labels = append(out.Labels, showLabel(l))
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

// Attributes are a JSON object that is passed on as Postgres has it: reading and
// writing each would be most of what a page of artifacts costs.
type Attributes json.RawMessage

// MarshalJSON implements json.Marshaler.
func (a Attributes) MarshalJSON() ([]byte, error) { return a, nil }

// Schema is for huma.
func (Attributes) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// extraAttrs are the facts of the config but for the history, which is an addition
// and which lists leave out.
func extraAttrs(a artifact.Artifact) Attributes {
	if !bytes.Contains(a.Config, []byte(`"history"`)) {
		return Attributes(a.Config)
	}
	var out map[string]json.RawMessage
	if json.Unmarshal(a.Config, &out) != nil {
		return nil
	}
	delete(out, "history")
	text, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	return text
}

func additionPath(a artifact.Artifact, addition string) string {
	project, repository, _ := strings.Cut(a.RepositoryName, "/")
	return fmt.Sprintf("%s/projects/%s/repositories/%s/artifacts/%s/additions/%s",
		base, url.PathEscape(project), escapeRepository(repository), a.Digest, addition)
}

type ArtifactFlags struct {
	WithTag       bool `query:"with_tag" default:"true"`
	WithLabel     bool `query:"with_label"`
	WithAccessory bool `query:"with_accessory"`
	WithImmutable bool `query:"with_immutable_status" doc:"Say of each tag whether a rule makes it immutable"`
}

func (f ArtifactFlags) with() artifact.With {
	return artifact.With{Tags: f.WithTag, Labels: f.WithLabel, Accessories: f.WithAccessory, Immutable: f.WithImmutable}
}

// trim takes away what was not asked for.
func (f ArtifactFlags) trim(a *artifact.Artifact) {
	if !f.WithTag {
		a.Tags = nil
	}
	if !f.WithLabel {
		a.Labels = nil
	}
	if !f.WithAccessory {
		a.Accessories = nil
	}
	for i := range a.Tags {
		a.Tags[i].Immutable = a.Tags[i].Immutable && f.WithImmutable
	}
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
	in.trim(&a)
	return &struct{ Body Artifact }{showArtifact(a)}, nil
}

func (s *server) deleteArtifact(ctx context.Context, in *ArtifactPath) (*done, error) {
	return &done{}, s.Artifacts.Delete(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference)
}
