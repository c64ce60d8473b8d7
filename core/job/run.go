package job

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/roadstead-registry/roadstead/core/store"
)

// ErrLost says that the attempt is not the worker's any more: somebody stopped it
// before it began, or its process was silent for so long that another one has
// taken it up. Nothing that the worker still does is kept.
var ErrLost = errors.New("this attempt at the job was given to somebody else")

// Ways that a worker's context ends, as context.Cause tells.
var (
	ErrStopped = errors.New("somebody stopped the job")
	ErrLeaving = errors.New("the process is leaving")
)

// IsStop says whether a worker's context ended because somebody stopped the job, of which
// River may hear first.
func IsStop(cause error) bool {
	return errors.Is(cause, ErrStopped) || errors.Is(cause, rivertype.ErrJobCancelledRemotely)
}

// idleLimit ends a transaction whose process has been halted in the middle of it,
// so that its locks do not keep the next one waiting. It is below the time after
// which an attempt is given to another process.
const idleLimit = "SET LOCAL idle_in_transaction_session_timeout = '10s'"

// Run is one attempt at a task, held by the worker that does it. Its methods may be
// called from several goroutines.
type Run struct {
	TaskID      int64
	ExecutionID int64
	JobID       string
	Kind        Kind
	Attempt     int
	Username    string // who asked for the execution

	q          *Queue
	parameters JSON
	riverID    *int64

	mu       sync.Mutex
	lines    []line
	done     int64
	total    int64
	bytes    int64
	noted    bool // progress that is not written yet
	result   *JSON
	atEnd    []func(store.Tx) error
	told     bool // how it ended
	stepping int  // Steps under way: each is a sign of life
}

const begin = `
UPDATE task SET status = 'Running', worker = ?, heartbeat_at = now(), started_at = coalesce(started_at, now()), updated_at = now()
WHERE id = ? AND attempt = ? AND status IN ('Pending', 'Scheduled') RETURNING *`

// Begin takes up an attempt for a worker pool. It is ErrLost when there is nothing
// to do.
func (q *Queue) Begin(ctx context.Context, d Delivery, pool string) (*Run, error) {
	kind, err := q.kind(d.Of)
	if err != nil {
		return nil, err
	}
	var t Task
	var username string
	err = store.InTx(ctx, q.db, func(tx store.Tx) error {
		if err := tx.Raw("SELECT e.username FROM execution e JOIN task t ON t.execution_id = e.id WHERE t.id = ? FOR UPDATE OF e", d.Task).Scan(&username).Error; err != nil {
			return fmt.Errorf("begin a job: %w", err)
		}
		var begun []Task
		if err := tx.Raw(begin, pool, d.Task, d.Attempt).Scan(&begun).Error; err != nil {
			return fmt.Errorf("begin a job: %w", err)
		}
		if len(begun) == 0 {
			return ErrLost
		}
		t = begun[0]
		return exec(tx, "UPDATE execution SET status = 'Running', started_at = coalesce(started_at, now()), updated_at = now() WHERE id = ? AND status <> 'Running'", t.ExecutionID)
	})
	if err != nil {
		return nil, err
	}
	return &Run{
		TaskID: t.ID, ExecutionID: t.ExecutionID, JobID: t.JobID, Kind: kind, Attempt: t.Attempt, Username: username,
		q: q, parameters: t.Parameters, riverID: t.RiverID, done: t.Done, total: t.Total, bytes: t.Bytes,
	}, nil
}

// Args decodes what the job is told.
func (r *Run) Args(into any) error { return r.parameters.Into(into) }

// Done is how much this attempt and those before it have done.
func (r *Run) Done() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done
}

// Bytes is how many bytes this attempt and those before it have noted.
func (r *Run) Bytes() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bytes
}

// Progress notes how much has been done, of how much (0: not known), in how many
// bytes. It is written within about a second.
func (r *Run) Progress(done, total, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done, r.total, r.bytes, r.noted = done, total, bytes, true
}

