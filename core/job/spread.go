package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

// spreadBatch is how many tasks one statement makes: Postgres takes 65,535 parameters.
const spreadBatch = 1000

// Spread gives the execution one task more for each of the args, once: when a worker
// that has done so dies and another takes over, nothing is added again. It is
// ErrStopped when somebody has asked to stop, so that what is stopped does not grow.
func (r *Run) Spread(ctx context.Context, args ...Args) error {
	pieces := make([]piece, 0, len(args))
	for _, a := range args {
		kind, err := r.q.kind(a.Kind())
		if err != nil {
			return err
		}
		parameters, err := asJSON(a)
		if err != nil {
			return err
		}
		pieces = append(pieces, piece{kind, parameters, plans(a)})
	}
	return store.InTx(ctx, r.q.db, func(tx store.Tx) error {
		e, err := lockExecution(tx, r.ExecutionID)
		if err != nil {
			return err
		}
		var held []Task
		if err := tx.Raw("SELECT * FROM task WHERE id = ? AND attempt = ? AND status = 'Running' FOR UPDATE", r.TaskID, r.Attempt).Scan(&held).Error; err != nil {
			return fmt.Errorf("spread a job: %w", err)
		}
		switch {
		case len(held) == 0:
			return ErrLost
		case held[0].Stopping:
			return ErrStopped
		}
		var others bool
		if err := tx.Raw("SELECT EXISTS (SELECT FROM task WHERE execution_id = ? AND id <> ?)", r.ExecutionID, r.TaskID).Scan(&others).Error; err != nil {
			return fmt.Errorf("spread a job: %w", err)
		}
		if others {
			return nil
		}
		for some := range slices.Chunk(pieces, spreadBatch) {
			if err := r.q.addTasks(tx, e, some); err != nil {
				return err
			}
		}
		return nil
	})
}

// spread is the condition of the tasks that Spread has made.
const spread = "execution_id = ? AND id > (SELECT min(t.id) FROM task t WHERE t.execution_id = ?)"

// SpreadTasks returns one page of the tasks that an execution's first one has made,
// the newest first unless the page says otherwise.
func (q *Queue) SpreadTasks(ctx context.Context, executionID int64, p page.Page) (page.List[Task], error) {
	db, err := p.Apply(q.db.WithContext(ctx).Model(&Task{}).Where(spread, executionID, executionID), page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "status": {SQL: "status"}, "job_id": {SQL: "job_id"},
	}, "id DESC")
	if err != nil {
		return page.List[Task]{}, err
	}
	return page.Fetch[Task](db, p, "", "tasks")
}

// TaskOf returns a task of an execution.
func (q *Queue) TaskOf(ctx context.Context, executionID, id int64) (out Task, err error) {
	err = q.db.WithContext(ctx).Where("id = ? AND execution_id = ?", id, executionID).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Task{}, fault.NotFound("task %d of execution %d not found", id, executionID)
	}
	if err != nil {
		return Task{}, fmt.Errorf("get task: %w", err)
	}
	return out, nil
}
