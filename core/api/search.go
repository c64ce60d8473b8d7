package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
)

// maxFound bounds each half of a search, which has no pages.
const maxFound = page.MaxSize

// SearchResult is what has the text in its name.
type SearchResult struct {
	Project    []Project         `json:"project" nullable:"false"`
	Repository []FoundRepository `json:"repository" nullable:"false"`
}

// FoundRepository is a repository in the answer of a search.
type FoundRepository struct {
	ArtifactCount  int64  `json:"artifact_count,omitempty"`
	ProjectID      int64  `json:"project_id"`
	ProjectName    string `json:"project_name"`
	ProjectPublic  bool   `json:"project_public,omitempty"`
	PullCount      int64  `json:"pull_count,omitempty"`
	RepositoryName string `json:"repository_name" doc:"project/name"`
}

func (s *server) search(ctx context.Context, in *struct {
	Text string `query:"q" required:"true" doc:"Contained in the name"`
}) (*struct{ Body SearchResult }, error) {
	if in.Text == "" {
		return nil, fault.Unprocessable("q in query is required")
	}
	first := page.Page{Number: 1, Size: maxFound}
	projects, err := s.Projects.List(ctx, subject(ctx), project.Filter{Name: in.Text}, first)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body SearchResult }{}
	if out.Body.Project, err = s.showProjects(ctx, projects.Items); err != nil {
		return nil, err
	}
	for i := range out.Body.Project { // as Harbor shows them in a search
		out.Body.Project[i].OwnerName, out.Body.Project[i].CVEAllowlist = "", CVEAllowlist{}
	}
	first.Query.Terms = []page.Term{{Key: "name", Op: page.Fuzzy, Values: []string{in.Text}}}
	repositories, err := s.Artifacts.ListRepositories(ctx, artifact.RepositoryFilter{Who: subject(ctx)}, first)
	if err != nil {
		return nil, err
	}
	out.Body.Repository = shown(repositories.Items, func(r artifact.Repository) FoundRepository {
		return FoundRepository{
			ArtifactCount: r.ArtifactCount, ProjectID: r.ProjectID, ProjectName: r.ProjectName,
			PullCount: r.PullCount, RepositoryName: r.FullName(),
		}
	})
	return out, nil
}
