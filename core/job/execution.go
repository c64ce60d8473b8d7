package job

import (
	"encoding/json"
	"fmt"
	"time"
)

// The states of executions and tasks, as Harbor's clients know them.
const (
	Pending   = "Pending"
	Running   = "Running"
	Scheduled = "Scheduled" // a task that waits for its next attempt
	Stopped   = "Stopped"
	Error     = "Error"
	Success   = "Success"
)

// Why an execution was made.
const (
	Manual     = "manual"
	BySchedule = "schedule"
	ByEvent    = "event"
)

// Execution is one run of a kind of work, of one task or many.
type Execution struct {
	ID        int64 `gorm:"primaryKey;autoIncrement"`
	Kind      string
	SubjectID int64
	Trigger   string
	Username  string
	Status    string
	Message   string
	Single    bool

	// Concurrency is how many of its tasks are worked on at the same time; 0: as many
	// as there are workers.
	Concurrency int

	Parameters JSON  `gorm:"type:jsonb"`
	Result     *JSON `gorm:"type:jsonb"`
	CreatedAt  time.Time
	StartedAt  *time.Time
	EndedAt    *time.Time
	UpdatedAt  time.Time

	Progress Progress `gorm:"-"` // of all its tasks; only lists and Get fill it
}

// TableName is the table of the rows.
func (Execution) TableName() string { return "execution" }

// Progress is how far work has come.
type Progress struct {
	Tasks, Ended       int64 // without those that only make others
	Succeeded, Stopped int64
	Failed             int64
	Done, Total, Bytes int64
	Noted              *time.Time // the last time, for the bytes' rate
	Stopping           bool
}

// Task is a piece of an execution that one worker does at a time.
type Task struct {
	ID          int64 `gorm:"primaryKey;autoIncrement"`
	ExecutionID int64
	JobID       string
	Kind        string
	Parameters  JSON `gorm:"type:jsonb"`
	Priority    int
	Status      string
	Attempt     int
	Failures    int
	Lost        int
	RiverID     *int64
	Worker      string
	HeartbeatAt *time.Time
	Stopping    bool
	Plans       bool // it makes the execution's other tasks, and does not count among them
	Held        bool // Pending, until another task of its execution has ended
	Done        int64
	Total       int64
	Bytes       int64
	Result      *JSON `gorm:"type:jsonb"`
	Error       string
	LogSeq      int64
	LogBytes    int64
	LogDropped  int64
	CreatedAt   time.Time
	StartedAt   *time.Time
	EndedAt     *time.Time
	UpdatedAt   time.Time
}

// TableName is the table of the rows.
func (Task) TableName() string { return "task" }

// JSON is text that holds JSON.
type JSON string

// Into decodes it.
func (j JSON) Into(v any) error {
	if err := json.Unmarshal([]byte(j), v); err != nil {
		return fmt.Errorf("read a job's parameters: %w", err)
	}
	return nil
}

func asJSON(v any) (JSON, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write a job's parameters: %w", err)
	}
	return JSON(text), nil
}

func unfinished(status string) bool {
	return status == Pending || status == Running || status == Scheduled
}
