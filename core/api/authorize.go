package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// authorize decides every operation by the guard in its metadata, before anything
// of the request but its path is looked at.
func (s *server) authorize(ctx huma.Context, next func(huma.Context)) {
	o := ctx.Operation()
	g := guardOf(o)
	who := subject(ctx.Context())
	if _, planned := o.Metadata[metaPlanned]; planned && !who.Known() {
		s.fail(ctx, unauthorized())
		return
	}
	var err error
	switch g.kind {
	case guardPublic, guardOpen:
	case guardProject:
		var a project.Access
		if a, err = s.projectAccess(ctx, who, g.permission); err == nil {
			ctx = huma.WithValue(ctx, accessKey, a)
		}
	case guardLogin, guardScoped:
		if !who.Known() {
			err = unauthorized()
		}
	case guardSelf:
		if !isSelf(ctx, who) {
			err = systemAccess(who, g.permission)
		}
	default:
		err = systemAccess(who, g.permission)
	}
	if err == nil && isUnsafe(o.Method) && s.ReadOnly() {
		err = fault.Denied("The system is in read only mode. Any modification is prohibited.")
	}
	if err != nil {
		s.fail(ctx, err)
		return
	}
	next(huma.WithValue(ctx, guardKey, g))
}

// inScope decides about an operation whose guard is scoped: its permission, in the
// project with an id, or in the whole system when the id is 0. Handlers call it
// before they look at anything else.
func (s *server) inScope(ctx context.Context, projectID int64) error {
	g, _ := ctx.Value(guardKey).(guard)
	who := subject(ctx)
	if projectID == 0 {
		return systemAccess(who, g.permission)
	}
	a, err := s.Projects.AccessByID(ctx, who, projectID)
	if err != nil && (!errors.Is(err, fault.ErrNotFound) || who.SysAdmin) {
		return err
	}
	if err == nil && s.Projects.Allowed(a, who, g.permission) {
		return nil
	}
	return fault.Forbidden("forbidden: %s in project %d needs %s", g.permission, projectID, s.helpers(g.permission))
}

func guardOf(o *huma.Operation) guard {
	g, _ := o.Metadata[metaGuard].(guard)
	return g
}

func isUnsafe(method string) bool { return method != http.MethodGet && method != http.MethodHead }

func isSelf(ctx huma.Context, who rbac.Subject) bool {
	id, err := strconv.ParseInt(ctx.Param("user_id"), 10, 64)
	return err == nil && who.Kind == rbac.Human && who.ID == id
}

func systemAccess(who rbac.Subject, want rbac.Permission) error {
	switch {
	case who.SysAdmin:
		return nil
	case !who.Known():
		return unauthorized()
	}
	return fault.Forbidden("forbidden: %s needs a system administrator", want)
}

// projectAccess resolves the project of the path and asks for the permission in
// it. Whoever may not see a project is told the same whether or not it exists.
func (s *server) projectAccess(ctx huma.Context, who rbac.Subject, want rbac.Permission) (project.Access, error) {
	name := ctx.Param(projectParam)
	a, err := s.findProject(ctx, who, name)
	if err != nil && (!errors.Is(err, fault.ErrNotFound) || who.SysAdmin) {
		return a, err
	}
	if err == nil && s.Projects.Allowed(a, who, want) {
		return a, nil
	}
	if !who.Known() {
		return a, unauthorized()
	}
	return a, fault.Forbidden("forbidden: %s in project %s needs %s", want, name, s.helpers(want))
}

// findProject reads a number as an id unless the client says that it is a name,
// and where the contract takes nothing but a name.
func (s *server) findProject(ctx huma.Context, who rbac.Subject, name string) (project.Access, error) {
	byName, _ := strconv.ParseBool(ctx.Header("X-Is-Resource-Name"))
	if !byName && strings.Contains(ctx.Operation().Path, "{"+projectParam+"}") {
		if id, err := strconv.ParseInt(name, 10, 64); err == nil {
			return s.Projects.AccessByID(ctx.Context(), who, id)
		}
	}
	return s.Projects.AccessByName(ctx.Context(), who, name)
}

func (s *server) helpers(want rbac.Permission) string {
	roles := s.Policy.Holders(want)
	if len(roles) == 0 {
		return "a system administrator"
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.String()
	}
	return "the role " + strings.Join(names, " or ") + "; ask an administrator of the project"
}
