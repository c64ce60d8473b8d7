// Package project is the projects: their names and settings, their members, and
// what a subject may do in them. It owns the tables project, project_deletion and
// role_grant and makes a project's quota row. What a role permits is core/rbac's; it
// must not know what a repository holds.
package project

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// ID identifies a project for ever; a name can be used again.
type ID = int64

// Project is a living project.
type Project struct {
	ID           ID `gorm:"primaryKey"`
	OwnerID      int64
	Name         string
	OwnerName    string `gorm:"->"` // of the account table
	Public       bool
	Metadata     map[string]string `gorm:"serializer:json"`                      // settings other than public
	CVEAllowlist *CVEAllowlist     `gorm:"column:cve_allowlist;serializer:json"` // nil: never set
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table of the rows.
func (Project) TableName() string { return "project" }

const columns = "project.id, project.owner_id, project.name, account.name AS owner_name, project.public, project.metadata, project.cve_allowlist, project.created_at, project.updated_at"

// Service makes, finds and changes projects. It is safe for concurrent use.
type Service struct {
	db       *gorm.DB
	policy   *rbac.Policy
	recovery func(context.Context) (time.Duration, error)
	clock    func() time.Time
	access   *change.Cache[standing, Access]
}

// NewService returns the Service over db, deciding with policy. Who has which role is
// remembered until changes tells otherwise; recovery is how long a project can be restored
// that does not say so itself.
func NewService(db *gorm.DB, policy *rbac.Policy, changes *change.Feed, recovery func(context.Context) (time.Duration, error), clock func() time.Time) *Service {
	return &Service{db: db, policy: policy, recovery: recovery, clock: clock, access: change.NewCache[standing, Access](changes, rememberMost)}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Get returns the project with an id.
func (s *Service) Get(ctx context.Context, id ID) (Project, error) {
	return one(s.db.WithContext(ctx), "project.id = ?", id)
}

// ByName returns the project with a name.
func (s *Service) ByName(ctx context.Context, name string) (Project, error) {
	if !validName(name) {
		return Project{}, missing(name)
	}
	return one(s.db.WithContext(ctx), "project.name = ?", name)
}

func one(db *gorm.DB, condition string, arg any) (Project, error) {
	var out Project
	err := living(db).Select(columns).Where(condition, arg).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Project{}, missing(arg)
	}
	if err != nil {
		return Project{}, fmt.Errorf("get project: %w", err)
	}
	return out, nil
}

func living(db *gorm.DB) *gorm.DB {
	return db.Model(&Project{}).Joins("JOIN account ON account.id = project.owner_id").Where("project.deleted_at IS NULL")
}

func missing(nameOrID any) error {
	const longest = 255
	text := fmt.Sprintf("%v", nameOrID)
	return fault.NotFound("project %.*s not found", longest, text)
}

// Hold returns the name of a living project and keeps the project from being
// deleted until the transaction ends. Whoever adds something to a project calls
// it first.
func Hold(tx store.Tx, id ID) (string, error) {
	return lock(tx, id, "FOR KEY SHARE")
}

// lock is Hold with another strength: FOR NO KEY UPDATE keeps others from changing
// the row, FOR UPDATE from holding it.
func lock(tx store.Tx, id ID, strength string) (string, error) {
	var names []string
	if err := tx.Raw("SELECT name FROM project WHERE id = ? AND deleted_at IS NULL "+strength, id).Scan(&names).Error; err != nil {
		return "", fmt.Errorf("lock project: %w", err)
	}
	if len(names) == 0 {
		return "", missing(id)
	}
	return names[0], nil
}

// Filter narrows a list of projects; the zero Filter lets all through.
type Filter struct {
	Name   string // contained in the name, whatever the case
	Public *bool
	Owner  string // the owner's name
	Mine   bool   // only those where the reader has a role

	// StorageOver lets through what uses more than so many percent of its limit,
	// among the projects whose quota the reader may know.
	StorageOver *int
}

// List returns one page of the projects that who can see: the public ones,
// those where they are a member, and all for a system administrator.
func (s *Service) List(ctx context.Context, who rbac.Subject, f Filter, p page.Page) (page.List[Project], error) {
	db := visible(living(s.db.WithContext(ctx)), who)
	if f.Name != "" {
		if !storable(f.Name) {
			return page.List[Project]{}, nil
		}
		db = db.Where(`project.name ILIKE ? ESCAPE '\'`, "%"+page.EscapeLike(f.Name)+"%")
	}
	if f.Public != nil {
		db = db.Where("project.public = ?", *f.Public)
	}
	if f.Owner != "" {
		if !storable(f.Owner) {
			return page.List[Project]{}, nil
		}
		db = db.Where("lower(account.name) = lower(?)", f.Owner)
	}
	if f.Mine {
		condition, args := s.held(who, nil)
		db = db.Where(condition, args...)
	}
	if f.StorageOver != nil {
		readable := rbac.On(rbac.Quota, rbac.Read)
		if all, _ := who.Reach(readable); !all {
			condition, args := s.held(who, &readable)
			db = db.Where(condition, args...)
		}
		db = db.Where(overLimit, *f.StorageOver)
	}
	db, err := p.Apply(db, listColumns(), "project.name")
	if err != nil {
		return page.List[Project]{}, err
	}
	return page.Fetch[Project](db, p, columns, "projects")
}

func visible(db *gorm.DB, who rbac.Subject) *gorm.DB {
	condition, args := Visible("project", who, rbac.On(rbac.Project, rbac.List))
	return db.Where(condition, args...)
}

func listColumns() page.Columns {
	return page.Columns{
		"project_id":    {SQL: "project.id", Kind: page.Int},
		"name":          {SQL: "project.name", Kind: page.Text},
		"owner_id":      {SQL: "project.owner_id", Kind: page.Int},
		"owner_name":    {SQL: "account.name", Kind: page.Text},
		"public":        {SQL: "project.public", Kind: page.Bool},
		"creation_time": {SQL: "project.created_at", Kind: page.Time},
		"update_time":   {SQL: "project.updated_at", Kind: page.Time},
	}
}
