package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Schedule starts executions of a kind and a subject by itself.
type Schedule struct {
	ID         int64 `gorm:"primaryKey;autoIncrement"`
	Kind       string
	SubjectID  int64
	CronType   string
	Cron       string
	Parameters JSON `gorm:"type:jsonb"`
	Username   string

	Single      bool // as a Request has them
	Concurrency int
	Plans       bool // what it starts makes the execution's other tasks

	NextAt    time.Time
	LastAt    *time.Time
	Skipped   string // why the last time made no run
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table of the rows.
func (Schedule) TableName() string { return "schedule" }

// Plan is a schedule as people ask for it.
type Plan struct {
	Args      Args
	SubjectID int64
	CronType  string // Hourly, Daily, Weekly or Custom
	Cron      string // may be missing but for Custom

	Single      bool // as a Request has them
	Concurrency int
}

const putSchedule = `
INSERT INTO schedule (kind, subject_id, cron_type, cron, parameters, username, single, concurrency, plans, next_at) VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)
ON CONFLICT (kind, subject_id) DO UPDATE SET cron_type = excluded.cron_type, cron = excluded.cron, parameters = excluded.parameters, username = excluded.username,
  single = excluded.single, concurrency = excluded.concurrency, plans = excluded.plans, next_at = excluded.next_at, skipped = '', updated_at = now() RETURNING *`

// Schedule sets when executions of a kind and subject start by themselves.
func (q *Queue) Schedule(ctx context.Context, by rbac.Subject, p Plan) error {
	return store.InTx(ctx, q.db, func(tx store.Tx) error { return q.ScheduleIn(tx, by, p) })
}

// ScheduleIn is Schedule in a transaction of the caller's.
func (q *Queue) ScheduleIn(tx store.Tx, by rbac.Subject, p Plan) error {
	kind, err := q.kind(p.Args.Kind())
	if err != nil {
		return err
	}
	switch p.CronType {
	case Hourly, Daily, Weekly, Custom:
	default:
		return fault.Invalid("type", "unknown schedule type %.64q: it is Hourly, Daily, Weekly, Custom, Manual or None", p.CronType)
	}
	if p.Cron == "" {
		p.Cron = usual(p.CronType)
	}
	if p.Cron == "" {
		return fault.Invalid("cron", "empty cron string for schedule")
	}
	c, err := ParseCron(p.Cron)
	if err != nil {
		return err
	}
	parameters, err := asJSON(p.Args)
	if err != nil {
		return err
	}
	if err := exec(tx, putSchedule, kind.Name, p.SubjectID, p.CronType, p.Cron, parameters, by.Name, p.Single, p.Concurrency, plans(p.Args), c.Next(q.clock())); err != nil {
		return err
	}
	return q.record(tx, by, Change{"update", typeSchedule, kind.Name, fmt.Sprintf("set schedule: %s at %s, %s", kind.Name, p.Cron, parameters)})
}

// Unschedule removes the schedule of a kind and subject, if there is one.
func (q *Queue) Unschedule(ctx context.Context, by rbac.Subject, kind string, subject int64) error {
	return store.InTx(ctx, q.db, func(tx store.Tx) error { return q.UnscheduleIn(tx, by, kind, subject) })
}

// UnscheduleIn is Unschedule in a transaction of the caller's.
func (q *Queue) UnscheduleIn(tx store.Tx, by rbac.Subject, kind string, subject int64) error {
	gone := tx.Exec("DELETE FROM schedule WHERE kind = ? AND subject_id = ?", kind, subject)
	if gone.Error != nil {
		return fmt.Errorf("remove schedule: %w", gone.Error)
	}
	if gone.RowsAffected == 0 {
		return nil
	}
	return q.record(tx, by, Change{"delete", typeSchedule, kind, "remove schedule: " + kind})
}

// ScheduleOf returns the schedule of a kind and subject.
func (q *Queue) ScheduleOf(ctx context.Context, kind string, subject int64) (Schedule, error) {
	return q.schedule(q.db.WithContext(ctx).Where("kind = ? AND subject_id = ?", kind, subject), kind)
}

func (q *Queue) schedule(db *gorm.DB, what any) (out Schedule, err error) {
	err = db.Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Schedule{}, fault.NotFound("schedule %v not found", what)
	}
	if err != nil {
		return Schedule{}, fmt.Errorf("get schedule: %w", err)
	}
	return out, nil
}

