// Package immutable is the rules by which tags, once made, can neither be moved nor deleted.
package immutable

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