// Result sets what the API shows of the outcome once the attempt has ended well.
func (r *Run) Result(v any) error {
	text, err := asJSON(v)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result = &text
	return nil
}

// AtEnd adds to the transaction that ends the attempt well.
func (r *Run) AtEnd(fn func(store.Tx) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.atEnd = append(r.atEnd, fn)
}

const step = `UPDATE task SET done = done + ?, heartbeat_at = clock_timestamp(), updated_at = now() WHERE id = ? AND attempt = ? AND status = 'Running'`

// Step does visible work: fn's changes and the progress that it returns are one
// commit, and only while the attempt is the worker's. So however often a worker
// dies and another takes over, no step is done twice. fn should take a second or
// so, and must not wait for anything but the database.
func (r *Run) Step(ctx context.Context, fn func(tx store.Tx) (done int64, err error)) error {
	r.enter(1)
	defer r.enter(-1)
	var n int64
	err := store.InTx(ctx, r.q.db, func(tx store.Tx) error {
		if err := r.hold(tx); err != nil {
			return err
		}
		var err error
		if n, err = fn(tx); err != nil {
			return err
		}
		return exec(tx, step, n, r.TaskID, r.Attempt)
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += n
	return nil
}

func (r *Run) enter(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stepping += n
}

// Stepping says whether a Step holds the task's row, which the heartbeat would wait
// for and need not: others leave such a row alone.
func (r *Run) Stepping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stepping > 0
}

// hold locks the task's row while the attempt is the worker's.
func (r *Run) hold(tx store.Tx) error {
	if err := exec(tx, idleLimit); err != nil {
		return err
	}
	var held []int64
	if err := tx.Raw("SELECT id FROM task WHERE id = ? AND attempt = ? AND status = 'Running' FOR UPDATE", r.TaskID, r.Attempt).Scan(&held).Error; err != nil {
		return fmt.Errorf("hold a job: %w", err)
	}
	if len(held) == 0 {
		return ErrLost
	}
	return nil
}

const flush = `
UPDATE task SET done = CASE WHEN ?::boolean THEN ? ELSE done END, total = CASE WHEN ?::boolean THEN ? ELSE total END, bytes = CASE WHEN ?::boolean THEN ? ELSE bytes END,
  log_seq = log_seq + ?, log_bytes = log_bytes + ?, heartbeat_at = now(), updated_at = now()
WHERE id = ? AND attempt = ? AND status = 'Running' RETURNING *`

// Flush writes the progress and the lines that have been noted.
func (r *Run) Flush(ctx context.Context) error {
	r.mu.Lock()
	lines, noted, done, total, bytes := r.lines, r.noted, r.done, r.total, r.bytes
	r.lines, r.noted = nil, false
	r.mu.Unlock()
	if len(lines) == 0 && !noted {
		return nil
	}
	err := store.InTx(ctx, r.q.db, func(tx store.Tx) error {
		var held []Task
		if err := tx.Raw(flush, noted, done, noted, total, noted, bytes, len(lines), size(lines), r.TaskID, r.Attempt).Scan(&held).Error; err != nil {
			return fmt.Errorf("write a job's progress: %w", err)
		}
		if len(held) == 0 {
			return ErrLost
		}
		return appendLog(tx, held[0], lines)
	})
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lines, r.noted = append(lines, r.lines...), r.noted || noted
	}
	return err
}

// Final says of an error that another attempt would fail too.
func Final(err error) error { return finalError{err} }

type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// IsFinal says whether an error is one of Final.
func IsFinal(err error) bool {
	var final finalError
	return errors.As(err, &final)
}

// Outcome is how an attempt ended.
type Outcome struct {
	Err     error // nil: well
	Stopped bool  // by somebody, and it heeded
	Leaving bool  // the process leaves: another one goes on
	Final   bool  // another attempt would fail too
}

