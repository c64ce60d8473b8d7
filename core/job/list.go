package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Filter narrows a list of executions; what is "" or nil lets all through.
type Filter struct {
	Kind      string
	SubjectID *int64
	Statuses  []string
	Trigger   string
}

// List returns one page of the executions, the newest first unless the page says
// otherwise, in three queries.
func (q *Queue) List(ctx context.Context, f Filter, p page.Page) (page.List[Execution], error) {
	db := q.db.WithContext(ctx).Model(&Execution{})
	if f.Kind != "" {
		db = db.Where("kind = ?", f.Kind)
	}
	if f.SubjectID != nil {
		db = db.Where("subject_id = ?", *f.SubjectID)
	}
	if len(f.Statuses) > 0 {
		db = db.Where("status IN ?", f.Statuses)
	}
	if f.Trigger != "" {
		db = db.Where("trigger = ?", f.Trigger)
	}
	for i := range p.Sort {
		if slices.Contains([]string{"creation_time", "start_time"}, p.Sort[i].Key) {
			p.Sort[i].Key = "id" // the same order to a reader, along an index
		}
	}
	db, err := p.Apply(db, page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "kind": {SQL: "kind"}, "vendor_type": {SQL: "kind"}, "job_name": {SQL: "kind"},
		"subject_id": {SQL: "subject_id", Kind: page.Int}, "trigger": {SQL: "trigger"}, "username": {SQL: "username"},
		"status": {SQL: "status"}, "job_status": {SQL: "status"}, "creation_time": {SQL: "created_at", Kind: page.Time},
		"start_time": {SQL: "started_at", Kind: page.Time}, "end_time": {SQL: "ended_at", Kind: page.Time}, "update_time": {SQL: "updated_at", Kind: page.Time},
	}, "id DESC")
	if err != nil {
		return page.List[Execution]{}, err
	}
	out, err := page.Fetch[Execution](db, p, "", "executions")
	if err != nil {
		return page.List[Execution]{}, err
	}
	return out, q.addProgress(ctx, out.Items)
}

const progress = `
SELECT execution_id AS id, count(*) FILTER (WHERE NOT plans) AS tasks, count(ended_at) FILTER (WHERE NOT plans) AS ended,
  count(*) FILTER (WHERE status = 'Error' AND NOT plans) AS failed, count(*) FILTER (WHERE status = 'Success' AND NOT plans) AS succeeded,
  count(*) FILTER (WHERE status = 'Stopped' AND NOT plans) AS stopped,
  coalesce(sum(done), 0)::bigint AS done, coalesce(sum(total), 0)::bigint AS total, coalesce(sum(bytes), 0)::bigint AS bytes,
  max(updated_at) AS noted, bool_or(stopping) AS stopping
FROM task WHERE execution_id IN ? GROUP BY execution_id`

func (q *Queue) addProgress(ctx context.Context, executions []Execution) error {
	if len(executions) == 0 {
		return nil
	}
	ids := make([]int64, len(executions))
	for i, e := range executions {
		ids[i] = e.ID
	}
	var rows []struct {
		ID int64
		Progress
	}
	if err := q.db.WithContext(ctx).Raw(progress, ids).Scan(&rows).Error; err != nil {
		return fmt.Errorf("read the progress of executions: %w", err)
	}
	for _, r := range rows {
		executions[slices.Index(ids, r.ID)].Progress = r.Progress
	}
	return nil
}

// Get returns an execution, of a kind unless it is "".
func (q *Queue) Get(ctx context.Context, kind string, id int64) (Execution, error) {
	db := q.db.WithContext(ctx).Where("id = ?", id)
	if kind != "" {
		db = db.Where("kind = ?", kind)
	}
	out := make([]Execution, 1)
	err := db.Take(&out[0]).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Execution{}, fault.NotFound("execution %d not found", id)
	}
	if err != nil {
		return Execution{}, fmt.Errorf("get execution: %w", err)
	}
	err = q.addProgress(ctx, out)
	return out[0], err
}

// Tasks returns one page of the tasks of an execution.
func (q *Queue) Tasks(ctx context.Context, executionID int64, p page.Page) (page.List[Task], error) {
	if _, err := q.Get(ctx, "", executionID); err != nil {
		return page.List[Task]{}, err
	}
	db, err := p.Apply(q.db.WithContext(ctx).Model(&Task{}).Where("execution_id = ?", executionID), page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "status": {SQL: "status"}, "kind": {SQL: "kind"}, "job_id": {SQL: "job_id"},
	}, "id")
	if err != nil {
		return page.List[Task]{}, err
	}
	return page.Fetch[Task](db, p, "", "tasks")
}

