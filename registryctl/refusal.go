package registryctl

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// refuse tells somebody who is known why the request is not allowed and who can
// change that; docker prints it. It starts with Harbor's words. Strangers get one
// answer for a private project and for one that does not exist.
func (g *Registry) refuse(r *http.Request, who rbac.Subject, rt route, want action) error {
	return unauthorized(rt, want, g.reason(r, who, rt.project(), want))
}

func (g *Registry) reason(r *http.Request, who rbac.Subject, project string, want action) string {
	if !who.Known() {
		return "log in with docker login " + g.externalURL(r).Host + ", or check the name"
	}
	access, err := g.projects.AccessByName(r.Context(), who, project)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		g.log.WarnContext(r.Context(), "could not find out why a request is refused", "project", project, "error", err)
		return "you do not have the permission"
	}
	create := g.externalURL(r).JoinPath("projects").String()
	helpful := rolesThatMay(g.policy, want)
	switch {
	case who.Kind == rbac.Machine:
		return fmt.Sprintf("the robot account %s, or its token, lacks %s in project %s: ask who looks after it to give it that", who.Name, want.permission(), project)
	case err != nil && who.SysAdmin:
		return fmt.Sprintf("project %s does not exist; create it at %s or ask its future owner to, then try again", project, create)
	case err == nil && g.projects.Allowed(access, who, want.permission()):
		return fmt.Sprintf("the token does not carry it; ask the token service for scope repository:%s/…:%s", project, want)
	case err == nil && len(access.Roles) > 0:
		return fmt.Sprintf("you are %s in project %s; to %s you need %s: ask an administrator of the project", roleNames(access.Roles, "and"), project, want, helpful)
	case err == nil && access.Public:
		return fmt.Sprintf("you are not a member of project %s, which is public for pulling only; to %s you need %s: ask an administrator of the project", project, want, helpful)
	}
	return fmt.Sprintf("project %s does not exist or you are not a member of it; create it at %s or ask an administrator of the project to add you", project, create)
}

// noteRefusal writes down that somebody who is known was not allowed to push: by
// their role, the quota, an immutable tag or because nothing may change now. What a
// client did wrong, or what went wrong here, is no refusal.
func (g *Registry) noteRefusal(r *http.Request, rt route, who caller, err error) {
	if err == nil || !who.Known() || rt.name == "" || needs(rt.kind, r.Method) != push {
		return
	}
	p, known := asProblem(rt.kind, err)
	if !known {
		return
	}
	switch p.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed:
	default:
		return
	}
	tag := ""
	if rt.kind == kindManifest {
		tag = rt.reference
	}
	g.index.PushRefused(r.Context(), who.Subject, rt.name, tag, p.message)
}

func rolesThatMay(p *rbac.Policy, want action) string {
	return roleNames(p.Holders(want.permission()), "or")
}

func roleNames(roles []rbac.Role, conjunction string) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.String()
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
	}
	return strings.Join(names, "")
}