const end = `
UPDATE task SET status = ?, error = ?, result = coalesce(?::jsonb, result), attempt = ?, failures = ?, ended_at = CASE WHEN ? THEN now() END,
  stopping = stopping AND NOT ?, updated_at = now() WHERE id = ? RETURNING *`

// End ends the attempt: its task's state, its execution's, the next attempt if
// there is to be one, and what complete does are one commit. It returns the task as
// it is then, and ErrLost if the attempt is not the worker's any more.
func (r *Run) End(ctx context.Context, o Outcome, complete func(tx store.Tx) error) (ended Task, err error) {
	r.tell(o)
	if err := r.Flush(ctx); err != nil {
		return Task{}, err
	}
	err = store.InTx(ctx, r.q.db, func(tx store.Tx) error {
		if _, err := lockExecution(tx, r.ExecutionID); err != nil {
			return err
		}
		var held []Task
		if err := tx.Raw("SELECT * FROM task WHERE id = ? AND attempt = ? AND status = 'Running' FOR UPDATE", r.TaskID, r.Attempt).Scan(&held).Error; err != nil {
			return fmt.Errorf("end a job: %w", err)
		}
		if len(held) == 0 {
			return ErrLost
		}
		ended, err = r.finish(tx, held[0], o)
		if err != nil {
			return err
		}
		return complete(tx)
	})
	return ended, err
}

// finish decides what comes after the attempt.
func (r *Run) finish(tx store.Tx, t Task, o Outcome) (Task, error) {
	switch {
	case o.Err == nil:
		for _, fn := range r.atEnd {
			if err := fn(tx); err != nil {
				return Task{}, err
			}
		}
		return r.q.finish(tx, t, Success, "", r.result)
	case o.Stopped:
		return r.q.finish(tx, t, Stopped, "", nil)
	case o.Leaving:
		return r.q.again(tx, t, Pending, t.Error, 0)
	}
	t.Failures++
	if o.Final || t.Failures >= r.Kind.Attempts {
		return r.q.finish(tx, t, Error, text(o.Err.Error()), nil)
	}
	return r.q.again(tx, t, Scheduled, text(o.Err.Error()), r.Kind.Pause<<(t.Failures-1))
}

// tell writes the outcome as the log's last line.
func (r *Run) tell(o Outcome) {
	r.mu.Lock()
	told := r.told
	r.told = true
	r.mu.Unlock()
	switch {
	case told: // the transaction is tried again
	case o.Err == nil:
		r.Infof("done")
	case o.Stopped:
		r.Warnf("stopped")
	case o.Leaving:
		r.Warnf("this server is being stopped; another one goes on")
	default:
		r.Errorf("%v", o.Err)
	}
}

// finish ends a task for good. Its execution's row is locked.
func (q *Queue) finish(tx store.Tx, t Task, status, message string, result *JSON) (Task, error) {
	var out []Task
	if err := tx.Raw(end, status, message, result, t.Attempt, t.Failures, true, true, t.ID).Scan(&out).Error; err != nil {
		return Task{}, fmt.Errorf("end a job: %w", err)
	}
	if err := q.release(tx, t.ExecutionID); err != nil {
		return Task{}, err
	}
	return out[0], settle(tx, t.ExecutionID)
}

// again queues another attempt at a task, after a pause.
func (q *Queue) again(tx store.Tx, t Task, status, message string, pause time.Duration) (Task, error) {
	var out []Task
	if err := tx.Raw(end, status, message, nil, t.Attempt+1, t.Failures, false, false, t.ID).Scan(&out).Error; err != nil {
		return Task{}, fmt.Errorf("queue a job again: %w", err)
	}
	var at time.Time
	if pause > 0 {
		at = time.Now().Add(min(pause, time.Hour))
	}
	if err := q.deliver(tx, out, at); err != nil {
		return Task{}, err
	}
	return out[0], settle(tx, t.ExecutionID)
}
