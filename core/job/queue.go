// Package job is background work as the domain and people know it: what asks for
// it, in the transaction that is the reason; what is known of it while it runs and
// afterwards; and how it is stopped, tried again and scheduled. It does not do the
// work: jobservice runs workers, each of which holds a Run.
//
// The table task is the only truth. A River job is one attempt at a task: it wakes
// a worker, and what becomes of it never decides anything. So a task's end, its
// execution's end and the next attempt are one commit.
package job

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Change is what somebody did to jobs, for the audit log.
type Change struct{ Operation, Type, Resource, Description string }

// Record writes a change into the audit log, in the change's own transaction.
type Record func(tx store.Tx, by rbac.Subject, c Change) error

// What a Change is of.
const (
	typeJob      = "job"
	typeQueue    = "job_queue"
	typeSchedule = "schedule"
)

// Queue asks for work and tells what becomes of it. It is safe for concurrent use.
type Queue struct {
	db     *gorm.DB
	river  *river.Client[pgx.Tx] // it only inserts
	kinds  []Kind
	record Record
	clock  func() time.Time
}

// NewQueue returns the Queue of some kinds of jobs. The clock says when schedules
// are due; everything else is told the time by the database, which is one for all
// processes.
func NewQueue(db *gorm.DB, kinds []Kind, record Record, clock func() time.Time) (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return &Queue{db: db, river: client, kinds: kinds, record: record, clock: clock}, nil
}

// Kinds are the kinds of jobs that there are.
func (q *Queue) Kinds() []Kind { return q.kinds }

// kind finds a kind by its name, however it is written.
func (q *Queue) kind(name string) (Kind, error) {
	at := slices.IndexFunc(q.kinds, func(k Kind) bool { return strings.EqualFold(k.Name, name) })
	if at < 0 {
		return Kind{}, fault.NotFound("job type %.64s not found", name)
	}
	return q.kinds[at], nil
}

// RiverQueue is the queue of a kind in River, which wants lower case.
func (k Kind) RiverQueue() string { return strings.ToLower(k.Name) }

// Request asks for an execution.
type Request struct {
	Args      Args
	SubjectID int64 // the policy that it is a run of; 0: none
	Trigger   string
	By        rbac.Subject

	Single      bool // no second execution of the subject, though its kind would allow one
	Concurrency int  // how many tasks are worked on at the same time; 0: as many as there are workers
}

// Start makes an execution with one task that a person asks for. It is a conflict
// while another one of a single kind has not ended.
func (q *Queue) Start(ctx context.Context, r Request) (out Execution, err error) {
	err = store.InTx(ctx, q.db, func(tx store.Tx) error {
		out, err = q.StartBy(tx, r)
		return err
	})
	return out, err
}

// StartBy is Start in a transaction of the caller's.
func (q *Queue) StartBy(tx store.Tx, r Request) (Execution, error) {
	out, err := q.StartIn(tx, r)
	if err != nil {
		return Execution{}, err
	}
	return out, q.record(tx, r.By, Change{"create", typeJob, fmt.Sprintf("%s %d", out.Kind, out.ID), fmt.Sprintf("start job: %s %d, %s", out.Kind, out.ID, out.Parameters)})
}

const newExecution = `
INSERT INTO execution (kind, subject_id, trigger, username, single, concurrency, parameters) VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)
ON CONFLICT (kind, subject_id) WHERE single AND ended_at IS NULL DO NOTHING RETURNING *`

// StartIn makes the execution in a transaction of the caller's; nobody asked for it.
func (q *Queue) StartIn(tx store.Tx, r Request) (Execution, error) {
	kind, err := q.kind(r.Args.Kind())
	if err != nil {
		return Execution{}, err
	}
	parameters, err := asJSON(r.Args)
	if err != nil {
		return Execution{}, err
	}
	return q.start(tx, piece{kind, parameters, plans(r.Args)}, r)
}

func (q *Queue) start(tx store.Tx, first piece, r Request) (Execution, error) {
	var made []Execution
	kind := first.kind
	err := tx.Raw(newExecution, kind.Name, r.SubjectID, r.Trigger, r.By.Name, kind.Single || r.Single, r.Concurrency, first.parameters).Scan(&made).Error
	if err != nil {
		return Execution{}, fmt.Errorf("start %s: %w", kind.Name, err)
	}
	if len(made) == 0 {
		return Execution{}, fault.Conflict("a job of type %s is under way already: wait for its end, or stop it", kind.Name)
	}
	return made[0], q.addTasks(tx, made[0], []piece{first})
}