// Piece narrows a list of an execution's tasks.
type Piece struct {
	Statuses []string
	// Parameter and Value: only those of whose parameters one has this value.
	Parameter, Value string
}

// Pieces returns one page of the tasks of an execution of a kind, without those that
// only make others, the newest first unless the page says otherwise.
func (q *Queue) Pieces(ctx context.Context, kind string, executionID int64, f Piece, p page.Page) (page.List[Task], error) {
	if _, err := q.Get(ctx, kind, executionID); err != nil {
		return page.List[Task]{}, err
	}
	db := q.db.WithContext(ctx).Model(&Task{}).Where("execution_id = ? AND NOT plans", executionID)
	if len(f.Statuses) > 0 {
		db = db.Where("status IN ?", f.Statuses)
	}
	if f.Parameter != "" {
		db = db.Where("parameters ->> ?::text = ?", f.Parameter, f.Value)
	}
	db, err := p.Apply(db, page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "status": {SQL: "status"}, "job_id": {SQL: "job_id"}, "failed": {SQL: "(status = 'Error')"},
		"start_time": {SQL: "started_at", Kind: page.Time}, "end_time": {SQL: "ended_at", Kind: page.Time},
	}, "id DESC")
	if err != nil {
		return page.List[Task]{}, err
	}
	return page.Fetch[Task](db, p, "", "tasks")
}

// PieceLog is the log of a task of an execution of a kind.
func (q *Queue) PieceLog(ctx context.Context, kind string, executionID, taskID int64) (string, error) {
	if _, err := q.Get(ctx, kind, executionID); err != nil {
		return "", err
	}
	var found []int64
	err := q.db.WithContext(ctx).Raw("SELECT id FROM task WHERE id = ? AND execution_id = ?", taskID, executionID).Scan(&found).Error
	if err != nil {
		return "", fmt.Errorf("find a task: %w", err)
	}
	if len(found) == 0 {
		return "", fault.NotFound("execution %d contains no task with ID %d", executionID, taskID)
	}
	return q.logOf(ctx, taskID)
}

// PlanLog is the log of what made an execution's tasks; "" when it has none.
func (q *Queue) PlanLog(ctx context.Context, kind string, executionID int64) (string, error) {
	if _, err := q.Get(ctx, kind, executionID); err != nil {
		return "", err
	}
	var found []int64
	err := q.db.WithContext(ctx).Raw("SELECT id FROM task WHERE execution_id = ? AND plans ORDER BY id LIMIT 1", executionID).Scan(&found).Error
	if err != nil {
		return "", fmt.Errorf("find a task: %w", err)
	}
	if len(found) == 0 {
		return "", nil
	}
	return q.logOf(ctx, found[0])
}

// Latest returns the newest execution of each of some subjects, in one query.
func (q *Queue) Latest(ctx context.Context, kind string, subjects []int64) (map[int64]Execution, error) {
	out := map[int64]Execution{}
	if len(subjects) == 0 {
		return out, nil
	}
	var rows []Execution
	err := q.db.WithContext(ctx).Raw(`SELECT e.* FROM unnest(?::bigint[]) s (id)
		CROSS JOIN LATERAL (SELECT * FROM execution WHERE kind = ? AND subject_id = s.id AND subject_id <> 0 ORDER BY id DESC LIMIT 1) e`, array(subjects), kind).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the newest executions: %w", err)
	}
	if err := q.addProgress(ctx, rows); err != nil {
		return nil, err
	}
	for _, e := range rows {
		out[e.SubjectID] = e
	}
	return out, nil
}

// SchedulesOf returns the schedules of some subjects, in one query.
func (q *Queue) SchedulesOf(ctx context.Context, kind string, subjects []int64) (map[int64]Schedule, error) {
	out := map[int64]Schedule{}
	if len(subjects) == 0 {
		return out, nil
	}
	var rows []Schedule
	if err := q.db.WithContext(ctx).Where("kind = ? AND subject_id IN ?", kind, subjects).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read schedules: %w", err)
	}
	for _, s := range rows {
		out[s.SubjectID] = s
	}
	return out, nil
}

