// Package immutable is the rules by which tags, once made, can neither be moved
// nor deleted: what a project's rules are, and which tags they match. It must not
// know what a tag is or when it moves; core/artifact asks before it does.
package immutable

import (
	"time"

	"gorm.io/gorm"
)

// Rule makes the tags immutable that its selectors match. All selectors have to.
type Rule struct {
	ID           int64 `gorm:"primaryKey"`
	ProjectID    int64
	Disabled     bool
	Repositories []Selector `gorm:"serializer:json"`
	Tags         []Selector `gorm:"serializer:json"`
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table of the rows.
func (Rule) TableName() string { return "immutable_rule" }

// Selector matches names, in the words of Harbor's API.
type Selector struct {
	Kind       string `json:"kind"`       // doublestar
	Decoration string `json:"decoration"` // of repositories repoMatches, repoExcludes; of tags matches, excludes
	Pattern    string `json:"pattern"`    // *, **, ?, [a-z], {this,that}
	Extras     string `json:"extras,omitempty"`
}

// Fields are what people decide about a rule.
type Fields struct {
	Disabled     bool
	Repositories []Selector
	Tags         []Selector
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
