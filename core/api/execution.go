package api

import (
	"context"
	"encoding/json"

	"github.com/roadstead-registry/roadstead/core/job"
)

// Execution is one run of a job, of one task or many.
type Execution struct {
	CreationTime  Time           `json:"creation_time"`
	EndTime       *Time          `json:"end_time,omitempty"`
	ID            int64          `json:"id"`
	Kind          string         `json:"kind"`
	Parameters    map[string]any `json:"parameters"`
	Progress      JobProgress    `json:"progress"`
	Result        map[string]any `json:"result,omitempty"`
	StartTime     *Time          `json:"start_time,omitempty"`
	Status        string         `json:"status" doc:"Pending, Running, Stopped, Error or Success"`
	StatusMessage string         `json:"status_message,omitempty"`
	Stopping      bool           `json:"stopping,omitempty" doc:"Somebody asked to stop it"`
	SubjectID     int64          `json:"subject_id,omitempty" doc:"The policy that it is a run of"`
	Trigger       string         `json:"trigger" doc:"manual, schedule or event"`
	Username      string         `json:"username"`
}

// JobProgress is how far work has come.
type JobProgress struct {
	Bytes  int64 `json:"bytes,omitempty"`
	Done   int64 `json:"done"`
	Ended  int64 `json:"ended" doc:"Tasks"`
	Failed int64 `json:"failed,omitempty" doc:"Tasks"`
	Tasks  int64 `json:"tasks"`
	Total  int64 `json:"total,omitempty" doc:"Missing while it is not known"`
}

func showExecution(e job.Execution) Execution {
	p := e.Progress
	out := Execution{
		CreationTime: Time(e.CreatedAt), EndTime: given(e.EndedAt), ID: e.ID, Kind: e.Kind, Parameters: object(e.Parameters), Result: objectOf(e.Result),
		Progress:  JobProgress{Bytes: p.Bytes, Done: p.Done, Ended: p.Ended, Failed: p.Failed, Tasks: p.Tasks, Total: p.Total},
		StartTime: given(e.StartedAt), Status: e.Status, StatusMessage: e.Message, SubjectID: e.SubjectID, Trigger: e.Trigger, Username: e.Username,
		Stopping: p.Stopping && e.EndedAt == nil,
	}
	return out
}

// object reads parameters that the program has written; what is no object is empty.
func object(text job.JSON) map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal([]byte(text), &out)
	return out
}

func objectOf(text *job.JSON) map[string]any {
	if text == nil {
		return nil
	}
	return object(*text)
}

// ExecutionTask is a part of an execution.
type ExecutionTask struct {
	Attempt      int            `json:"run_count"`
	Bytes        int64          `json:"bytes,omitempty"`
	CreationTime Time           `json:"creation_time"`
	Done         int64          `json:"done"`
	EndTime      *Time          `json:"end_time,omitempty"`
	ID           int64          `json:"id"`
	JobID        string         `json:"job_id" doc:"Its name in /jobservice/jobs"`
	Kind         string         `json:"kind"`
	Parameters   map[string]any `json:"parameters"`
	PoolID       string         `json:"pool_id,omitempty" doc:"The process that works on it, or did last"`
	Result       map[string]any `json:"result,omitempty"`
	StartTime    *Time          `json:"start_time,omitempty"`
	Status       string         `json:"status" doc:"Pending, Running, Scheduled (for another attempt), Stopped, Error or Success"`
	Message      string         `json:"status_message,omitempty"`
	Stopping     bool           `json:"stopping,omitempty"`
	Total        int64          `json:"total,omitempty"`
}

func showTask(t job.Task) ExecutionTask {
	return ExecutionTask{
		Attempt: t.Attempt, Bytes: t.Bytes, CreationTime: Time(t.CreatedAt), Done: t.Done, EndTime: given(t.EndedAt), ID: t.ID, JobID: t.JobID,
		Kind: t.Kind, Parameters: object(t.Parameters), PoolID: t.Worker, Result: objectOf(t.Result), StartTime: given(t.StartedAt), Status: t.Status,
		Message: t.Error, Stopping: t.Stopping && t.EndedAt == nil, Total: t.Total,
	}
}

type ExecutionPath struct {
	ID int64 `path:"execution_id"`
}

func (s *server) listExecutions(ctx context.Context, in *struct{ Paged }) (*list[Execution], error) {
	rows, err := s.Jobs.List(ctx, job.Filter{}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showExecution), nil
}

func (s *server) getExecution(ctx context.Context, in *ExecutionPath) (*struct{ Body Execution }, error) {
	e, err := s.Jobs.Get(ctx, "", in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Execution }{showExecution(e)}, nil
}

func (s *server) listExecutionTasks(ctx context.Context, in *struct {
	ExecutionPath
	Paged
}) (*list[ExecutionTask], error) {
	rows, err := s.Jobs.Tasks(ctx, in.ID, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showTask), nil
}

func (s *server) stopExecution(ctx context.Context, in *ExecutionPath) (*done, error) {
	return &done{}, s.Jobs.Stop(ctx, subject(ctx), "", in.ID)
}

func (s *server) retryExecution(ctx context.Context, in *ExecutionPath) (*done, error) {
	return &done{}, s.Jobs.Retry(ctx, subject(ctx), in.ID)
}
