package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Permission is one action on one resource.
type Permission struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
}

func showPermission(p rbac.Permission) Permission {
	return Permission{Action: string(p.Action), Resource: string(p.Resource)}
}

type permissionsOutput struct {
	Body []Permission `nullable:"false"`
}

// PermissionCatalogue is what a robot account can be given.
type PermissionCatalogue struct {
	Project []Permission `json:"project" nullable:"false"`
	System  []Permission `json:"system" nullable:"false"`
}

func (s *server) getPermissions(context.Context, *struct{}) (*struct{ Body PermissionCatalogue }, error) {
	out := &struct{ Body PermissionCatalogue }{}
	out.Body.Project = shown(rbac.ProjectCatalogue(), showPermission)
	out.Body.System = shown(rbac.SystemCatalogue(), showPermission)
	return out, nil
}
