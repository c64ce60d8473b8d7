package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

// Tag is a name that points at an artifact.
type Tag struct {
	ArtifactID   int64  `json:"artifact_id"`
	ExpireTime   *Time  `json:"expire_time,omitempty" doc:"Roadstead's addition: when it is removed; missing for never"`
	ID           int64  `json:"id"`
	Immutable    bool   `json:"immutable" doc:"When with_immutable_status asks for it"`
	Name         string `json:"name"`
	PullTime     Time   `json:"pull_time"`
	PushTime     Time   `json:"push_time"`
	RepositoryID int64  `json:"repository_id"`
}

func showTag(t artifact.Tag) Tag {
	out := Tag{
		ArtifactID: t.ArtifactID, ID: t.ID, Name: t.Name, PullTime: optionalTime(t.PulledAt),
		PushTime: Time(t.PushedAt), RepositoryID: t.RepositoryID, Immutable: t.Immutable,
	}
	if t.ExpiresAt != nil {
		at := Time(*t.ExpiresAt)
		out.ExpireTime = &at
	}
	return out
}

func (s *server) listTags(ctx context.Context, in *struct {
	ArtifactPath
	Paged
	WithImmutable bool `query:"with_immutable_status" doc:"Say of each tag whether a rule makes it immutable"`
}) (*list[Tag], error) {
	rows, err := s.Artifacts.Tags(ctx, access(ctx).Name, in.Repository, in.Reference, in.WithImmutable, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showTag), nil
}

type newTag struct {
	Name string `json:"name"`
}

func (s *server) createTag(ctx context.Context, in *struct {
	ArtifactPath
	Body newTag
}) (*done, error) {
	_, err := s.Artifacts.AddTag(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference, in.Body.Name)
	return &done{}, err
}

func (s *server) deleteTag(ctx context.Context, in *struct {
	ArtifactPath
	Name string `path:"tag_name"`
}) (*done, error) {
	return &done{}, s.Artifacts.DeleteTag(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference, in.Name)
}
