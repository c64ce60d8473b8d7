// Package robot is the accounts of machines, of a project or of the system: what
// each may do, until when, and the secret that is shown once. It owns the tables
// robot and robot_grant. What a robot's permissions allow is core/rbac's, and who
// may ask for these services is core/api's; but nobody gives a robot, through this
// package, what they do not have themselves.
package robot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/settings"
	"github.com/roadstead-registry/roadstead/core/store"
)

// ID is a robot's key.
type ID = int64

// Robot is the account of a machine.
type Robot struct {
	ID          ID
	Name        string // without prefix and project
	FullName    string `gorm:"-"` // what it signs in with
	ProjectID   *project.ID
	ProjectName string `gorm:"->"`
	Description string
	Disabled    bool
	Duration    int64      // days, as asked for; -1: for ever
	ExpiresAt   *time.Time // nil: never
	CreatorKind rbac.SubjectKind
	CreatorID   int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
	UsedAt      *time.Time // to the minute; nil: never
	Grants      []Grant    `gorm:"-"`
}

// TableName is for gorm.
func (Robot) TableName() string { return "robot" }

const columns = `robot.id, robot.name, robot.project_id, coalesce(project.name, '') AS project_name, robot.description, robot.disabled,
	robot.duration, robot.expires_at, robot.creator_kind, robot.creator_id, robot.created_at, robot.updated_at, robot.used_at`

// Service answers for them. It is safe for concurrent use.
type Service struct {
	db       *gorm.DB
	policy   *rbac.Policy
	projects *project.Service
	settings *settings.Service
	clock    func() time.Time
	used     *used
	accounts *change.Cache[accountKey, account]
}

// Deps are what a Service needs.
type Deps struct {
	DB       *gorm.DB
	Policy   *rbac.Policy
	Projects *project.Service
	Settings *settings.Service
	Changes  *change.Feed
	Clock    func() time.Time
}

// NewService returns the Service.
func NewService(d Deps) *Service {
	return &Service{
		db: d.DB, policy: d.Policy, projects: d.Projects, settings: d.Settings, clock: d.Clock, used: newUsed(),
		accounts: change.NewCache[accountKey, account](d.Changes, remembered),
	}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Get returns a robot.
func (s *Service) Get(ctx context.Context, id ID) (Robot, error) {
	return s.get(s.db.WithContext(ctx), id)
}

func (s *Service) get(db *gorm.DB, id ID) (Robot, error) {
	var r Robot
	err := robots(db).Select(columns).Where("robot.id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Robot{}, fault.NotFound("robot %d not found", id)
	}
	if err != nil {
		return Robot{}, fmt.Errorf("get robot %d: %w", id, err)
	}
	return r, s.complete(db, []*Robot{&r})
}

func robots(db *gorm.DB) *gorm.DB {
	return db.Table("robot").Joins("LEFT JOIN project ON project.id = robot.project_id")
}

// complete adds what the rows of a list need, with one query for all.
func (s *Service) complete(db *gorm.DB, rows []*Robot) error {
	set, err := s.settings.Get(db.Statement.Context)
	if err != nil {
		return err
	}
	ids := make([]ID, len(rows))
	for i, r := range rows {
		ids[i], r.FullName = r.ID, fullName(set.RobotNamePrefix, r.ProjectName, r.Name)
	}
	grants, err := grantsOf(db, ids)
	for _, r := range rows {
		r.Grants = grants[r.ID]
	}
	return err
}

// lock returns a robot that nobody else changes until the transaction ends, and notes
// that the caller does.
func (s *Service) lock(tx store.Tx, id ID) (Robot, error) {
	if err := tx.Exec("SELECT FROM robot WHERE id = ? FOR UPDATE", id).Error; err != nil {
		return Robot{}, fmt.Errorf("lock robot %d: %w", id, err)
	}
	r, err := s.get(tx.DB, id)
	if err != nil {
		return Robot{}, err
	}
	return r, change.Note(tx.Statement.Context, store.PgxTx(tx), topic(r.Name))
}

func record(tx store.Tx, by rbac.Subject, r Robot, operation, description string) error {
	return audit.Record(tx, by, audit.Entry{
		ProjectID: r.ProjectID, Operation: operation, ResourceType: audit.Robot, Resource: r.FullName, Description: description,
	})
}
