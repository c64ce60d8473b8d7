package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
)

// WorkerPool is a process that works on jobs.
type WorkerPool struct {
	Concurrency  int    `json:"concurrency" doc:"How many jobs it can do at the same time"`
	HeartbeatAt  Time   `json:"heartbeat_at"`
	Host         string `json:"host,omitempty"`
	PID          int64  `json:"pid"`
	StartAt      Time   `json:"start_at"`
	WorkerPoolID string `json:"worker_pool_id"`
}

func showPool(p job.Pool) WorkerPool {
	return WorkerPool{
		Concurrency: p.Concurrency, HeartbeatAt: Time(p.HeartbeatAt), Host: p.Host, PID: p.PID, StartAt: Time(p.StartedAt), WorkerPoolID: p.ID,
	}
}

func (s *server) getWorkerPools(ctx context.Context, _ *struct{}) (*struct {
	Body []WorkerPool `nullable:"false"`
}, error) {
	pools, err := s.Jobs.Pools(ctx)
	return &struct {
		Body []WorkerPool `nullable:"false"`
	}{shown(pools, showPool)}, err
}

// Worker is a place in a pool, and the job that it is taken by.
type Worker struct {
	CheckIn   string `json:"check_in,omitempty" doc:"How far the job has come"`
	CheckinAt *Time  `json:"checkin_at,omitempty"`
	ID        string `json:"id"`
	JobID     string `json:"job_id,omitempty"`
	JobName   string `json:"job_name,omitempty"`
	PoolID    string `json:"pool_id"`
	StartAt   *Time  `json:"start_at,omitempty"`
}

type workersOutput struct {
	Body []Worker `nullable:"false"`
}

func (s *server) getWorkers(ctx context.Context, in *struct {
	PoolID string `path:"pool_id" doc:"all stands for every pool"`
}) (*workersOutput, error) {
	pools, err := s.Jobs.Pools(ctx)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(in.PoolID, job.All) {
		pools = slices.DeleteFunc(pools, func(p job.Pool) bool { return p.ID != in.PoolID })
		if len(pools) == 0 {
			return nil, fault.NotFound("worker pool %.64s not found", in.PoolID)
		}
	}
	busy, err := s.Jobs.Busy(ctx, in.PoolID)
	if err != nil {
		return nil, err
	}
	out := &workersOutput{Body: []Worker{}}
	for _, p := range pools {
		out.Body = append(out.Body, showWorkers(p, busy)...)
	}
	return out, nil
}

// showWorkers are the places of a pool, those that are taken first.
func showWorkers(p job.Pool, busy []job.Task) []Worker {
	var out []Worker
	for _, t := range busy {
		if t.Worker != p.ID {
			continue
		}
		w := Worker{ID: workerID(p.ID, len(out)), PoolID: p.ID, JobID: t.JobID, JobName: t.Kind, StartAt: given(t.StartedAt), CheckinAt: given(t.HeartbeatAt)}
		if t.Total > 0 {
			w.CheckIn = fmt.Sprintf("%d of %d", t.Done, t.Total)
		}
		out = append(out, w)
	}
	for len(out) < p.Concurrency {
		out = append(out, Worker{ID: workerID(p.ID, len(out)), PoolID: p.ID})
	}
	return out
}

// workerID names a place, the same at every call.
func workerID(pool string, place int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", pool, place))
	return hex.EncodeToString(sum[:12])
}

func given(t *time.Time) *Time {
	if t == nil {
		return nil
	}
	out := Time(*t)
	return &out
}

type JobPath struct {
	ID string `path:"job_id"`
}

func (s *server) stopJob(ctx context.Context, in *JobPath) (*done, error) {
	return &done{}, s.Jobs.StopJob(ctx, subject(ctx), in.ID)
}

type textOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// plainText is the answer of operations that plain describes.
func plainText(text string, err error) (*textOutput, error) {
	if err != nil {
		return nil, err
	}
	return &textOutput{"text/plain", []byte(text)}, nil
}

func (s *server) jobLog(ctx context.Context, in *JobPath) (*textOutput, error) {
	return plainText(s.Jobs.Log(ctx, in.ID))
}

// LogLine is a line of a job's log.
type LogLine struct {
	At    Time   `json:"at"`
	Level string `json:"level,omitempty" doc:"INFO, WARNING or ERROR; missing where lines were dropped"`
	Seq   int64  `json:"seq"`
	Text  string `json:"text"`
}

// LogLines are the lines of a log that come after one.
type LogLines struct {
	Ended bool      `json:"ended" doc:"There will be no more"`
	Lines []LogLine `json:"lines" nullable:"false"`
	Next  int64     `json:"next" doc:"What to ask for after next"`
}

func (s *server) jobLogLines(ctx context.Context, in *struct {
	JobPath
	After int64 `query:"after" doc:"The number of the last line that is known"`
}) (*struct{ Body LogLines }, error) {
	lines, t, err := s.Jobs.Lines(ctx, in.ID, in.After)
	if err != nil {
		return nil, err
	}
	out := LogLines{Next: in.After, Ended: t.EndedAt != nil, Lines: shown(lines, func(l job.Line) LogLine {
		return LogLine{At: Time(l.At), Level: l.Level, Seq: l.Seq, Text: l.Text}
	})}
	if n := len(out.Lines); n > 0 {
		out.Next = out.Lines[n-1].Seq
		out.Ended = out.Ended && out.Next >= t.LogSeq
	}
	return &struct{ Body LogLines }{out}, nil
}

// JobQueue is what waits of a kind of jobs.
type JobQueue struct {
	Count    int64  `json:"count,omitempty" doc:"How many wait"`
	JobType  string `json:"job_type"`
	Latency  int64  `json:"latency,omitempty" doc:"For how many seconds the first of them has waited"`
	Paused   bool   `json:"paused"`
	PausedBy string `json:"paused_by,omitempty"`
	Running  int64  `json:"running,omitempty" doc:"How many run, in all processes"`
}

type queuesOutput struct {
	Body []JobQueue `nullable:"false"`
}

func (s *server) listJobQueues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	rows, err := s.Jobs.Queues(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Clock()
	return &queuesOutput{shown(rows, func(q job.QueueState) JobQueue {
		out := JobQueue{JobType: q.Kind, Count: q.Waiting, Running: q.Running, Paused: q.PausedAt != nil, PausedBy: q.PausedBy}
		if q.Oldest != nil {
			out.Latency = max(0, int64(now.Sub(*q.Oldest).Seconds()))
		}
		return out
	})}, nil
}

type actionRequest struct {
	Action string `json:"action" enum:"stop,pause,resume" doc:"stop: what waits; what runs goes on"`
}

func (s *server) actionPendingJobs(ctx context.Context, in *struct {
	JobType string `path:"job_type" doc:"all stands for every queue, and SCHEDULER for all schedules"`
	Body    actionRequest
}) (*done, error) {
	act := s.Jobs.StopPending
	switch strings.ToLower(in.Body.Action) {
	case "stop":
	case "pause":
		act = s.Jobs.Pause
	case "resume":
		act = s.Jobs.Resume
	default:
		return nil, fault.Unprocessable("action_request.action in body should be one of [stop pause resume]")
	}
	return &done{}, act(ctx, subject(ctx), in.JobType)
}
