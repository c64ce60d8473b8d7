package api

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/retention"
)

// RetentionExecution is a run of a policy.
type RetentionExecution struct {
	DryRun    bool   `json:"dry_run"`
	EndTime   string `json:"end_time" doc:"In the year 1 while it has not ended"`
	ID        int64  `json:"id"`
	PolicyID  int64  `json:"policy_id"`
	StartTime string `json:"start_time"`
	Status    string `json:"status" doc:"Pending, Running, Stopped, Error or Success"`
	Trigger   string `json:"trigger" doc:"MANUAL or SCHEDULE"`
}

// retentionTime is a time as Harbor writes it here: as exactly as it is known.
func retentionTime(t *time.Time) string {
	if t == nil {
		return time.Time{}.Format(time.RFC3339Nano)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func showRetentionExecution(e job.Execution) RetentionExecution {
	var args job.RetentionArgs
	_ = e.Parameters.Into(&args) // the program wrote it
	trigger, _ := showTrigger(e)
	return RetentionExecution{
		DryRun: args.DryRun, EndTime: retentionTime(e.EndedAt), ID: e.ID, PolicyID: e.SubjectID, StartTime: retentionTime(&e.CreatedAt),
		Status: e.Status, Trigger: trigger,
	}
}

func (s *server) triggerRetention(ctx context.Context, in *struct {
	RetentionPath
	Body struct {
		DryRun bool `json:"dry_run,omitempty" doc:"Count and log, delete nothing"`
	}
}) (*created, error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return nil, err
	}
	e, err := s.Retention.Start(ctx, subject(ctx), in.ID, in.Body.DryRun)
	if err != nil {
		return nil, err
	}
	return located("retentions", in.ID, "executions", e.ID), nil
}

func (s *server) listRetentionExecutions(ctx context.Context, in *struct {
	RetentionPath
	Paged
}) (*list[RetentionExecution], error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return nil, err
	}
	rows, err := s.Jobs.List(ctx, job.Filter{Kind: job.Retention, SubjectID: &in.ID}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRetentionExecution), nil
}

type RetentionExecutionPath struct {
	RetentionPath
	ExecutionID int64 `path:"eid"`
}

// retentionExecution finds a run of a policy and decides about it.
func (s *server) retentionExecution(ctx context.Context, in RetentionExecutionPath) (job.Execution, error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return job.Execution{}, err
	}
	return s.Retention.Execution(ctx, in.ID, in.ExecutionID)
}

func (s *server) operateRetention(ctx context.Context, in *struct {
	RetentionExecutionPath
	Body struct {
		Action string `json:"action" doc:"stop"`
	}
}) (*done, error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	if in.Body.Action != "stop" {
		return nil, fault.Invalid("action", "action should be 'stop'")
	}
	return &done{}, s.Jobs.Stop(ctx, subject(ctx), job.Retention, e.ID)
}

// RetentionTask is the part of a run that is about one repository.
type RetentionTask struct {
	EndTime     string `json:"end_time" doc:"In the year 1 while it has not ended"`
	ExecutionID int64  `json:"execution_id"`
	ID          int64  `json:"id"`
	JobID       string `json:"job_id"`
	Message     string `json:"status_message,omitempty" doc:"Why it failed"`
	Repository  string `json:"repository" doc:"Without the project"`
	Retained    int64  `json:"retained"`
	StartTime   string `json:"start_time"`
	Status      string `json:"status"`
	StatusCode  int    `json:"status_code" doc:"0 Pending, 1 Scheduled, 2 Running, 3 ended"`
	Total       int64  `json:"total" doc:"Artifacts that rules looked at"`
}

func showRetentionTask(t job.Task) RetentionTask {
	var args job.RetentionArgs
	_ = t.Parameters.Into(&args) // the program wrote it
	var counts retention.Counts
	if t.Result != nil {
		_ = t.Result.Into(&counts) // the program wrote it
	}
	return RetentionTask{
		EndTime: retentionTime(t.EndedAt), ExecutionID: t.ExecutionID, ID: t.ID, JobID: t.JobID, Message: t.Error, Repository: args.Repository,
		Retained: counts.Retained, StartTime: retentionTime(&t.CreatedAt), Status: t.Status, StatusCode: statusCode(t.Status), Total: counts.Total,
	}
}

// statusCode is Harbor's number of a state.
func statusCode(status string) int {
	switch status {
	case job.Pending:
		return 0
	case job.Scheduled:
		return 1
	case job.Running:
		return 2
	}
	return 3
}

func (s *server) listRetentionTasks(ctx context.Context, in *struct {
	RetentionExecutionPath
	Paged
}) (*list[RetentionTask], error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	rows, err := s.Jobs.SpreadTasks(ctx, e.ID, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRetentionTask), nil
}

func (s *server) retentionLog(ctx context.Context, in *struct {
	RetentionExecutionPath
	TaskID int64 `path:"tid"`
}) (*textOutput, error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	t, err := s.Jobs.TaskOf(ctx, e.ID, in.TaskID)
	if err != nil {
		return nil, err
	}
	return plainText(s.Jobs.Log(ctx, t.JobID))
}
