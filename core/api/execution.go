package api

import (
	"context"
	"encoding/json"
	"time"

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
	Rate   int64 `json:"rate,omitempty" doc:"Bytes a second, on the average"`
	Tasks  int64 `json:"tasks"`
	Total  int64 `json:"total,omitempty" doc:"Missing while it is not known"`
}

func showExecution(e job.Execution) Execution {
	out := Execution{
		CreationTime: Time(e.CreatedAt), EndTime: given(e.EndedAt), ID: e.ID, Kind: e.Kind, Parameters: object(e.Parameters), Result: objectOf(e.Result),
		Progress: showProgress(e), StartTime: given(e.StartedAt), Status: e.Status, StatusMessage: e.Message, SubjectID: e.SubjectID, Trigger: e.Trigger, Username: e.Username,
		Stopping: e.Progress.Stopping && e.EndedAt == nil,
	}
	return out
}

func showProgress(e job.Execution) JobProgress {
	p := e.Progress
	return JobProgress{Bytes: p.Bytes, Done: p.Done, Ended: p.Ended, Failed: p.Failed, Rate: rate(p.Bytes, e.StartedAt, e.EndedAt, p.Noted), Tasks: p.Tasks, Total: p.Total}
}

// rate is bytes a second until the end, or until what was noted last.
func rate(bytes int64, start, end, noted *time.Time) int64 {
	if end == nil {
		end = noted
	}
	if start == nil || end == nil || !end.After(*start) {
		return 0
	}
	return int64(float64(bytes) / end.Sub(*start).Seconds())
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
	Rate         int64          `json:"rate,omitempty" doc:"Bytes a second, on the average"`
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
		Kind: t.Kind, Parameters: object(t.Parameters), PoolID: t.Worker, Rate: rate(t.Bytes, t.StartedAt, t.EndedAt, &t.UpdatedAt), Result: objectOf(t.Result), StartTime: given(t.StartedAt), Status: t.Status,
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
