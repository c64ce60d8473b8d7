package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// silence is after how long without a sign of life a process is taken for dead.
	silence = 20 * time.Second
	// maxLost is how many processes may die over a task before it is an error: it
	// may be what kills them.
	maxLost = 5
)

// Silence is after how long without a heartbeat a job is given to another process.
// Who runs one must have given it up by then.
func Silence() time.Duration { return silence }

const beatPool = `
INSERT INTO worker_pool (id, host, pid, concurrency) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()`

const beatTasks = `
UPDATE task t SET heartbeat_at = now() FROM unnest(?::bigint[], ?::int[]) v (id, attempt)
WHERE t.id = v.id AND t.attempt = v.attempt AND t.status = 'Running' RETURNING t.id, t.stopping`

// Heartbeat says that a pool is there and what it holds. It returns what of that is
// to stop, and what is not its own any more.
func (q *Queue) Heartbeat(ctx context.Context, p Pool, held []*Run) (stop, lost []*Run, err error) {
	db := q.db.WithContext(ctx)
	if err := db.Exec(beatPool, p.ID, p.Host, p.PID, p.Concurrency).Error; err != nil {
		return nil, nil, fmt.Errorf("heartbeat: %w", err)
	}
	if len(held) == 0 {
		return nil, nil, nil
	}
	ids, attempts := make([]int64, len(held)), make([]int, len(held))
	for i, r := range held {
		ids[i], attempts[i] = r.TaskID, r.Attempt
	}
	var rows []struct {
		ID       int64
		Stopping bool
	}
	if err := db.Raw(beatTasks, array(ids), array(attempts)).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("heartbeat: %w", err)
	}
	stopping := map[int64]bool{}
	for _, r := range rows {
		stopping[r.ID] = r.Stopping
	}
	for _, r := range held {
		asked, ours := stopping[r.TaskID]
		switch {
		case !ours:
			lost = append(lost, r)
		case asked:
			stop = append(stop, r)
		}
	}
	return stop, lost, nil
}

// Leave takes a pool that has stopped out of the list.
func (q *Queue) Leave(ctx context.Context, pool string) error {
	if err := q.db.WithContext(ctx).Exec("DELETE FROM worker_pool WHERE id = ?", pool).Error; err != nil {
		return fmt.Errorf("leave the worker pools: %w", err)
	}
	return nil
}

// Whatever of River's the dead held: upkeep, which comes again by itself, and
// attempts, which the next statements find.
const bury = `
WITH dead AS (DELETE FROM worker_pool WHERE heartbeat_at < now() - ?::interval RETURNING id)
UPDATE river_job SET state = 'discarded', finalized_at = now()
WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] IN (SELECT id FROM dead)`

const abandoned = `
SELECT id, execution_id FROM task WHERE status = 'Running' AND heartbeat_at < now() - ?::interval
UNION ALL
SELECT t.id, t.execution_id FROM task t WHERE t.status IN ('Pending', 'Scheduled') AND NOT t.held AND t.updated_at < now() - ?::interval
  AND NOT EXISTS (SELECT 1 FROM river_job r WHERE r.id = t.river_id AND r.finalized_at IS NULL)
LIMIT 1000`

// Rescue gives what dead processes held to others, and queues again what waits
// without a River job. Every process may call it, at any time: it returns how many
// tasks it has moved.
func (q *Queue) Rescue(ctx context.Context) (moved int, err error) {
	db := q.db.WithContext(ctx)
	if err := db.Exec(bury, interval(silence)).Error; err != nil {
		return 0, fmt.Errorf("look for dead processes: %w", err)
	}
	var found []struct{ ID, ExecutionID int64 }
	if err := db.Raw(abandoned, interval(silence), interval(silence)).Scan(&found).Error; err != nil {
		return 0, fmt.Errorf("look for abandoned jobs: %w", err)
	}
	for _, f := range found {
		done := false
		err := store.InTx(ctx, q.db, func(tx store.Tx) error {
			if _, err := lockExecution(tx, f.ExecutionID); err != nil {
				return err
			}
			done, err = q.rescue(tx, f.ID)
			return err
		})
		if err != nil {
			return moved, err
		}
		if done {
			moved++
		}
	}
	return moved, nil
}

