package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/replication"
)

// The states and triggers of replications, Harbor's.
func replicationStatus(status string) string {
	switch status {
	case job.Success:
		return "Succeed"
	case job.Error:
		return "Failed"
	case job.Stopped:
		return job.Stopped
	}
	return "InProgress"
}

// jobStatuses are the states that a client means. One that nobody knows finds nothing.
func jobStatuses(status string, pending bool) []string {
	switch {
	case status == "":
		return nil
	case strings.EqualFold(status, "InProgress") && pending:
		return []string{job.Running, job.Scheduled}
	case strings.EqualFold(status, "InProgress"):
		return []string{job.Pending, job.Running}
	case strings.EqualFold(status, "Succeed"):
		return []string{job.Success}
	case strings.EqualFold(status, "Failed"):
		return []string{job.Error}
	}
	return []string{status}
}

func replicationTrigger(trigger string) string {
	switch trigger {
	case job.BySchedule:
		return replication.Scheduled
	case job.ByEvent:
		return replication.EventBased
	}
	return replication.Manual
}

func jobTrigger(trigger string) string {
	switch trigger {
	case replication.Scheduled:
		return job.BySchedule
	case replication.EventBased:
		return job.ByEvent
	}
	return trigger
}

// ReplicationExecution is one run of a policy.
type ReplicationExecution struct {
	Bytes      int64  `json:"bytes,omitempty" doc:"That have been sent"`
	Done       int64  `json:"done,omitempty" doc:"Artifacts, failed ones too"`
	EndTime    Time   `json:"end_time"`
	Failed     int64  `json:"failed"`
	ID         int64  `json:"id"`
	InProgress int64  `json:"in_progress"`
	Items      int64  `json:"items,omitempty" doc:"Artifacts that are to be copied or deleted"`
	PolicyID   int64  `json:"policy_id"`
	Rate       int64  `json:"rate,omitempty" doc:"Bytes a second, on the average"`
	StartTime  Time   `json:"start_time"`
	Status     string `json:"status" doc:"InProgress, Succeed, Failed or Stopped"`
	StatusText string `json:"status_text"`
	Stopped    int64  `json:"stopped"`
	Stopping   bool   `json:"stopping,omitempty" doc:"Somebody asked to stop it"`
	Succeed    int64  `json:"succeed"`
	Total      int64  `json:"total" doc:"Tasks"`
	Trigger    string `json:"trigger" doc:"manual, scheduled or event_based"`
	Username   string `json:"username,omitempty"`
}

func showReplication(e job.Execution) ReplicationExecution {
	p := e.Progress
	out := ReplicationExecution{
		Bytes: p.Bytes, Done: p.Done, EndTime: optionalTime(e.EndedAt), Failed: p.Failed, ID: e.ID, InProgress: p.Tasks - p.Ended, Items: p.Total, PolicyID: e.SubjectID,
		Rate: rate(p.Bytes, e.StartedAt, e.EndedAt, p.Noted), StartTime: Time(e.CreatedAt), Status: replicationStatus(e.Status), StatusText: e.Message,
		Stopped: p.Stopped, Stopping: p.Stopping && e.EndedAt == nil, Succeed: p.Succeeded, Total: p.Tasks, Trigger: replicationTrigger(e.Trigger), Username: e.Username,
	}
	if e.Status == job.Success && e.EndedAt != nil && p.Tasks == 0 {
		out.StatusText = "no resources need to be replicated"
	}
	return out
}

// ReplicationTask is what one worker does of a replication: some artifacts of one
// repository.
type ReplicationTask struct {
	Bytes        int64  `json:"bytes,omitempty"`
	Done         int64  `json:"done,omitempty" doc:"Artifacts"`
	DstResource  string `json:"dst_resource"`
	EndTime      Time   `json:"end_time"`
	ExecutionID  int64  `json:"execution_id"`
	ID           int64  `json:"id"`
	Items        int64  `json:"items,omitempty" doc:"Artifacts that it is about"`
	JobID        string `json:"job_id"`
	Operation    string `json:"operation" doc:"copy, deletion or tag deletion"`
	Rate         int64  `json:"rate,omitempty" doc:"Bytes a second, on the average"`
	ResourceType string `json:"resource_type"`
	RunCount     int    `json:"run_count,omitempty" doc:"How often it was begun"`
	SrcResource  string `json:"src_resource"`
	StartTime    Time   `json:"start_time"`
	Status       string `json:"status" doc:"Pending, InProgress, Succeed, Failed or Stopped"`
	StatusText   string `json:"status_text,omitempty"`
}

