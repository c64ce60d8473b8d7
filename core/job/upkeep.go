package job

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Periodic is a job of the program's own upkeep. Nobody starts it and it has no
// executions: what is known of it is one row for each of its steps.
type Periodic struct {
	Kind  string // River's name of the job
	Cron  string // six fields, UTC
	Steps []Step // in order
}

// Step is a part of a Periodic that succeeds or fails by itself.
type Step struct {
	Name  string        // in the API, in metrics and in the portal's texts
	Limit time.Duration // of one run; the next one goes on
}

// The steps of the program's own upkeep.
const (
	Statistics           = "statistics"
	ContinuousCollection = "garbage_collection"
	TagExpiry            = "tag_expiry"
	RegistryChecks       = "registry_checks"
	SessionExpiry        = "session_expiry"
	ExecutionSweep       = "execution_sweep"
	ChangeSweep          = "change_sweep"
	DeletionSweep        = "deletion_sweep"
	AuditPartitions      = "audit_partitions"
	AuditTally           = "audit_tally"
	UploadExpiry         = "upload_expiry"
)

// Periodics are the program's own upkeep, one line each.
func Periodics() []Periodic {
	return []Periodic{
		{FoldArgs{}.Kind(), "*/10 * * * * *", []Step{{Statistics, time.Minute}}},
		{CollectDueArgs{}.Kind(), "5-55/10 * * * * *", []Step{{ContinuousCollection, 10 * time.Minute}}},
		// Twice a minute, so that with the run itself a tag is gone within one.
		{ExpireArgs{}.Kind(), "20,50 * * * * *", []Step{{TagExpiry, 5 * time.Minute}}},
		{RegistriesArgs{}.Kind(), "15,45 * * * * *", []Step{{RegistryChecks, 5 * time.Minute}}},
		{SweepArgs{}.Kind(), "0 */10 * * * *", []Step{
			{SessionExpiry, 5 * time.Minute}, {ExecutionSweep, 5 * time.Minute}, {ChangeSweep, 5 * time.Minute}, {DeletionSweep, 5 * time.Minute},
			{AuditPartitions, 5 * time.Minute}, {AuditTally, 5 * time.Minute},
			{UploadExpiry, 30 * time.Minute}, // last: it asks the storage, which may be slow
		}},
	}
}

// Schedule is when it runs.
func (p Periodic) Schedule() (Cron, error) { return parseOwn(p.Cron) }

// limit is how long all its steps may take.
func (p Periodic) limit() (sum time.Duration) {
	for _, s := range p.Steps {
		sum += s.Limit
	}
	return sum
}

// How a step fares.
const (
	StepWaiting = "waiting" // it has not run yet
	StepFine    = "fine"
	StepLate    = "late" // it has succeeded, and should have run again since
	StepFailing = "failing"
)

// StepState is what is known of a step of the upkeep. What has never been is nil.
type StepState struct {
	Name         string
	Cron         string
	StartedAt    *time.Time // of the run that was noted last
	TookMS       int64      `gorm:"column:took_ms"`
	Host         string     // and the process that it was in
	PID          int64      `gorm:"column:pid"`
	SucceededAt  *time.Time
	Removed      int64 // or counted, by the last run that did either
	RemovedAt    *time.Time
	Total        int64 // since CreatedAt
	CreatedAt    *time.Time
	Error        string // of the last run that failed, though later ones have succeeded
	FailedAt     *time.Time
	Failures     int // since a run has succeeded
	FailingSince *time.Time

	Every time.Duration `gorm:"-"` // from one run to the next
	State string        `gorm:"-"`
}

// StepRun is how one run of a step went.
type StepRun struct {
	Name    string
	Cron    string
	Took    time.Duration
	Removed int64 // or counted
	Err     error
	Host    string // the process that it was in
	PID     int64
}

// quiet is for how long after a success no other one is noted that has done nothing.
const quiet = time.Minute

