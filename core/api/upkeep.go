package api

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/job"
)

// UpkeepStep is a part of what the program does for itself, and how it fares.
type UpkeepStep struct {
	Cron         string `json:"cron" doc:"Six fields, seconds first, UTC"`
	Error        string `json:"error,omitempty" doc:"Of the last run that failed; it stays when later ones succeed"`
	ErrorTime    *Time  `json:"error_time,omitempty" doc:"When that was"`
	Every        int64  `json:"every" doc:"Seconds from one run to the next"`
	FailingSince *Time  `json:"failing_since,omitempty"`
	Failures     int    `json:"failures" doc:"Runs that have failed since one succeeded"`
	Host         string `json:"host,omitempty" doc:"Of the process that the last run was in"`
	Name         string `json:"name"`
	PID          int64  `json:"pid,omitempty"`
	Removed      int64  `json:"removed" doc:"Or counted, by the last run that did either"`
	RemovedTime  *Time  `json:"removed_time,omitempty" doc:"When that was"`
	StartTime    *Time  `json:"start_time,omitempty" doc:"Of the last run that was noted: one that did nothing is noted once a minute at most"`
	State        string `json:"state" enum:"waiting,fine,late,failing" doc:"waiting: it has not run yet; late: it should have run again; failing: its last run failed"`
	SuccessTime  *Time  `json:"success_time,omitempty" doc:"When a run last succeeded"`
	TookMS       *int64 `json:"took_ms,omitempty" doc:"How long the last run took"`
	Total        int64  `json:"total" doc:"Removed or counted since total_since"`
	TotalSince   *Time  `json:"total_since,omitempty"`
}

func showUpkeepStep(s job.StepState) UpkeepStep {
	out := UpkeepStep{
		Cron: s.Cron, Error: s.Error, ErrorTime: given(s.FailedAt), Every: int64(s.Every / time.Second), FailingSince: given(s.FailingSince),
		Failures: s.Failures, Host: s.Host, Name: s.Name, PID: s.PID, Removed: s.Removed, RemovedTime: given(s.RemovedAt),
		StartTime: given(s.StartedAt), State: s.State, SuccessTime: given(s.SucceededAt), Total: s.Total, TotalSince: given(s.CreatedAt),
	}
	if s.StartedAt != nil {
		out.TookMS = &s.TookMS
	}
	return out
}

func (s *server) listUpkeep(ctx context.Context, _ *struct{}) (*struct {
	Body []UpkeepStep `nullable:"false"`
}, error) {
	steps, err := s.Jobs.Upkeep(ctx)
	return &struct {
		Body []UpkeepStep `nullable:"false"`
	}{shown(steps, showUpkeepStep)}, err
}
