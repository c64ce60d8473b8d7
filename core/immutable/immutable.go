// Package immutable is the rules by which tags, once made, can neither be moved
// nor deleted: what a project's rules are, and which tags they match. It must not
// know what a tag is or when it moves; core/artifact asks before it does.
package immutable

import (
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/selector"
)

// Rule makes the tags immutable that its selectors match. All selectors have to.
type Rule struct {
	ID           int64 `gorm:"primaryKey"`
	ProjectID    int64
	Disabled     bool
	Repositories []selector.Selector `gorm:"serializer:json"`
	Tags         []selector.Selector `gorm:"serializer:json"`
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table of the rows.
func (Rule) TableName() string { return "immutable_rule" }

// Fields are what people decide about a rule.
type Fields struct {
	Disabled     bool
	Repositories []selector.Selector
	Tags         []selector.Selector
}

// Service answers for the rules. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

func (f Fields) check() error {
	if err := selector.CheckRepositories("scope_selectors.repository", f.Repositories); err != nil {
		return err
	}
	return selector.CheckTags("tag_selectors", f.Tags)
}
