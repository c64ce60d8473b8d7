package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/search"
)

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

// search has no pages: each half ends at a hundred.
func (s *server) search(ctx context.Context, in *struct {
	Text string `query:"q" required:"true" doc:"Contained in the name"`
}) (*struct{ Body SearchResult }, error) {
	if in.Text == "" {
		return nil, fault.Unprocessable("q in query is required")
	}
	first := page.Page{Number: 1, Size: page.MaxSize}
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
	repositories, err := s.Search.Repositories(ctx, subject(ctx), in.Text)
	if err != nil {
		return nil, err
	}
	out.Body.Repository = shown(repositories, func(r search.Repository) FoundRepository {
		return FoundRepository{
			ArtifactCount: r.Artifacts, ProjectID: r.ProjectID, ProjectName: r.ProjectName, PullCount: r.PullCount, RepositoryName: r.FullName,
		}
	})
	return out, nil
}

// FoundItems is what a search for everything found, of each kind a few.
type FoundItems struct {
	Projects     []ProjectItem    `json:"projects" nullable:"false"`
	Repositories []RepositoryItem `json:"repositories" nullable:"false"`
	Tags         []TagItem        `json:"tags" nullable:"false"`
	Artifacts    []ArtifactItem   `json:"artifacts" nullable:"false"`
}

type ProjectItem struct {
	ProjectID int64  `json:"project_id"`
	Name      string `json:"name"`
	Public    bool   `json:"public"`
}

type RepositoryItem struct {
	ProjectID     int64  `json:"project_id"`
	Name          string `json:"name" doc:"project/name"`
	PullCount     int64  `json:"pull_count"`
	ArtifactCount int64  `json:"artifact_count"`
	UpdateTime    Time   `json:"update_time"`
}

type TagItem struct {
	ProjectID      int64  `json:"project_id"`
	RepositoryName string `json:"repository_name" doc:"project/name"`
	Name           string `json:"name"`
	Digest         string `json:"digest"`
	PushTime       Time   `json:"push_time"`
}

type ArtifactItem struct {
	ProjectID      int64    `json:"project_id"`
	RepositoryName string   `json:"repository_name" doc:"project/name"`
	Digest         string   `json:"digest"`
	Type           string   `json:"type" doc:"IMAGE, CHART, …"`
	Tags           []string `json:"tags" nullable:"false" doc:"The newest ten"`
	PushTime       Time     `json:"push_time"`
}

// maxItems bounds each kind in the answer.
const maxItems = 50

func (s *server) searchItems(ctx context.Context, in *struct {
	Text  string `query:"q" required:"true" doc:"Words, project:x, repo:x, tag:v1, a digest or its first eight digits"`
	Limit int    `query:"limit" default:"10" minimum:"1" maximum:"50" doc:"How many of each kind"`
}) (*struct{ Body FoundItems }, error) {
	if in.Text == "" {
		return nil, fault.Unprocessable("q in query is required")
	}
	if in.Limit < 1 || in.Limit > maxItems {
		return nil, fault.Unprocessable("limit in query should be 1 to %d", maxItems)
	}
	q, err := search.Parse(in.Text)
	if err != nil {
		return nil, err
	}
	found, err := s.Search.Items(ctx, subject(ctx), q, in.Limit)
	if err != nil {
		return nil, err
	}
	return &struct{ Body FoundItems }{FoundItems{
		Projects: shown(found.Projects, func(p search.Project) ProjectItem { return ProjectItem{p.ID, p.Name, p.Public} }),
		Repositories: shown(found.Repositories, func(r search.Repository) RepositoryItem {
			return RepositoryItem{r.ProjectID, r.FullName, r.PullCount, r.Artifacts, Time(r.UpdatedAt)}
		}),
		Tags: shown(found.Tags, func(t search.Tag) TagItem {
			return TagItem{t.ProjectID, t.FullName, t.Name, t.Digest, Time(t.PushedAt)}
		}),
		Artifacts: shown(found.Artifacts, func(a artifact.Artifact) ArtifactItem {
			names := shown(a.Tags, func(t artifact.Tag) string { return t.Name })
			return ArtifactItem{a.ProjectID, a.RepositoryName, a.Digest, harborType(a), names, Time(a.PushedAt)}
		}),
	}}, nil
}
