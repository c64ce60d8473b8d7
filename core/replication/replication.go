// Package replication keeps what should be in two registries in both: which policies
// there are, what each of them wants copied, and the copying. What arrives is what
// was sent, byte by byte: digests never change, an index comes with all that it lists,
// an artifact with all that refers to it. It speaks to both sides by core/remote, to
// this registry too, so that quota, immutable tags and the audit log apply as for a
// person. It must not know what is different about a vendor.
package replication

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/store"
)

// When a policy runs, in Harbor's words.
const (
	Manual     = "manual"
	Scheduled  = "scheduled"
	EventBased = "event_based"
)

// Policy says what to copy between this registry and another one.
type Policy struct {
	ID           int64 `gorm:"primaryKey;autoIncrement"`
	Name         string
	Description  string
	Creator      string
	RegistryID   remote.ID // the other side
	Push         bool      // from here to it, else from it to here
	Namespace    string
	ReplaceCount int
	Filters      Filters `gorm:"type:jsonb;serializer:json"`
	Trigger      string
	Cron         string
	Deletion     bool // what goes at the source goes at the destination
	Override     bool // a tag that names something else at the destination is moved
	Enabled      bool
	Speed        int // KiB/s of one run in one process; 0: no limit
	ByChunk      bool
	Single       bool // no second run while one has not ended
	Concurrency  int  // repositories at the same time; 0: as many as there are workers
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table of the rows.
func (Policy) TableName() string { return "replication_policy" }

// Deps are what a Service needs; none is optional.
type Deps struct {
	DB         *store.DB
	Jobs       *job.Queue
	Projects   *project.Service
	Registries *remote.Service
	Sealer     seal.Sealer
	Clock      func() time.Time

	// Local speaks to this registry in somebody's name.
	Local func(who rbac.Subject) remote.Client
	// StorageLimit is that of a project that a policy makes, in bytes; -1: none.
	StorageLimit func(context.Context) (int64, error)
	// Itself says whether a URL is this registry's own.
	Itself func(url string) bool
	Log    *slog.Logger
}

// Service answers for the policies and does what they want. It is safe for concurrent
// use.
type Service struct {
	Deps
	db   *gorm.DB
	wait func(ctx context.Context, d time.Duration) error

	mu   sync.Mutex
	runs map[int64]*run // by execution: what its tasks in this process share
}

// NewService returns the Service.
func NewService(d Deps) *Service {
	return &Service{Deps: d, db: d.DB.Gorm, wait: pause, runs: map[int64]*run{}}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.Clock().UTC().Truncate(time.Microsecond) }

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
