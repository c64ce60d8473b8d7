// Package retention is which artifacts of a project stay: the policies that people
// make, what one would delete now, and the jobs that delete it. A policy's rules say
// what is kept; what no rule keeps, of a repository that at least one rule is about,
// goes. One statement decides for a run, a dry run and a preview alike. The package
// must not delete anything itself: core/artifact does, so that it can be undone.
package retention

import (
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Policy is what a project keeps. There is at most one for each project.
type Policy struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Rules     []Rule `gorm:"serializer:json"`
	CreatedAt time.Time
	UpdatedAt time.Time

	Cron   string     `gorm:"-"` // when it runs by itself, "" never
	NextAt *time.Time `gorm:"-"`
}

// TableName is the table of the rows.
func (Policy) TableName() string { return "retention_policy" }

// Rule keeps artifacts. What one rule keeps stays, whatever the others say.
type Rule struct {
	ID           int                 `json:"id,omitempty"`       // the client's, it means nothing here
	Priority     int                 `json:"priority,omitempty"` // the client's, it means nothing here
	Disabled     bool                `json:"disabled,omitempty"`
	Template     string              `json:"template"`
	Params       map[string]any      `json:"params"` // by the template's name its number; the rest is kept as it came
	Repositories []selector.Selector `json:"repositories"`
	Tags         []selector.Selector `json:"tags"`
}

// Fields are what people decide about a policy.
type Fields struct {
	Algorithm string // or, or missing
	Rules     []Rule
	Cron      string // six fields; "" for a policy that runs when somebody asks
}

// Service makes policies, tells what they would do, and does it. It is safe for
// concurrent use.
type Service struct {
	db        *store.DB
	jobs      *job.Queue
	artifacts *artifact.Service
	clock     func() time.Time
}

// NewService returns the Service over db.
func NewService(db *store.DB, jobs *job.Queue, artifacts *artifact.Service, clock func() time.Time) *Service {
	return &Service{db: db, jobs: jobs, artifacts: artifacts, clock: clock}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