// Schedules returns one page of all schedules.
func (q *Queue) Schedules(ctx context.Context, p page.Page) (page.List[Schedule], error) {
	db, err := p.Apply(q.db.WithContext(ctx).Model(&Schedule{}), page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "vendor_type": {SQL: "kind"}, "vendor_id": {SQL: "subject_id", Kind: page.Int}, "cron": {SQL: "cron"},
		"next_time": {SQL: "next_at", Kind: page.Time}, "update_time": {SQL: "updated_at", Kind: page.Time},
	}, "id")
	if err != nil {
		return page.List[Schedule]{}, err
	}
	return page.Fetch[Schedule](db, p, "", "schedules")
}

// RunNow starts what a schedule starts, now. When it is due next does not change.
func (q *Queue) RunNow(ctx context.Context, by rbac.Subject, id int64) (out Execution, err error) {
	err = store.InTx(ctx, q.db, func(tx store.Tx) error {
		s, err := q.schedule(tx.Where("id = ?", id), id)
		if err != nil {
			return err
		}
		kind, err := q.kind(s.Kind)
		if err != nil {
			return err
		}
		if out, err = q.start(tx, piece{kind, s.Parameters, s.Plans}, s.request(Manual, by.Name)); err != nil {
			return err
		}
		return q.record(tx, by, Change{"create", typeJob, fmt.Sprintf("%s %d", out.Kind, out.ID), fmt.Sprintf("start job: %s %d, %s", out.Kind, out.ID, out.Parameters)})
	})
	return out, err
}

func (s Schedule) request(trigger, username string) Request {
	return Request{SubjectID: s.SubjectID, Trigger: trigger, By: rbac.Subject{Name: username}, Single: s.Single, Concurrency: s.Concurrency}
}

const due = `
SELECT * FROM schedule WHERE next_at <= ? AND NOT EXISTS (SELECT 1 FROM paused_queue WHERE kind = 'SCHEDULER') ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`

// Due starts what is due. The row is locked, the execution made and the next time
// set in one transaction, so that a time makes one run whichever processes ask and
// whenever one dies. Times that passed while nobody asked make one run together.
func (q *Queue) Due(ctx context.Context) (started int, err error) {
	for {
		now, found, made := q.clock(), false, false
		err := store.InTx(ctx, q.db, func(tx store.Tx) error {
			found, made = false, false
			var rows []Schedule
			if err := tx.Raw(due, now).Scan(&rows).Error; err != nil {
				return fmt.Errorf("look for what is due: %w", err)
			}
			if found = len(rows) > 0; !found {
				return nil
			}
			made, err = q.startDue(tx, rows[0], now)
			return err
		})
		if err != nil || !found {
			return started, err
		}
		if made {
			started++
		}
	}
}

func (q *Queue) startDue(tx store.Tx, s Schedule, now time.Time) (bool, error) {
	skipped := ""
	kind, err := q.kind(s.Kind)
	if err == nil {
		_, err = q.start(tx, piece{kind, s.Parameters, s.Plans}, s.request(BySchedule, s.Username))
	}
	if f, refused := fault.As(err); refused {
		skipped, err = f.Message, nil
	}
	if err != nil {
		return false, err
	}
	c, err := ParseCron(s.Cron)
	if err != nil {
		return false, err
	}
	return skipped == "", exec(tx, "UPDATE schedule SET next_at = ?, last_at = ?, skipped = ? WHERE id = ?", c.Next(now), now, skipped, s.ID)
}
