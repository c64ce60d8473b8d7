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

// Kinds are the jobs that people start and schedule, one line each. The program's own
// upkeep is not among them: Periodics has it.
func Kinds() []Kind {
	return []Kind{
		{Name: GarbageCollection, Single: true, Workers: 1, Timeout: 24 * time.Hour, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 365 * day, Least: 20, Most: 1000, Logs: 90 * day}},
		{Name: CheckStorage, Single: true, Workers: 1, Timeout: 30 * day, Attempts: 5, Pause: time.Minute, Keep: Keep{For: 365 * day, Least: 20, Most: 200, Logs: 90 * day}},
		{Name: Retention, Single: true, Workers: 2, Timeout: 12 * time.Hour, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 365 * day, Least: 20, Most: 10_000, Logs: 90 * day}},
		{Name: PurgeAuditLog, Single: true, Workers: 1, Timeout: 12 * time.Hour, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 365 * day, Least: 20, Most: 1000, Logs: 90 * day}},
		{Name: Replication, Workers: 8, Timeout: 7 * day, Attempts: 3, Pause: 30 * time.Second, Keep: Keep{For: 90 * day, Least: 100, Most: 20_000, Logs: 30 * day}},
	}
}

// GarbageCollection is the kind of CollectArgs, Harbor's name.
const GarbageCollection = "GARBAGE_COLLECTION"

// CollectArgs asks to collect what is due now, and to tell what that was.
type CollectArgs struct {
	DeleteUntagged bool `json:"delete_untagged"`
	EmptyBin       bool `json:"empty_bin"` // end the recovery of all that is in the recycle bin
	DryRun         bool `json:"dry_run"`
	Workers        int  `json:"workers"`
}

// Kind is the job's kind.
func (CollectArgs) Kind() string { return GarbageCollection }

// CheckStorage is the kind of CheckStorageArgs.
const CheckStorage = "CHECK_STORAGE"

// CheckStorageArgs asks to compare the index with the storage.
type CheckStorageArgs struct {
	Verify bool  `json:"verify"` // read all blobs, too
	Rate   int64 `json:"rate"`   // at no more than so many bytes a second
	Force  bool  `json:"force"`  // remove bytes that the index does not know even if they are most
}

// Kind is the job's kind.
func (CheckStorageArgs) Kind() string { return CheckStorage }

// CollectDueArgs asks for garbage collection as it goes on by itself.
type CollectDueArgs struct{}

// Kind is River's name of the job.
func (CollectDueArgs) Kind() string { return "collect" }

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

// Replication is the kind of ReplicationArgs.
const Replication = "REPLICATION"

// What a replication's task does, in Harbor's words but for the first, which makes
// the others.
const (
	PlanReplication = "plan"
	CopyArtifacts   = "copy"
	DeleteArtifacts = "deletion"
	DeleteTags      = "tag deletion"
)

// ReplicationArgs asks to find out what a policy wants to be copied, or to copy some
// artifacts of one repository, or to delete them at the other side.
type ReplicationArgs struct {
	PolicyID  int64  `json:"policy_id"`
	Operation string `json:"operation"`

	// Of a plan: what has happened, when that is why it is made. Else the policy says.
	Wanted []ReplicationPiece `json:"wanted,omitempty"`

	// Of the others: from which repository to which, and how the policy had it then.
	ReplicationPiece
	Destination  string `json:"destination,omitempty"`
	ResourceType string `json:"resource_type,omitempty"`
	RegistryID   int64  `json:"registry_id,omitempty"`
	Push         bool   `json:"push,omitempty"` // from here to the registry
	Override     bool   `json:"override,omitempty"`
	ByChunk      bool   `json:"by_chunk,omitempty"`
	Speed        int    `json:"speed,omitempty"`    // KiB/s; 0: no limit
	Resource     string `json:"resource,omitempty"` // only what is an image, or only what is none
}

// ReplicationPiece is some artifacts of a repository.
type ReplicationPiece struct {
	Do         string   `json:"do,omitempty"` // of a plan's: what to do with them
	Source     string   `json:"source,omitempty"`
	References []string `json:"references,omitempty"` // tags, and digests of what has none
	// Before is, of each tag that another replication moved, the digest that it named
	// before: it is moved on only where it still names that. Of a tag to delete: the
	// digest that it named.
	Before map[string]string `json:"before,omitempty"`
}

// Kind is the job's kind.
func (ReplicationArgs) Kind() string { return Replication }

// Plans says whether it only makes the execution's other tasks.
func (a ReplicationArgs) Plans() bool { return a.Operation == PlanReplication }

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
// uploads nobody finished, old executions, noted changes, deletions of which nothing is
// left; to make the audit log's next partitions, and to count its entries.
type SweepArgs struct{}

// Kind is River's name of the job.
func (SweepArgs) Kind() string { return "sweep" }

// RegistriesArgs asks to look whether the other registries that are due are there.
type RegistriesArgs struct{}

// Kind is River's name of the job.
func (RegistriesArgs) Kind() string { return "registries" }

// ExpireArgs asks to remove the tags whose time has come.
type ExpireArgs struct{}

// Kind is River's name of the job.
func (ExpireArgs) Kind() string { return "expire" }
