package job

import (
	"encoding/json"
	"time"
)

// Args is what a job is told, stored as JSON. Each kind of job has a struct of its
// own whose zero value knows the kind.
type Args interface {
	// Kind is the job's kind as the API names it, in capitals.
	Kind() string
}

// Kind is how jobs of a kind are run.
type Kind struct {
	Name     string
	Single   bool          // no second execution of the same subject while one has not ended
	Workers  int           // at the same time in each process
	Timeout  time.Duration // of one attempt
	Attempts int           // after as many failures it is an error
	Pause    time.Duration // before the second attempt; it doubles with each
	Keep     Keep
}

// Keep is how long the history of a kind is kept. What has not ended always is.
type Keep struct {
	For   time.Duration // since the end
	Least int           // executions that are kept though they are older
	Most  int           // executions that are kept though they are younger
	Logs  time.Duration // since the end
}

const day = 24 * time.Hour

// Kinds are the jobs that people see, one line each. The program's own upkeep
// (FoldArgs, SweepArgs) is not among them: it leaves no history.
func Kinds() []Kind {
	return []Kind{
		{Name: Retention, Single: true, Workers: 2, Timeout: 12 * time.Hour, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 365 * day, Least: 20, Most: 10_000, Logs: 90 * day}},
		{Name: PurgeAuditLog, Single: true, Workers: 1, Timeout: 12 * time.Hour, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 365 * day, Least: 20, Most: 1000, Logs: 90 * day}},
	}
}

// PurgeAuditLog is the kind of PurgeArgs.
const PurgeAuditLog = "PURGE_AUDIT_LOG"

// PurgeArgs asks to delete old entries of the audit log.
type PurgeArgs struct {
	RetentionHours int64    `json:"retention_hours"`
	EventTypes     []string `json:"event_types"`
	DryRun         bool     `json:"dry_run"`
}

// Kind is the job's kind.
func (PurgeArgs) Kind() string { return PurgeAuditLog }

// Retention is the kind of RetentionArgs.
const Retention = "RETENTION"

// RetentionArgs asks to delete what a retention policy does not keep. The first task
// of an execution names the policy alone; it makes one for each repository, with the
// rules as they are then.
type RetentionArgs struct {
	PolicyID     int64           `json:"policy_id"`
	DryRun       bool            `json:"dry_run"`
	RepositoryID int64           `json:"repository_id,omitempty"`
	Repository   string          `json:"repository,omitempty"` // without the project
	Rules        json.RawMessage `json:"rules,omitempty"`
}

// Kind is the job's kind.
func (RetentionArgs) Kind() string { return Retention }

// FoldArgs asks to add what was noted of pulls, pushes and quotas to the rows that
// people read. Running it twice, or on two servers, changes nothing.
type FoldArgs struct{}

// Kind is River's name of the job.
func (FoldArgs) Kind() string { return "fold" }

// SweepArgs asks to remove what has expired: sessions, old sign-in failures,
// uploads nobody finished, old executions, noted changes; to make the audit log's
// next partitions, and to count its entries.
type SweepArgs struct{}

// Kind is River's name of the job.
func (SweepArgs) Kind() string { return "sweep" }
