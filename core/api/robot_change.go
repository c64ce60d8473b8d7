package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/robot"
)

type newRobot struct {
	Name        string            `json:"name" doc:"Without prefix and project"`
	Description string            `json:"description,omitempty"`
	Secret      string            `json:"secret,omitempty" doc:"Not read: the secret is generated; PATCH sets another"`
	Level       string            `json:"level" doc:"system or project"`
	Disable     bool              `json:"disable,omitempty"`
	Duration    int64             `json:"duration" doc:"Days; -1 for ever"`
	Permissions []RobotPermission `json:"permissions"`
}

// RobotCreated is a new robot with its secret, which cannot be read again.
type RobotCreated struct {
	CreationTime Time   `json:"creation_time"`
	ExpiresAt    int64  `json:"expires_at" doc:"Seconds since 1970; -1 never"`
	ID           int64  `json:"id"`
	Name         string `json:"name" doc:"What it signs in with"`
	Secret       string `json:"secret"`
}

type robotCreatedOutput struct {
	Location string `header:"Location" doc:"Where it is now"`
	Body     RobotCreated
}

func (s *server) createRobot(ctx context.Context, in *struct{ Body newRobot }) (*robotCreatedOutput, error) {
	b := in.Body
	of, err := b.project()
	if err != nil {
		return nil, err
	}
	if of == "" {
		err = s.inScope(ctx, 0)
	} else {
		err = s.inNamedScope(ctx, of)
	}
	if err != nil {
		return nil, err
	}
	grants, err := readGrants(b.Permissions)
	if err != nil {
		return nil, err
	}
	r, secret, err := s.Robots.Create(ctx, subject(ctx), robot.New{
		Name: b.Name, Project: of, Description: b.Description, Disabled: b.Disable, Duration: b.Duration, Grants: grants,
	})
	if err != nil {
		return nil, err
	}
	return &robotCreatedOutput{
		Location: located("robots", r.ID).Location,
		Body:     RobotCreated{CreationTime: Time(r.CreatedAt), ExpiresAt: expiresAt(r), ID: r.ID, Name: r.FullName, Secret: secret},
	}, nil
}

// project is the name of the project whose robot it becomes, "" for the system's.
func (b newRobot) project() (string, error) {
	switch {
	case b.Level == levelSystem:
		return "", nil
	case b.Level != levelProject:
		return "", fault.Invalid("level", "bad request error level input: %.64s", b.Level)
	case len(b.Permissions) == 0:
		return "", fault.Invalid("permissions", "bad request empty permission")
	case len(b.Permissions) > 1 || b.Permissions[0].Kind != levelProject || b.Permissions[0].Namespace == "":
		return "", fault.Invalid("permissions", "bad request permission: a robot of a project has permissions in that one project: kind project, and its name as namespace")
	}
	return b.Permissions[0].Namespace, nil
}

type robotUpdate struct {
	Name        string            `json:"name,omitempty" doc:"Cannot be changed"`
	Description string            `json:"description,omitempty"`
	Level       string            `json:"level,omitempty" doc:"Cannot be changed"`
	Disable     bool              `json:"disable,omitempty"`
	Duration    *int64            `json:"duration,omitempty" doc:"Days from when it was made; -1 for ever"`
	Permissions []RobotPermission `json:"permissions" doc:"All of them from now on"`
}

func (s *server) updateRobot(ctx context.Context, in *struct {
	RobotPath
	Edition
	Body robotUpdate
}) (*done, error) {
	r, err := s.scopedRobot(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := r.Renames(b.Name); err != nil {
		return nil, err
	}
	if b.Level != "" && b.Level != showRobot(r).Level {
		return nil, fault.Invalid("level", "cannot update the level or name of robot; delete it and make another")
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	grants, err := readGrants(b.Permissions)
	if err != nil {
		return nil, err
	}
	return &done{}, s.Robots.Update(ctx, subject(ctx), in.ID, robot.Update{
		Description: b.Description, Disabled: b.Disable, Duration: b.Duration, Grants: grants, Since: since,
	})
}

// RobotSecret is a robot's secret, chosen by the client or generated.
type RobotSecret struct {
	Secret string `json:"secret,omitempty" doc:"In a request: missing to have one generated. In an answer: the generated one"`
}

func (s *server) refreshRobot(ctx context.Context, in *struct {
	RobotPath
	Body RobotSecret
}) (*struct{ Body RobotSecret }, error) {
	if _, err := s.scopedRobot(ctx, in.ID); err != nil {
		return nil, err
	}
	secret, err := s.Robots.Refresh(ctx, subject(ctx), in.ID, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	return &struct{ Body RobotSecret }{RobotSecret{secret}}, nil
}