// AddTasks gives an execution that has not ended more to do, in the transaction of
// a worker's Step or of who made the execution.
func (q *Queue) AddTasks(tx store.Tx, executionID int64, args ...Args) error {
	e, err := lockExecution(tx, executionID)
	if err != nil {
		return err
	}
	if !unfinished(e.Status) {
		return fault.Precondition("execution %d has ended", executionID)
	}
	pieces := make([]piece, 0, len(args))
	for _, a := range args {
		kind, err := q.kind(a.Kind())
		if err != nil {
			return err
		}
		parameters, err := asJSON(a)
		if err != nil {
			return err
		}
		pieces = append(pieces, piece{kind, parameters, plans(a)})
	}
	return q.addTasks(tx, e, pieces)
}

type piece struct {
	kind       Kind
	parameters JSON
	plans      bool
}

// plans says whether the job only makes the execution's other tasks.
func plans(a Args) bool {
	p, ok := a.(interface{ Plans() bool })
	return ok && p.Plans()
}

// addTasks makes tasks and queues as many as may be worked on at the same time, in a
// handful of statements however many.
func (q *Queue) addTasks(tx store.Tx, e Execution, pieces []piece) error {
	tasks := make([]Task, 0, len(pieces))
	for _, p := range pieces {
		tasks = append(tasks, Task{ExecutionID: e.ID, JobID: jobID(), Kind: p.kind.Name, Parameters: p.parameters, Priority: priority(e.Trigger), Status: Pending, Attempt: 1, Plans: p.plans})
	}
	if len(tasks) == 0 {
		return nil
	}
	free, err := places(tx, e)
	if err != nil {
		return err
	}
	now := 0
	for ; now < len(tasks) && (free > 0 || tasks[now].Plans); now++ {
		if !tasks[now].Plans {
			free--
		}
	}
	for i := now; i < len(tasks); i++ {
		tasks[i].Held = true
	}
	err = tx.Select("execution_id", "job_id", "kind", "parameters", "priority", "status", "attempt", "plans", "held").CreateInBatches(&tasks, 1000).Error
	if err != nil {
		return fmt.Errorf("add tasks: %w", err)
	}
	return q.deliver(tx, tasks[:now], time.Time{})
}

// places is how many more tasks of an execution may be queued; its row is locked.
func places(tx store.Tx, e Execution) (int, error) {
	if e.Concurrency == 0 {
		return math.MaxInt, nil
	}
	var taken int
	err := tx.Raw("SELECT count(*) FROM task WHERE execution_id = ? AND ended_at IS NULL AND NOT held AND NOT plans", e.ID).Scan(&taken).Error
	if err != nil {
		return 0, fmt.Errorf("count an execution's tasks: %w", err)
	}
	return max(0, e.Concurrency-taken), nil
}

const release = `
UPDATE task SET held = false, updated_at = now()
WHERE id IN (SELECT id FROM task WHERE execution_id = ? AND held ORDER BY id LIMIT ?) RETURNING *`

// release queues held tasks of an execution for which there is a place now. Its row
// is locked.
func (q *Queue) release(tx store.Tx, execution int64) error {
	var found []Execution
	if err := tx.Raw("SELECT * FROM execution WHERE id = ? AND concurrency > 0", execution).Scan(&found).Error; err != nil {
		return fmt.Errorf("look for held tasks: %w", err)
	}
	if len(found) == 0 {
		return nil
	}
	free, err := places(tx, found[0])
	if err != nil || free == 0 {
		return err
	}
	var tasks []Task
	if err := tx.Raw(release, execution, free).Scan(&tasks).Error; err != nil {
		return fmt.Errorf("queue held tasks: %w", err)
	}
	return q.deliver(tx, tasks, time.Time{})
}

// jobID is as long as Harbor's.
func jobID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// priority lets what somebody waits for go before what runs by itself.
func priority(trigger string) int {
	switch trigger {
	case Manual:
		return 1
	case ByEvent:
		return 2
	}
	return 3
}

