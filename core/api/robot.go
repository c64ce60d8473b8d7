package api

import (
	"context"
	"slices"
	"strconv"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/robot"
)

// Robot is the account of a machine. Its secret is in no answer but those that make
// one.
type Robot struct {
	CreationTime Time              `json:"creation_time"`
	CreatorRef   int64             `json:"creator_ref" doc:"The id of the user, or robot, who made it"`
	CreatorType  string            `json:"creator_type" doc:"local: a user; robot"`
	Description  string            `json:"description,omitempty"`
	Disable      bool              `json:"disable"`
	Duration     int64             `json:"duration" doc:"Days from when it was made; -1 for ever"`
	Editable     bool              `json:"editable"`
	ExpiresAt    int64             `json:"expires_at" doc:"Seconds since 1970; -1 never"`
	ID           int64             `json:"id"`
	LastUsedTime *Time             `json:"last_used_time,omitempty" doc:"To the minute; missing when it was never used"`
	Level        string            `json:"level" doc:"system or project"`
	Name         string            `json:"name" doc:"What it signs in with"`
	Permissions  []RobotPermission `json:"permissions" nullable:"false"`
	UpdateTime   Time              `json:"update_time"`
}

const (
	levelSystem  = "system"
	levelProject = "project"
	never        = -1
)

func showRobot(r robot.Robot) Robot {
	out := Robot{
		CreationTime: Time(r.CreatedAt), CreatorRef: r.CreatorID, CreatorType: creatorType(r), Description: r.Description, Disable: r.Disabled,
		Duration: r.Duration, Editable: true, ExpiresAt: expiresAt(r), ID: r.ID, Level: levelSystem, Name: r.FullName,
		Permissions: shown(r.Grants, showGrant), UpdateTime: Time(r.UpdatedAt),
	}
	if r.ProjectID != nil {
		out.Level = levelProject
	}
	if r.UsedAt != nil {
		at := Time(*r.UsedAt)
		out.LastUsedTime = &at
	}
	return out
}

func expiresAt(r robot.Robot) int64 {
	if r.ExpiresAt == nil {
		return never
	}
	return r.ExpiresAt.Unix()
}

type RobotPath struct {
	ID int64 `path:"robot_id"`
}

func (s *server) listRobots(ctx context.Context, in *struct{ Paged }) (*list[Robot], error) {
	projectID, err := robotLevel(in.page.Query)
	if err != nil {
		return nil, err
	}
	if err := s.inScope(ctx, projectID); err != nil {
		return nil, err
	}
	rows, err := s.Robots.List(ctx, projectID, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRobot), nil
}

// robotLevel reads Level and ProjectID of a query: 0 is the level of the system.
func robotLevel(q page.Query) (int64, error) {
	value := func(key string) string {
		at := slices.IndexFunc(q.Terms, func(t page.Term) bool { return t.Key == key && t.Op == page.Equal })
		if at < 0 {
			return ""
		}
		return q.Terms[at].Values[0]
	}
	level, project := value("level"), value("projectid")
	if project == "" {
		project = value("project_id")
	}
	switch {
	case level == "" || level == levelSystem:
		return 0, nil
	case level != levelProject:
		return 0, fault.Invalid("q", "bad request error level input: %.64s", level)
	case project == "":
		return 0, fault.Invalid("q", "must with project ID when to query project robots")
	}
	id, err := strconv.ParseInt(project, 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.Invalid("q", "ProjectID must be the id of a project, not %.64q", project)
	}
	return id, nil
}

type robotOutput struct {
	ETag string `header:"ETag" doc:"The state that was read, for If-Match"`
	Body Robot
}

// scopedRobot returns a robot if the caller may do to it what the operation does.
func (s *server) scopedRobot(ctx context.Context, id int64) (robot.Robot, error) {
	r, err := s.Robots.Get(ctx, id)
	if err != nil {
		return robot.Robot{}, err
	}
	var of int64
	if r.ProjectID != nil {
		of = *r.ProjectID
	}
	return r, s.inScope(ctx, of)
}

func (s *server) getRobot(ctx context.Context, in *RobotPath) (*robotOutput, error) {
	r, err := s.scopedRobot(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &robotOutput{etag(r.UpdatedAt), showRobot(r)}, nil
}

func (s *server) deleteRobot(ctx context.Context, in *RobotPath) (*done, error) {
	if _, err := s.scopedRobot(ctx, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Robots.Delete(ctx, subject(ctx), in.ID)
}
