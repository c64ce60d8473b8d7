package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/label"
)

// Label is a mark on artifacts.
type Label struct {
	Color        string `json:"color,omitempty" doc:"#rrggbb"`
	CreationTime Time   `json:"creation_time"`
	Description  string `json:"description,omitempty"`
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	ProjectID    int64  `json:"project_id,omitempty"`
	Scope        string `json:"scope" doc:"g: of all projects; p: of one"`
	UpdateTime   Time   `json:"update_time"`
}

// Scopes of labels.
const (
	scopeGlobal  = "g"
	scopeProject = "p"
)

func showLabel(l label.Label) Label {
	out := Label{
		Color: l.Color, CreationTime: Time(l.CreatedAt), Description: l.Description, ID: l.ID, Name: l.Name,
		ProjectID: l.Project(), Scope: scopeGlobal, UpdateTime: Time(l.UpdatedAt),
	}
	if l.ProjectID != nil {
		out.Scope = scopeProject
	}
	return out
}

// labelScope is the project that a scope means, 0 for the whole system.
func labelScope(scope string, projectID int64) (int64, error) {
	switch {
	case scope == scopeGlobal:
		return 0, nil
	case scope != scopeProject:
		return 0, fault.Invalid("scope", "invalid scope: %.64s", scope)
	case projectID <= 0:
		return 0, fault.Invalid("project_id", "invalid project_id: %d; the scope p needs the id of a project", projectID)
	}
	return projectID, nil
}

// mayReadLabels asks inScope only for the labels of a project: those of the whole
// system are for everybody who is signed in, which the guard has made sure of.
func (s *server) mayReadLabels(ctx context.Context, projectID int64) error {
	if projectID == 0 {
		return nil
	}
	return s.inScope(ctx, projectID)
}

func (s *server) listLabels(ctx context.Context, in *struct {
	Paged
	Name      string `query:"name" doc:"Contained in the name"`
	Scope     string `query:"scope" doc:"g: of all projects; p: of project_id"`
	ProjectID int64  `query:"project_id"`
}) (*list[Label], error) {
	projectID, err := labelScope(in.Scope, in.ProjectID)
	if err != nil {
		return nil, err
	}
	if err := s.mayReadLabels(ctx, projectID); err != nil {
		return nil, err
	}
	rows, err := s.Labels.List(ctx, label.Filter{ProjectID: projectID, Name: in.Name}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showLabel), nil
}

type newLabel struct {
	Color       string `json:"color,omitempty"`
	Description string `json:"description,omitempty"`
	Name        string `json:"name"`
	ProjectID   int64  `json:"project_id,omitempty"`
	Scope       string `json:"scope,omitempty"`
}

func (l newLabel) fields() label.Fields {
	return label.Fields{Name: l.Name, Description: l.Description, Color: l.Color}
}

func (s *server) createLabel(ctx context.Context, in *struct{ Body newLabel }) (*created, error) {
	projectID, err := labelScope(in.Body.Scope, in.Body.ProjectID)
	if err != nil {
		return nil, err
	}
	if err := s.inScope(ctx, projectID); err != nil {
		return nil, err
	}
	l, err := s.Labels.Create(ctx, subject(ctx), projectID, in.Body.fields())
	if err != nil {
		return nil, err
	}
	return located("labels", l.ID), nil
}

type LabelPath struct {
	ID int64 `path:"label_id"`
}

type labelOutput struct {
	ETag string `header:"ETag"`
	Body Label
}

func (s *server) getLabel(ctx context.Context, in *LabelPath) (*labelOutput, error) {
	l, err := s.Labels.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.mayReadLabels(ctx, l.Project()); err != nil {
		return nil, err
	}
	return &labelOutput{ETag: etag(l.UpdatedAt), Body: showLabel(l)}, nil
}

func (s *server) updateLabel(ctx context.Context, in *struct {
	LabelPath
	Edition
	Body newLabel
}) (*done, error) {
	if err := s.inScopeOfLabel(ctx, in.ID); err != nil {
		return nil, err
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Labels.Update(ctx, subject(ctx), in.ID, since, in.Body.fields())
}

func (s *server) deleteLabel(ctx context.Context, in *struct {
	LabelPath
	Edition
}) (*done, error) {
	if err := s.inScopeOfLabel(ctx, in.ID); err != nil {
		return nil, err
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Labels.Delete(ctx, subject(ctx), in.ID, since)
}

func (s *server) inScopeOfLabel(ctx context.Context, id int64) error {
	l, err := s.Labels.Get(ctx, id)
	if err != nil {
		return err
	}
	return s.inScope(ctx, l.Project())
}

func (s *server) addLabel(ctx context.Context, in *struct {
	ArtifactPath
	Body struct {
		ID int64 `json:"id"`
	}
}) (*done, error) {
	return &done{}, s.Artifacts.AddLabel(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference, in.Body.ID)
}

func (s *server) removeLabel(ctx context.Context, in *struct {
	ArtifactPath
	LabelPath
}) (*done, error) {
	return &done{}, s.Artifacts.RemoveLabel(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Reference, in.ID)
}
