package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/user"
)

// Preferences are what a person chose in the portal. What is missing or empty is not
// chosen.
type Preferences struct {
	Language       string  `json:"language" required:"false" enum:"en,zh-CN,"`
	Theme          string  `json:"theme" required:"false" enum:"light,dark,auto,"`
	PullClient     string  `json:"pull_client" required:"false" enum:"docker,podman,nerdctl,crane,oras,helm," doc:"Whose commands are shown"`
	PinnedProjects []int64 `json:"pinned_projects" required:"false" nullable:"false" maxItems:"50" doc:"Ids, in the person's order"`
}

func (s *server) getPreferences(ctx context.Context, _ *struct{}) (*struct{ Body Preferences }, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.Users.Preferences(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	out := Preferences(p)
	if out.PinnedProjects == nil {
		out.PinnedProjects = []int64{}
	}
	return &struct{ Body Preferences }{out}, nil
}

func (s *server) updatePreferences(ctx context.Context, in *struct{ Body Preferences }) (*done, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return &done{}, s.Users.SetPreferences(ctx, who, who.ID, user.Preferences(in.Body))
}