// Forget removes the history of a subject, in the transaction that removes the
// subject. It is a precondition that nothing of it is under way.
func (q *Queue) Forget(tx store.Tx, kind string, subject int64) error {
	var under []int64
	err := tx.Raw("SELECT id FROM execution WHERE kind = ? AND subject_id = ? AND subject_id <> 0 AND ended_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE", kind, subject).Scan(&under).Error
	if err != nil {
		return fmt.Errorf("look for what is under way: %w", err)
	}
	if len(under) > 0 {
		return fault.Precondition("execution %d is under way: stop it first, or wait for its end", under[0])
	}
	return exec(tx, "DELETE FROM execution WHERE kind = ? AND subject_id = ? AND subject_id <> 0", kind, subject)
}

// Task returns a task by the name of its job in the API.
func (q *Queue) Task(ctx context.Context, jobID string) (out Task, err error) {
	err = q.db.WithContext(ctx).Where("job_id = ?", jobID).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Task{}, fault.NotFound("job %.64s not found", jobID)
	}
	if err != nil {
		return Task{}, fmt.Errorf("get job: %w", err)
	}
	return out, nil
}

// QueueState is what waits and runs of a kind, and whether more may begin.
type QueueState struct {
	Kind     string
	Waiting  int64
	Running  int64
	Oldest   *time.Time // since when the first one waits
	PausedBy string
	PausedAt *time.Time
}

const queueStates = `
SELECT q.kind, coalesce(t.waiting, 0) AS waiting, coalesce(t.running, 0) AS running, t.oldest, coalesce(p.username, '') AS paused_by, p.at AS paused_at
FROM unnest(?::text[]) q (kind) LEFT JOIN paused_queue p ON p.kind = q.kind
LEFT JOIN (SELECT kind, count(*) FILTER (WHERE status <> 'Running') AS waiting, count(*) FILTER (WHERE status = 'Running') AS running,
  min(created_at) FILTER (WHERE status = 'Pending') AS oldest FROM task WHERE status IN ('Pending', 'Scheduled') OR status = 'Running' GROUP BY kind) t ON t.kind = q.kind
ORDER BY q.kind`

// Queues tells the state of every queue, in one query.
func (q *Queue) Queues(ctx context.Context) (out []QueueState, err error) {
	names, err := q.queues(All)
	if err != nil {
		return nil, err
	}
	if err := q.db.WithContext(ctx).Raw(queueStates, "{"+strings.Join(names, ",")+"}").Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("read the job queues: %w", err)
	}
	return out, nil
}

// Paused says whether a queue is paused; all stands for the schedules.
func (q *Queue) Paused(ctx context.Context, queue string) (paused bool, err error) {
	if strings.EqualFold(queue, All) {
		queue = Scheduler
	}
	names, err := q.queues(queue)
	if err != nil {
		return false, err
	}
	err = q.db.WithContext(ctx).Raw("SELECT EXISTS (SELECT 1 FROM paused_queue WHERE kind = ?)", names[0]).Scan(&paused).Error
	if err != nil {
		return false, fmt.Errorf("read the paused queues: %w", err)
	}
	return paused, nil
}

// Pool is a process that works.
type Pool struct {
	ID          string
	Host        string
	PID         int64 `gorm:"column:pid"`
	Concurrency int
	StartedAt   time.Time
	HeartbeatAt time.Time
}

// Pools lists the processes that have given a sign of life lately.
func (q *Queue) Pools(ctx context.Context) (out []Pool, err error) {
	err = q.db.WithContext(ctx).Raw("SELECT * FROM worker_pool WHERE heartbeat_at > now() - ?::interval ORDER BY started_at, id", interval(silence)).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list the worker pools: %w", err)
	}
	return out, nil
}

// Busy lists the tasks that run in a pool, or in all of them.
func (q *Queue) Busy(ctx context.Context, pool string) (out []Task, err error) {
	db := q.db.WithContext(ctx).Where("status = ?", Running)
	if !strings.EqualFold(pool, All) {
		db = db.Where("worker = ?", pool)
	}
	if err := db.Order("id").Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list what runs: %w", err)
	}
	return out, nil
}

func interval(d time.Duration) string { return fmt.Sprintf("%d milliseconds", d.Milliseconds()) }
