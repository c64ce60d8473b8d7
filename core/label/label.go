// Package label is the marks that people put on artifacts: of one project, or of all.
package label

import (
	"time"

	"gorm.io/gorm"
)

// Service answers for them. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}
