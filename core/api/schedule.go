package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
)

// ScheduleTask is a schedule of any kind of job.
type ScheduleTask struct {
	Cron              string `json:"cron" doc:"Six fields, seconds first, UTC"`
	CronType          string `json:"cron_type,omitempty" doc:"Hourly, Daily, Weekly or Custom: how it was chosen"`
	ID                int64  `json:"id"`
	LastScheduledTime *Time  `json:"last_scheduled_time,omitempty"`
	NextScheduledTime Time   `json:"next_scheduled_time"`
	Skipped           string `json:"skipped,omitempty" doc:"Why the last time started nothing"`
	UpdateTime        Time   `json:"update_time"`
	VendorID          int64  `json:"vendor_id,omitempty" doc:"The policy; -1: none"`
	VendorType        string `json:"vendor_type" doc:"The kind of job"`
}

// noVendor is Harbor's id of the policy of what has none.
const noVendor = -1

func showScheduleTask(s job.Schedule) ScheduleTask {
	out := ScheduleTask{
		Cron: s.Cron, CronType: s.CronType, ID: s.ID, LastScheduledTime: given(s.LastAt), NextScheduledTime: Time(s.NextAt), Skipped: s.Skipped,
		UpdateTime: Time(s.UpdatedAt), VendorID: s.SubjectID, VendorType: s.Kind,
	}
	if s.SubjectID == 0 {
		out.VendorID = noVendor
	}
	return out
}

func (s *server) listSchedules(ctx context.Context, in *struct{ Paged }) (*list[ScheduleTask], error) {
	rows, err := s.Jobs.Schedules(ctx, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showScheduleTask), nil
}

// SchedulerStatus says whether schedules start anything.
type SchedulerStatus struct {
	Paused bool `json:"paused"`
}

func (s *server) schedulePaused(ctx context.Context, in *struct {
	JobType string `path:"job_type" doc:"all: every schedule; a kind of job: what its schedule starts waits"`
}) (*struct{ Body SchedulerStatus }, error) {
	paused, err := s.Jobs.Paused(ctx, in.JobType)
	if err != nil {
		return nil, err
	}
	return &struct{ Body SchedulerStatus }{SchedulerStatus{paused}}, nil
}

func (s *server) runSchedule(ctx context.Context, in *struct {
	ID int64 `path:"schedule_id"`
}) (*created, error) {
	e, err := s.Jobs.RunNow(ctx, subject(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return located("jobservice", "executions", e.ID), nil
}

// Schedule is when something happens by itself, or that it happens now, and how.
type Schedule struct {
	Parameters map[string]any `json:"parameters,omitempty"`
	Schedule   *ScheduleObj   `json:"schedule"`
}

// ScheduleObj is when something happens.
type ScheduleObj struct {
	Cron              string `json:"cron,omitempty" doc:"Six fields, seconds first (always 0), UTC"`
	NextScheduledTime *Time  `json:"next_scheduled_time,omitempty" readOnly:"true"`
	Type              string `json:"type" doc:"Hourly, Daily, Weekly, Custom; Manual: now; None: not any more"`
}

// UnmarshalJSON reads what clients send; the next time is not theirs to say.
func (o *ScheduleObj) UnmarshalJSON(text []byte) error {
	var in struct{ Type, Cron string }
	if err := readJSON(text, &in); err != nil {
		return err
	}
	o.Type, o.Cron = in.Type, in.Cron
	return nil
}

// apply does what a Schedule asks for. It returns the execution that was started,
// or 0.
func (s *server) apply(ctx context.Context, in Schedule, kind string, args func() (job.Args, error)) (int64, error) {
	if in.Schedule == nil {
		return 0, fault.Invalid("schedule", "schedule cann't be empty: give {\"type\": …, \"cron\": …}")
	}
	if in.Schedule.Type == job.Never {
		return 0, s.Jobs.Unschedule(ctx, subject(ctx), kind, 0)
	}
	a, err := args()
	if err != nil {
		return 0, err
	}
	if in.Schedule.Type != job.Now {
		return 0, s.Jobs.Schedule(ctx, subject(ctx), job.Plan{Args: a, CronType: in.Schedule.Type, Cron: in.Schedule.Cron})
	}
	e, err := s.Jobs.Start(ctx, job.Request{Args: a, Trigger: job.Manual, By: subject(ctx)})
	return e.ID, err
}

// ExecHistory is one run of something that has a schedule, or the schedule.
type ExecHistory struct {
	CreationTime  Time         `json:"creation_time"`
	ID            int64        `json:"id"`
	JobKind       string       `json:"job_kind" doc:"MANUAL or SCHEDULE; of a schedule: its cron"`
	JobName       string       `json:"job_name,omitempty"`
	JobParameters string       `json:"job_parameters" doc:"JSON, with the result once there is one"`
	JobStatus     string       `json:"job_status"`
	Progress      *JobProgress `json:"progress,omitempty" doc:"Of a run; its bytes are those that it has freed or read"`
	Schedule      *ScheduleObj `json:"schedule"`
	UpdateTime    Time         `json:"update_time"`
}

// blank makes the answer empty where there is no schedule, as Harbor's is.
func (h *ExecHistory) blank() bool { return h == nil }

func showTrigger(e job.Execution) (kind, title string) {
	switch e.Trigger {
	case job.BySchedule:
		return "SCHEDULE", "Schedule"
	case job.ByEvent:
		return "EVENT", "Event"
	}
	return "MANUAL", "Manual"
}

func showHistory(e job.Execution, parameters string) ExecHistory {
	kind, title := showTrigger(e)
	progress := showProgress(e)
	return ExecHistory{
		CreationTime: Time(e.CreatedAt), ID: e.ID, JobKind: kind, JobName: e.Kind, JobParameters: parameters, JobStatus: e.Status, Progress: &progress,
		Schedule: &ScheduleObj{Type: title, NextScheduledTime: &Time{}}, UpdateTime: Time(e.UpdatedAt),
	}
}

func showSchedule(s job.Schedule, parameters string) *ExecHistory {
	next := Time(s.NextAt)
	return &ExecHistory{
		CreationTime: Time(s.CreatedAt), ID: s.ID, JobKind: s.Cron, JobParameters: parameters, JobStatus: job.Running,
		Schedule: &ScheduleObj{Cron: s.Cron, Type: s.CronType, NextScheduledTime: &next}, UpdateTime: Time(s.UpdatedAt),
	}
}