// Under the lock, what was found may be otherwise by now. A row that is locked
// belongs to a process that lives, or to a transaction that the server is about to
// end (idleLimit): it is looked at again next time.
const stillAbandoned = `
SELECT * FROM task t WHERE id = ? AND ((status = 'Running' AND heartbeat_at < now() - ?::interval) OR (status IN ('Pending', 'Scheduled') AND NOT held
  AND NOT EXISTS (SELECT 1 FROM river_job r WHERE r.id = t.river_id AND r.finalized_at IS NULL))) FOR UPDATE SKIP LOCKED`

func (q *Queue) rescue(tx store.Tx, id int64) (bool, error) {
	var held []Task
	if err := tx.Raw(stillAbandoned, id, interval(silence)).Scan(&held).Error; err != nil {
		return false, fmt.Errorf("rescue a job: %w", err)
	}
	if len(held) == 0 {
		return false, nil
	}
	t := held[0]
	// So that its late end, if its process is only slow, changes nothing.
	if t.RiverID != nil {
		if err := exec(tx, "UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id = ? AND state = 'running'", *t.RiverID); err != nil {
			return false, err
		}
	}
	if t.Status != Running {
		_, err := q.again(tx, t, t.Status, t.Error, 0)
		return true, err
	}
	if err := exec(tx, "UPDATE task SET lost = lost + 1 WHERE id = ?", t.ID); err != nil {
		return false, err
	}
	message := fmt.Sprintf("the server that worked on this (pool %s) has given no sign of life for %s", t.Worker, silence)
	var err error
	switch {
	case t.Stopping:
		err = q.say(tx, t.ID, "WARNING", message+"; stopped")
		if err == nil {
			_, err = q.finish(tx, t, Stopped, "", nil)
		}
	case t.Lost+1 >= maxLost:
		err = q.say(tx, t.ID, "ERROR", message+fmt.Sprintf("; it was the %dth, and this job is not tried again", t.Lost+1))
		if err == nil {
			_, err = q.finish(tx, t, Error, message, nil)
		}
	default:
		err = q.say(tx, t.ID, "WARNING", message+"; another one goes on")
		if err == nil {
			_, err = q.again(tx, t, Pending, t.Error, 0)
		}
	}
	return true, err
}

// say writes a line into the log of a task that no worker holds.
func (q *Queue) say(tx store.Tx, task int64, level, message string) error {
	var held []Task
	if err := tx.Raw("UPDATE task SET log_seq = log_seq + 1, log_bytes = log_bytes + ? WHERE id = ? RETURNING *", len(message), task).Scan(&held).Error; err != nil {
		return fmt.Errorf("write a job's log: %w", err)
	}
	return appendLog(tx, held[0], []line{{time.Now(), level, message}})
}

const (
	tooOld = `
DELETE FROM execution WHERE id IN (SELECT id FROM execution e WHERE kind = ? AND ended_at IS NOT NULL AND
  ((ended_at < now() - ?::interval AND id < coalesce((SELECT id FROM execution WHERE kind = ? ORDER BY id DESC OFFSET ? LIMIT 1), 0))
  OR id < coalesce((SELECT id FROM execution WHERE kind = ? ORDER BY id DESC OFFSET ? LIMIT 1), 0))
  ORDER BY id LIMIT 500)`
	oldLogs = `
WITH t AS (UPDATE task SET log_seq = 0, log_bytes = 0 WHERE id IN (SELECT id FROM task WHERE kind = ? AND log_seq > 0 AND ended_at < now() - ?::interval ORDER BY ended_at LIMIT 500) RETURNING id)
DELETE FROM task_log USING t WHERE task_id = t.id`
)

// Sweep removes history and logs that are older than their kind keeps them, some at
// a time.
func (q *Queue) Sweep(ctx context.Context) (removed int64, err error) {
	db := q.db.WithContext(ctx)
	for _, k := range q.kinds {
		for more := true; more; {
			gone := db.Exec(tooOld, k.Name, interval(k.Keep.For), k.Name, k.Keep.Least-1, k.Name, k.Keep.Most-1)
			logs := db.Exec(oldLogs, k.Name, interval(k.Keep.Logs))
			if gone.Error != nil || logs.Error != nil {
				return removed, fmt.Errorf("sweep the history of %s: %w", k.Name, errors.Join(gone.Error, logs.Error))
			}
			removed += gone.RowsAffected
			more = gone.RowsAffected == 500 || logs.RowsAffected > 0
		}
	}
	return removed, nil
}
