package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Scheduler is the queue whose pause pauses all schedules.
const Scheduler = "SCHEDULER"

// All stands for every queue, every pool and every running job.
const All = "all"

// Stop asks an execution to stop. What waits is stopped at once; what runs is woken
// and its state says Stopped when it has heeded. One that has ended stays as it is.
func (q *Queue) Stop(ctx context.Context, by rbac.Subject, kind string, id int64) error {
	return store.InTx(ctx, q.db, func(tx store.Tx) error {
		e, err := lockExecution(tx, id)
		if err != nil || (kind != "" && e.Kind != kind) {
			return fault.NotFound("execution %d not found", id)
		}
		if err := exec(tx, unhold, id); err != nil {
			return err
		}
		var tasks []Task
		if err := tx.Raw("SELECT * FROM task WHERE execution_id = ? AND status IN ('Pending', 'Scheduled', 'Running') ORDER BY id FOR UPDATE", id).Scan(&tasks).Error; err != nil {
			return fmt.Errorf("stop execution: %w", err)
		}
		if len(tasks) == 0 {
			return nil
		}
		for _, t := range tasks {
			if err := q.stop(tx, t); err != nil {
				return err
			}
		}
		return q.record(tx, by, Change{"update", typeJob, fmt.Sprintf("%s %d", e.Kind, id), fmt.Sprintf("stop job: %s %d", e.Kind, id)})
	})
}

// unhold keeps tasks that are about to be stopped from being queued when others end.
const unhold = "UPDATE task SET held = false WHERE execution_id = ? AND held"

// stop stops a task whose row, and whose execution's row, is locked.
func (q *Queue) stop(tx store.Tx, t Task) error {
	if err := q.withdraw(tx, t.RiverID); err != nil {
		return err
	}
	if t.Status == Running {
		return exec(tx, "UPDATE task SET stopping = true, updated_at = now() WHERE id = ?", t.ID)
	}
	_, err := q.finish(tx, t, Stopped, "", nil)
	return err
}

// StopJob asks one job to stop, by its name in the API, or all that run.
func (q *Queue) StopJob(ctx context.Context, by rbac.Subject, jobID string) error {
	if strings.EqualFold(jobID, All) {
		return q.stopEach(ctx, by, "running", "status = 'Running'")
	}
	t, err := q.Task(ctx, jobID)
	if err != nil {
		return err
	}
	return store.InTx(ctx, q.db, func(tx store.Tx) error {
		if _, err := lockExecution(tx, t.ExecutionID); err != nil {
			return err
		}
		var held []Task
		if err := tx.Raw("SELECT * FROM task WHERE id = ? FOR UPDATE", t.ID).Scan(&held).Error; err != nil {
			return fmt.Errorf("stop a job: %w", err)
		}
		if len(held) == 0 || !unfinished(held[0].Status) {
			return nil
		}
		if err := exec(tx, "UPDATE task SET held = false WHERE id = ?", t.ID); err != nil {
			return err
		}
		if err := q.stop(tx, held[0]); err != nil {
			return err
		}
		return q.record(tx, by, Change{"update", typeJob, fmt.Sprintf("%s %d", t.Kind, t.ExecutionID), "stop job: " + t.Kind + " " + jobID})
	})
}

// StopPending stops what waits in a queue, or in all of them.
func (q *Queue) StopPending(ctx context.Context, by rbac.Subject, queue string) error {
	names, err := q.queues(queue)
	if err != nil {
		return err
	}
	return q.stopEach(ctx, by, "waiting "+strings.Join(names, ", "), "kind IN ? AND status IN ('Pending', 'Scheduled')", names)
}

