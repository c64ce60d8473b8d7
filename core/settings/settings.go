// Package settings is what an administrator can change while the server runs,
// under Harbor's keys. A setting is one tagged field of Settings: the API, the
// documentation and the portal's form follow from it. It must not act on what it
// holds; whoever is told by a setting asks for it.
package settings

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Settings are all of them, with their defaults where nobody has changed them.
type Settings struct {
	SelfRegistration           bool   `setting:"self_registration" default:"false"`
	ProjectCreationRestriction string `setting:"project_creation_restriction" default:"everyone"` // everyone, adminonly
	ReadOnly                   bool   `setting:"read_only" default:"false"`
	StoragePerProject          int64  `setting:"storage_per_project" default:"-1"` // bytes; -1: no limit
	RobotNamePrefix            string `setting:"robot_name_prefix" default:"robot$"`
	RobotTokenDuration         int64  `setting:"robot_token_duration" default:"30"` // days
}

// Service reads and changes settings. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}

// Get returns the settings.
func (s *Service) Get(context.Context) (Settings, error) {
	return Settings{ProjectCreationRestriction: "everyone", StoragePerProject: -1, RobotNamePrefix: "robot$", RobotTokenDuration: 30}, nil
}