func showReplicationTask(t job.Task) ReplicationTask {
	var args job.ReplicationArgs
	_ = t.Parameters.Into(&args) // the program wrote it
	items := fmt.Sprintf(" [%d item(s) in total]", len(args.References))
	out := ReplicationTask{
		Bytes: t.Bytes, Done: t.Done, DstResource: args.Destination + items, EndTime: optionalTime(t.EndedAt), ExecutionID: t.ExecutionID, ID: t.ID, Items: t.Total,
		JobID: t.JobID, Operation: args.Operation, Rate: rate(t.Bytes, t.StartedAt, t.EndedAt, &t.UpdatedAt), ResourceType: args.ResourceType, RunCount: t.Attempt,
		SrcResource: args.Source + items, StartTime: optionalTime(t.StartedAt), Status: replicationStatus(t.Status), StatusText: t.Error,
	}
	if t.Status == job.Pending {
		out.Status = job.Pending
	}
	return out
}

func (s *server) listReplicationExecutions(ctx context.Context, in *struct {
	Paged
	PolicyID optional[int64] `query:"policy_id"`
	Status   string          `query:"status" maxLength:"64" doc:"InProgress, Succeed, Failed or Stopped"`
	Trigger  string          `query:"trigger" maxLength:"64" doc:"manual, scheduled or event_based"`
}) (*list[ReplicationExecution], error) {
	rows, err := s.Jobs.List(ctx, job.Filter{
		Kind: job.Replication, SubjectID: in.PolicyID.pointer(), Statuses: jobStatuses(in.Status, false), Trigger: jobTrigger(in.Trigger),
	}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showReplication), nil
}

func (s *server) startReplication(ctx context.Context, in *struct {
	Body struct {
		PolicyID int64 `json:"policy_id"`
	}
}) (*created, error) {
	e, err := s.Replications.Start(ctx, subject(ctx), in.Body.PolicyID, job.Manual)
	if err != nil {
		return nil, err
	}
	return located("replication", "executions", e.ID), nil
}

func (s *server) getReplicationExecution(ctx context.Context, in *ReplicationPath) (*struct{ Body ReplicationExecution }, error) {
	e, err := s.replicationRun(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body ReplicationExecution }{showReplication(e)}, nil
}

func (s *server) replicationRun(ctx context.Context, id int64) (job.Execution, error) {
	e, err := s.Jobs.Get(ctx, job.Replication, id)
	if f, ok := fault.As(err); ok && f.Kind == fault.KindNotFound {
		return e, fault.NotFound("replication execution %d not found", id)
	}
	return e, err
}

// null is the answer of operations that Harbor answers with it.
type null struct {
	Body *struct{}
}

func (s *server) stopReplication(ctx context.Context, in *ReplicationPath) (*null, error) {
	if _, err := s.replicationRun(ctx, in.ID); err != nil {
		return nil, err
	}
	return &null{}, s.Jobs.Stop(ctx, subject(ctx), job.Replication, in.ID)
}

func (s *server) retryReplication(ctx context.Context, in *ReplicationPath) (*done, error) {
	if _, err := s.replicationRun(ctx, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Jobs.Retry(ctx, subject(ctx), in.ID)
}

func (s *server) listReplicationTasks(ctx context.Context, in *struct {
	ReplicationPath
	Paged
	Status       string `query:"status" maxLength:"64" doc:"Pending, InProgress, Succeed, Failed or Stopped"`
	ResourceType string `query:"resource_type" maxLength:"64"`
}) (*list[ReplicationTask], error) {
	if _, err := s.replicationRun(ctx, in.ID); err != nil {
		return nil, err
	}
	f := job.Piece{Statuses: jobStatuses(in.Status, true)}
	if in.ResourceType != "" {
		f.Parameter, f.Value = "resource_type", in.ResourceType
	}
	rows, err := s.Jobs.Pieces(ctx, job.Replication, in.ID, f, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showReplicationTask), nil
}

func (s *server) replicationLog(ctx context.Context, in *struct {
	ReplicationPath
	TaskID int64 `path:"task_id"`
}) (*textOutput, error) {
	if _, err := s.replicationRun(ctx, in.ID); err != nil {
		return nil, err
	}
	return plainText(s.Jobs.PieceLog(ctx, job.Replication, in.ID, in.TaskID))
}

// replicationPlan is the log of what was looked for and found before the tasks were
// made.
func (s *server) replicationPlan(ctx context.Context, in *ReplicationPath) (*textOutput, error) {
	if _, err := s.replicationRun(ctx, in.ID); err != nil {
		return nil, err
	}
	return plainText(s.Jobs.PlanLog(ctx, job.Replication, in.ID))
}