// stopEach stops tasks one transaction an execution, so that many do not hold each
// other up; what has begun in the meantime is stopped too.
func (q *Queue) stopEach(ctx context.Context, by rbac.Subject, what, where string, args ...any) error {
	var executions []int64
	err := q.db.WithContext(ctx).Raw("SELECT DISTINCT execution_id FROM task WHERE "+where+" ORDER BY 1", args...).Scan(&executions).Error
	if err != nil {
		return fmt.Errorf("find %s jobs: %w", what, err)
	}
	for _, id := range executions {
		err := store.InTx(ctx, q.db, func(tx store.Tx) error {
			if _, err := lockExecution(tx, id); err != nil {
				return err
			}
			if err := exec(tx, unhold+" AND "+where, append([]any{id}, args...)...); err != nil {
				return err
			}
			var tasks []Task
			if err := tx.Raw("SELECT * FROM task WHERE execution_id = ? AND "+where+" ORDER BY id FOR UPDATE", append([]any{id}, args...)...).Scan(&tasks).Error; err != nil {
				return fmt.Errorf("stop %s jobs: %w", what, err)
			}
			for _, t := range tasks {
				if err := q.stop(tx, t); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return err
		}
	}
	return store.InTx(ctx, q.db, func(tx store.Tx) error {
		return q.record(tx, by, Change{"update", typeJob, what, fmt.Sprintf("stop jobs: %s, of %d executions", what, len(executions))})
	})
}

const retry = `
UPDATE task SET status = 'Pending', attempt = attempt + 1, failures = 0, lost = 0, stopping = false, error = '', ended_at = NULL, priority = 1, updated_at = now()
WHERE execution_id = ? AND status IN ('Error', 'Stopped') RETURNING *`

// Retry takes up again what failed or was stopped of an execution that has ended,
// and nothing else of it.
func (q *Queue) Retry(ctx context.Context, by rbac.Subject, id int64) error {
	return store.InTx(ctx, q.db, func(tx store.Tx) error {
		e, err := lockExecution(tx, id)
		switch {
		case err != nil:
			return err
		case unfinished(e.Status):
			return fault.Precondition("execution %d has not ended: stop it first, or wait", id)
		case e.Status == Success:
			return fault.Precondition("nothing of execution %d failed: start another one", id)
		}
		var tasks []Task
		if err := tx.Raw(retry, id).Scan(&tasks).Error; err != nil {
			return fmt.Errorf("retry execution: %w", err)
		}
		if tasks, err = q.hold(tx, e, tasks); err != nil {
			return err
		}
		if err := q.deliver(tx, tasks, time.Time{}); err != nil {
			return err
		}
		err = exec(tx, "UPDATE execution SET started_at = NULL WHERE id = ?", id)
		if err == nil {
			err = settle(tx, id)
		}
		if store.IsUnique(err, "execution_single_key") {
			return fault.Conflict("another job of type %s is under way: wait for its end, or stop it", e.Kind)
		}
		if err != nil {
			return err
		}
		return q.record(tx, by, Change{"update", typeJob, fmt.Sprintf("%s %d", e.Kind, id), fmt.Sprintf("retry job: %s %d", e.Kind, id)})
	})
}

// hold keeps those tasks back that are more than may be worked on at the same time,
// and returns the others.
func (q *Queue) hold(tx store.Tx, e Execution, tasks []Task) ([]Task, error) {
	if e.Concurrency == 0 {
		return tasks, nil
	}
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Or(compareBool(b.Plans, a.Plans), cmp.Compare(a.ID, b.ID)) })
	now := 0
	for free := e.Concurrency; now < len(tasks) && (free > 0 || tasks[now].Plans); now++ {
		if !tasks[now].Plans {
			free--
		}
	}
	ids := make([]int64, 0, len(tasks)-now)
	for _, t := range tasks[now:] {
		ids = append(ids, t.ID)
	}
	return tasks[:now], exec(tx, "UPDATE task SET held = true WHERE id = ANY (?::bigint[])", array(ids))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// queues resolves the name of a queue, or all.
func (q *Queue) queues(name string) ([]string, error) {
	switch {
	case strings.EqualFold(name, All):
		names := make([]string, 0, len(q.kinds)+1)
		for _, k := range q.kinds {
			names = append(names, k.Name)
		}
		return append(names, Scheduler), nil
	case strings.EqualFold(name, Scheduler):
		return []string{Scheduler}, nil
	}
	k, err := q.kind(name)
	return []string{k.Name}, err
}

// Pause lets no more jobs of a queue begin; what runs goes on.
func (q *Queue) Pause(ctx context.Context, by rbac.Subject, queue string) error {
	return q.setPaused(ctx, by, queue, true)
}

// Resume lets them begin again.
func (q *Queue) Resume(ctx context.Context, by rbac.Subject, queue string) error {
	return q.setPaused(ctx, by, queue, false)
}

func (q *Queue) setPaused(ctx context.Context, by rbac.Subject, queue string, paused bool) error {
	names, err := q.queues(queue)
	if err != nil {
		return err
	}
	verb, sql := "resume", "DELETE FROM paused_queue WHERE kind IN ? AND ? <> ''"
	if paused {
		verb, sql = "pause", "INSERT INTO paused_queue (kind, username) SELECT k, u FROM unnest(?::text[]) k, (SELECT ?::text) u (u) ON CONFLICT DO NOTHING"
	}
	return store.InTx(ctx, q.db, func(tx store.Tx) error {
		var given any = names
		if paused {
			given = "{" + strings.Join(names, ",") + "}"
		}
		if err := exec(tx, sql, given, by.Name); err != nil {
			return err
		}
		for _, name := range names {
			if err := q.pauseRiver(tx, name, paused); err != nil {
				return err
			}
		}
		return q.record(tx, by, Change{"update", typeQueue, queue, verb + " job queue: " + strings.Join(names, ", ")})
	})
}

// pauseRiver tells the processes that work. The row is there from when the first
// of them starts; SyncPaused tells those that start later.
func (q *Queue) pauseRiver(tx store.Tx, name string, paused bool) error {
	if name == Scheduler {
		return nil
	}
	set := q.river.QueueResumeTx
	if paused {
		set = q.river.QueuePauseTx
	}
	err := set(tx.Statement.Context, store.PgxTx(tx), Kind{Name: name}.RiverQueue(), nil)
	if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
		return fmt.Errorf("pause or resume %s: %w", name, err)
	}
	return nil
}

const syncPaused = `
INSERT INTO river_queue (name, metadata, created_at, updated_at, paused_at)
SELECT lower(k), '{}', now(), now(), (SELECT at FROM paused_queue WHERE kind = k) FROM unnest(?::text[]) k
ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at`

// SyncPaused makes River's queues as paused as people have them, before a process
// begins to work.
func (q *Queue) SyncPaused(ctx context.Context) error {
	names := make([]string, 0, len(q.kinds))
	for _, k := range q.kinds {
		names = append(names, k.Name)
	}
	if err := q.db.WithContext(ctx).Exec(syncPaused, "{"+strings.Join(names, ",")+"}").Error; err != nil {
		return fmt.Errorf("pause the queues that are paused: %w", err)
	}
	return nil
}