// Who ends last is what the row says last, whichever began first; what was removed is
// added up. Nothing is written, and no row locked, when there is nothing to say.
const noteStep = `
INSERT INTO upkeep AS u (name, cron, started_at, took_ms, host, pid, succeeded_at, removed, removed_at, total, error, failed_at, failures, failing_since)
SELECT v.name, v.cron, now() - v.took * interval '1 millisecond', v.took, v.host, v.pid, CASE WHEN v.error = '' THEN now() END,
  v.removed, CASE WHEN v.removed > 0 THEN now() END, v.removed,
  v.error, CASE WHEN v.error <> '' THEN now() END, CASE WHEN v.error <> '' THEN 1 ELSE 0 END, CASE WHEN v.error <> '' THEN now() END
FROM (VALUES (?::text COLLATE "C", ?::text COLLATE "C", ?::bigint, ?::text, ?::bigint, ?::bigint, ?::text)) v (name, cron, took, host, pid, removed, error)
WHERE v.removed > 0 OR v.error <> '' OR NOT EXISTS (
  SELECT FROM upkeep o WHERE o.name = v.name AND o.cron = v.cron AND o.failures = 0 AND o.succeeded_at > now() - ?::interval)
ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, started_at = excluded.started_at, took_ms = excluded.took_ms, host = excluded.host, pid = excluded.pid,
  succeeded_at = coalesce(excluded.succeeded_at, u.succeeded_at),
  removed = CASE WHEN excluded.removed > 0 THEN excluded.removed ELSE u.removed END,
  removed_at = coalesce(excluded.removed_at, u.removed_at), total = u.total + excluded.removed,
  error = CASE WHEN excluded.failures > 0 THEN excluded.error ELSE u.error END, failed_at = coalesce(excluded.failed_at, u.failed_at),
  failures = CASE WHEN excluded.failures > 0 THEN u.failures + 1 ELSE 0 END,
  failing_since = CASE WHEN excluded.failures > 0 THEN coalesce(u.failing_since, excluded.failing_since) END`

// NoteStep keeps how a run of a step went. A success that did nothing is kept only
// when the last one is a minute old, or when a failure ends with it.
func (q *Queue) NoteStep(ctx context.Context, r StepRun) error {
	failure := ""
	if r.Err != nil {
		failure = cmp.Or(text(r.Err.Error()), "it failed and did not say why")
	}
	err := q.db.WithContext(ctx).Exec(noteStep, r.Name, r.Cron, r.Took.Milliseconds(), r.Host, r.PID, r.Removed, failure, interval(quiet)).Error
	if err != nil {
		return fmt.Errorf("note the step %s of the upkeep: %w", r.Name, err)
	}
	return nil
}

// Upkeep tells how every step of the program's own upkeep fares, in the order of
// Periodics, in one query.
func (q *Queue) Upkeep(ctx context.Context) ([]StepState, error) {
	type noted struct {
		StepState
		Now time.Time
	}
	var rows []noted
	if err := q.db.WithContext(ctx).Raw("SELECT *, now() AS now FROM upkeep").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the upkeep: %w", err)
	}
	var out []StepState
	for _, p := range Periodics() {
		for _, step := range p.Steps {
			s := StepState{Name: step.Name, Cron: p.Cron, State: StepWaiting}
			at := slices.IndexFunc(rows, func(r noted) bool { return r.Name == step.Name })
			if at >= 0 {
				s = rows[at].StepState
			}
			schedule, err := parseOwn(s.Cron)
			if err != nil {
				return nil, err
			}
			s.Every = schedule.every()
			if at >= 0 {
				s.State = s.state(rows[at].Now, s.Every+quiet+p.limit())
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// state is how it fares, when a run has to begin so long after the last one at the
// latest.
func (s StepState) state(now time.Time, latest time.Duration) string {
	switch {
	case s.Failures > 0:
		return StepFailing
	case now.Sub(*s.StartedAt) > latest:
		return StepLate
	}
	return StepFine
}
