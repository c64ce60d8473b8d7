// Package robot is the accounts of machines, of a project or of the system: what
// each may do, until when, and the secret that is shown once.
package robot

import (
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/settings"
)

// Service answers for them. It is safe for concurrent use.
type Service struct {
	db       *gorm.DB
	settings *settings.Service
	clock    func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, settings *settings.Service, clock func() time.Time) *Service {
	return &Service{db: db, settings: settings, clock: clock}
}
