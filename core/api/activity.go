package api

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/stats"
)

// ActivityDay is what happened on a day, and what was stored when it ended.
type ActivityDay struct {
	Day    string `json:"day" format:"date" doc:"UTC"`
	Pushes int64  `json:"pushes"`
	Pulls  int64  `json:"pulls"`
	Stored int64  `json:"stored" doc:"Bytes"`
}

func showActivityDay(d stats.Day) ActivityDay {
	return ActivityDay{Day: d.Day.Format(time.DateOnly), Pushes: d.Pushes, Pulls: d.Pulls, Stored: d.Stored}
}

type activityOutput struct {
	Body []ActivityDay `nullable:"false"`
}

// ActivityDays says how many days to show.
type ActivityDays struct {
	Days int `query:"days" default:"30" minimum:"1" maximum:"365" doc:"How many, today last"`
}

func (s *server) projectActivity(ctx context.Context, in *struct {
	ProjectPath
	ActivityDays
}) (*activityOutput, error) {
	days, err := s.Stats.ProjectActivity(ctx, access(ctx).ProjectID, in.Days)
	return &activityOutput{shown(days, showActivityDay)}, err
}

// activity is summed over the projects that the caller can see.
func (s *server) activity(ctx context.Context, in *ActivityDays) (*activityOutput, error) {
	days, err := s.Stats.Activity(ctx, subject(ctx), in.Days)
	return &activityOutput{shown(days, showActivityDay)}, err
}
