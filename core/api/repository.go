package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

// Repository is a named collection of artifacts.
type Repository struct {
	ArtifactCount int64  `json:"artifact_count"`
	CreationTime  Time   `json:"creation_time"`
	Description   string `json:"description,omitempty"`
	ID            int64  `json:"id"`
	Name          string `json:"name" doc:"project/name"`
	ProjectID     int64  `json:"project_id"`
	PullCount     int64  `json:"pull_count"`
	UpdateTime    Time   `json:"update_time"`
}

func showRepository(r artifact.Repository) Repository {
	return Repository{
		ArtifactCount: r.ArtifactCount, CreationTime: Time(r.CreatedAt), Description: r.Description, ID: r.ID,
		Name: r.FullName(), ProjectID: r.ProjectID, PullCount: r.PullCount, UpdateTime: Time(r.UpdatedAt),
	}
}

type ProjectNamePath struct {
	Project string `path:"project_name"`
}

type RepositoryPath struct {
	ProjectNamePath
	Repository string `path:"repository_name" doc:"Without the project; a slash is written %252F or %2F"`
}

func (s *server) listAllRepositories(ctx context.Context, in *struct{ Paged }) (*list[Repository], error) {
	return s.repositories(ctx, in.Paged, artifact.RepositoryFilter{Who: subject(ctx)})
}

func (s *server) listRepositories(ctx context.Context, in *struct {
	ProjectNamePath
	Paged
}) (*list[Repository], error) {
	id := access(ctx).ProjectID
	return s.repositories(ctx, in.Paged, artifact.RepositoryFilter{ProjectID: &id, Who: subject(ctx)})
}

func (s *server) repositories(ctx context.Context, in Paged, f artifact.RepositoryFilter) (*list[Repository], error) {
	rows, err := s.Artifacts.ListRepositories(ctx, f, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showRepository), nil
}

func (s *server) getRepository(ctx context.Context, in *RepositoryPath) (*repositoryOutput, error) {
	r, err := s.Artifacts.GetRepository(ctx, access(ctx).Name, in.Repository)
	if err != nil {
		return nil, err
	}
	return &repositoryOutput{ETag: etag(r.UpdatedAt), Body: showRepository(r)}, nil
}

type repositoryOutput struct {
	ETag string `header:"ETag"`
	Body Repository
}

type repositoryUpdate struct {
	Description string `json:"description"`
}

func (s *server) updateRepository(ctx context.Context, in *struct {
	RepositoryPath
	Edition
	Body repositoryUpdate
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Artifacts.UpdateRepository(ctx, subject(ctx), access(ctx).Name, in.Repository, since, in.Body.Description)
}

func (s *server) deleteRepository(ctx context.Context, in *RepositoryPath) (*done, error) {
	return &done{}, s.Artifacts.DeleteRepository(ctx, subject(ctx), access(ctx).Name, in.Repository)
}
