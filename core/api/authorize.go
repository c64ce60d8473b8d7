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
	case guardJoin:
		err = s.mayJoin(ctx.Context(), who, g.permission)
	case guardNobody:
		err = internalOnly()
	default:
		err = systemAccess(who, g.permission)
	}
	if _, people := o.Metadata[metaPeople]; people && err == nil && who.Kind == rbac.Machine {
		err = fault.Forbidden("forbidden: a robot account cannot do that, whatever its permissions; a system administrator can")
	}
	if err == nil && isUnsafe(o.Method) {
		err = s.admitChange(ctx.Context(), o)
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
	return fault.Forbidden("forbidden: %s in project %d needs %s", g.permission, projectID, s.needed(who, g.permission))
}

// inNamedScope is inScope for a project that is known by its name.
func (s *server) inNamedScope(ctx context.Context, project string) error {
	g, _ := ctx.Value(guardKey).(guard)
	who := subject(ctx)
	a, err := s.Projects.AccessByName(ctx, who, project)
	if err != nil && (!errors.Is(err, fault.ErrNotFound) || who.SysAdmin) {
		return err
	}
	if err == nil && s.Projects.Allowed(a, who, g.permission) {
		return nil
	}
	return fault.Forbidden("forbidden: %s in project %.255s needs %s", g.permission, project, s.needed(who, g.permission))
}

// mayJoin lets people who are not known make an account while that is switched on.
func (s *server) mayJoin(ctx context.Context, who rbac.Subject, want rbac.Permission) error {
	if who.Known() {
		return systemAccess(who, want)
	}
	now, err := s.Settings.Get(ctx)
	if err == nil && !now.SelfRegistration {
		err = unauthorized()
	}
	return err
}

// admitChange refuses changes while the system is read only.
func (s *server) admitChange(ctx context.Context, o *huma.Operation) error {
	if _, always := o.Metadata[metaAlways]; always {
		return nil
	}
	now, err := s.Settings.Get(ctx)
	if err == nil && now.ReadOnly {
		err = fault.Denied("The system is in read only mode. Any modification is prohibited.")
	}
	return err
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
	case rbac.AllowedInSystem(who, want):
		return nil
	case !who.Known():
		return unauthorized()
	case who.Kind == rbac.Machine:
		return fault.Forbidden("forbidden: %s needs that permission in the system, %s", want, robotHelper)
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
	return a, fault.Forbidden("forbidden: %s in project %s needs %s", want, name, s.needed(who, want))
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

const robotHelper = "which a system administrator can give to the robot account"

// needed is what would help who to a permission in a project.
func (s *server) needed(who rbac.Subject, want rbac.Permission) string {
	if who.Kind == rbac.Machine {
		return "that permission there; ask who looks after the robot account to give it"
	}
	return s.helpers(want)
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