// Delivery is what River carries: an attempt at a task.
type Delivery struct {
	Task    int64  `json:"task"`
	Attempt int    `json:"attempt"`
	Of      string `json:"of"`
}

// Kind is the kind of the task.
func (d Delivery) Kind() string { return d.Of }

// deliver puts the tasks' present attempts into River's queues, from a time on.
func (q *Queue) deliver(tx store.Tx, tasks []Task, at time.Time) error {
	if len(tasks) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, 0, len(tasks))
	for _, t := range tasks {
		params = append(params, river.InsertManyParams{Args: Delivery{t.ID, t.Attempt, t.Kind}, InsertOpts: &river.InsertOpts{
			Queue: Kind{Name: t.Kind}.RiverQueue(), Priority: t.Priority, MaxAttempts: 1, ScheduledAt: at,
		}})
	}
	jobs, err := q.river.InsertManyTx(tx.Statement.Context, store.PgxTx(tx), params)
	if err != nil {
		return fmt.Errorf("queue jobs: %w", err)
	}
	ids, rivers := make([]int64, len(jobs)), make([]int64, len(jobs))
	for i, j := range jobs {
		ids[i], rivers[i] = tasks[i].ID, j.Job.ID
	}
	return exec(tx, `UPDATE task SET river_id = v.river FROM unnest(?::bigint[], ?::bigint[]) v (id, river) WHERE task.id = v.id`, array(ids), array(rivers))
}

// withdraw takes an attempt back: one that waits is never begun, and the worker of
// one that runs is woken, whichever process it is in.
func (q *Queue) withdraw(tx store.Tx, riverID *int64) error {
	if riverID == nil {
		return nil
	}
	_, err := q.river.JobCancelTx(tx.Statement.Context, store.PgxTx(tx), *riverID)
	if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
		return fmt.Errorf("cancel a job: %w", err)
	}
	return nil
}

func exec(tx store.Tx, sql string, args ...any) error {
	if err := tx.Exec(sql, args...).Error; err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// array writes ids as Postgres reads them: gorm spreads a slice over parameters.
func array[T int | int64](ids []T) string {
	return "{" + strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ","), "[]") + "}"
}

// lockExecution is what every change of an execution or of the state of its tasks
// does first, so that two of them never wait for each other.
func lockExecution(tx store.Tx, id int64) (Execution, error) {
	var found []Execution
	if err := tx.Raw("SELECT * FROM execution WHERE id = ? FOR UPDATE", id).Scan(&found).Error; err != nil {
		return Execution{}, fmt.Errorf("lock execution: %w", err)
	}
	if len(found) == 0 {
		return Execution{}, fault.NotFound("execution %d not found", id)
	}
	return found[0], nil
}

const settled = `
WITH t AS (SELECT count(*) FILTER (WHERE status IN ('Pending', 'Running', 'Scheduled')) AS unfinished, count(*) FILTER (WHERE NOT plans) AS tasks, count(*) AS every,
  count(*) FILTER (WHERE status = 'Error') AS failed, count(*) FILTER (WHERE status = 'Stopped') AS stopped,
  min(error) FILTER (WHERE status = 'Error') AS error, min(result::text) AS result FROM task WHERE execution_id = ?)
UPDATE execution e SET updated_at = now(),
  status = CASE WHEN t.unfinished > 0 THEN CASE WHEN e.started_at IS NULL THEN 'Pending' ELSE 'Running' END
    WHEN t.failed > 0 THEN 'Error' WHEN t.stopped > 0 THEN 'Stopped' ELSE 'Success' END,
  ended_at = CASE WHEN t.unfinished = 0 THEN now() END,
  message = CASE WHEN t.unfinished > 0 OR t.failed = 0 THEN '' WHEN t.tasks <= 1 THEN t.error ELSE t.failed || ' of ' || t.tasks || ' tasks failed, one of them: ' || t.error END,
  result = CASE WHEN t.every = 1 THEN t.result::jsonb ELSE e.result END
FROM t WHERE e.id = ?`

// settle makes an execution say what its tasks say. Its row is locked.
func settle(tx store.Tx, id int64) error { return exec(tx, settled, id, id) }
