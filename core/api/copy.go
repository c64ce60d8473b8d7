package api

import (
	"context"
	"errors"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// copyArtifact answers 400 for a source that is not there, as Harbor does.
func (s *server) copyArtifact(ctx context.Context, in *struct {
	RepositoryPath
	From string `query:"from" required:"true" doc:"project/repository:tag or project/repository@digest"`
}) (*created, error) {
	if in.From == "" {
		return nil, fault.Unprocessable("from in query is required")
	}
	from, err := artifact.ParseSource(in.From)
	if err != nil {
		return nil, err
	}
	if err := s.mayPull(ctx, from.Project); err != nil {
		return nil, err
	}
	target := access(ctx).Name
	err = s.Artifacts.Copy(ctx, subject(ctx), from, target, in.Repository)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, fault.Invalid("from", "%s", err.Error())
	}
	if err != nil {
		return nil, err
	}
	ref := from.Reference.String()
	return &created{Location: base + "/projects/" + target + "/repositories/" + escapeRepository(in.Repository) + "/artifacts/" + ref}, nil
}

// mayPull decides about the project of a source. As with the project of a path,
// whoever may not see it is told the same whether or not it exists.
func (s *server) mayPull(ctx context.Context, name string) error {
	who, pull := subject(ctx), rbac.On(rbac.Repository, rbac.Pull)
	a, err := s.Projects.AccessByName(ctx, who, name)
	if err == nil && s.Projects.Allowed(a, who, pull) {
		return nil
	}
	if err != nil && (!errors.Is(err, fault.ErrNotFound) || who.SysAdmin) {
		return err
	}
	return fault.Forbidden("forbidden: %s in project %s needs %s", pull, name, s.helpers(pull))
}
