package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

func (s *server) getCurrentUser(ctx context.Context, _ *struct{}) (*userOutput, error) {
	who, err := person(ctx)
	if err != nil {
		return nil, err
	}
	u, err := s.Users.Get(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	return userAnswer(u), nil
}

type permissionsInput struct {
	Scope    string `query:"scope" doc:"/project/1 for what may be done in that project; without it, in the system"`
	Relative bool   `query:"relative" doc:"Name resources without the scope"`
}

// getCurrentPermissions says what the caller may do in a project, or in the
// system. A project that is not there, or not to be seen, is one without
// permissions.
func (s *server) getCurrentPermissions(ctx context.Context, in *permissionsInput) (*permissionsOutput, error) {
	who := subject(ctx)
	out := &permissionsOutput{Body: []Permission{}}
	if in.Scope == "" || in.Scope == "/" {
		for _, p := range rbac.SystemCatalogue() {
			if rbac.AllowedInSystem(who, p) {
				out.Body = append(out.Body, showPermission(p))
			}
		}
		return out, nil
	}
	name, isProject := strings.CutPrefix(strings.TrimSuffix(in.Scope, "/"), "/project/")
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || !isProject {
		return nil, fault.Invalid("scope", "scope %q is not known: use /project/<id>", in.Scope)
	}
	a, err := s.Projects.AccessByID(ctx, who, id)
	if errors.Is(err, fault.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	prefix := fmt.Sprintf("/project/%d", id)
	for _, p := range s.Policy.Granted(who, a.Standing()) {
		out.Body = append(out.Body, prefixed(prefix, in.Relative, p))
	}
	return out, nil
}

// prefixed names a permission of a project; the project itself is a dot, or the
// scope alone.
func prefixed(prefix string, relative bool, p rbac.Permission) Permission {
	resource := string(p.Resource)
	switch {
	case p.Resource == rbac.Project && relative:
		resource = "."
	case p.Resource == rbac.Project:
		resource = prefix
	case !relative:
		resource = prefix + "/" + resource
	}
	return Permission{Action: string(p.Action), Resource: resource}
}
