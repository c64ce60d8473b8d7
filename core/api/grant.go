package api

import (
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
)

// RobotPermission is what a robot may do in one place.
type RobotPermission struct {
	Access    []RobotAccess `json:"access" nullable:"false"`
	Kind      string        `json:"kind" doc:"system or project"`
	Namespace string        `json:"namespace" doc:"/ for the system, a project's name, or * for all projects"`
}

// RobotAccess is one action on one resource; GET /permissions lists them.
type RobotAccess struct {
	Action   string `json:"action"`
	Effect   string `json:"effect,omitempty" doc:"allow, or missing, which is the same"`
	Resource string `json:"resource"`
}

// Namespaces that are no project.
const (
	wholeSystem = "/"
	allProjects = "*"
)

func creatorType(r robot.Robot) string {
	if r.CreatorKind == rbac.Machine {
		return "robot"
	}
	return "local"
}

func showGrant(g robot.Grant) RobotPermission {
	out := RobotPermission{Kind: levelProject, Namespace: g.Project}
	switch g.Scope {
	case robot.System:
		out.Kind, out.Namespace = levelSystem, wholeSystem
	case robot.Projects:
		out.Namespace = allProjects
	}
	out.Access = shown(g.Permissions, func(p rbac.Permission) RobotAccess {
		return RobotAccess{Action: string(p.Action), Resource: string(p.Resource)}
	})
	return out
}

func readGrants(permissions []RobotPermission) ([]robot.Grant, error) {
	out := make([]robot.Grant, 0, len(permissions))
	for _, p := range permissions {
		g := robot.Grant{Scope: robot.Project, Project: p.Namespace}
		switch {
		case p.Kind == levelSystem && (p.Namespace == wholeSystem || p.Namespace == ""):
			g.Scope, g.Project = robot.System, ""
		case p.Kind == levelSystem:
			return nil, fault.Invalid("permissions", "bad request permission namespace: %.64s; of the kind system it is /", p.Namespace)
		case p.Kind != levelProject:
			return nil, fault.Invalid("permissions", "bad request permission kind: %.64s; it is system or project", p.Kind)
		case p.Namespace == allProjects:
			g.Scope, g.Project = robot.Projects, ""
		}
		for _, a := range p.Access {
			if a.Effect != "" && a.Effect != "allow" {
				return nil, fault.Invalid("permissions", "bad request permission effect: %.64s; nothing can be denied, only left out", a.Effect)
			}
			g.Permissions = append(g.Permissions, rbac.On(rbac.Resource(a.Resource), rbac.Action(a.Action)))
		}
		out = append(out, g)
	}
	return out, nil
}
