// Package quota is how much storage projects may use and do use, for those who
// look after all of them. What is used counts each blob of a project once, and is
// exact at every moment. It must not charge: a push does that in its own
// transaction (core/artifact), and a project's row and limit are core/project's.
package quota

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Quota is the storage of a project. It has the project's id.
type Quota struct {
	ID        project.ID
	Project   string
	Owner     string
	Hard      int64 // bytes; -1: no limit
	Used      int64 // bytes
	CreatedAt time.Time
	UpdatedAt time.Time // of the limit; what is used changes it not
}

// Service answers for them. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}

const (
	used    = "(quota.used + coalesce(noted.bytes, 0))"
	columns = "quota.project_id AS id, project.name AS project, account.name AS owner, quota.hard, " + used + " AS used, quota.created_at, quota.updated_at"
)

// quotas joins what a row needs. What pushes have noted is summed once for all.
func quotas(db *gorm.DB) *gorm.DB {
	return db.Table("quota").
		Joins("JOIN project ON project.id = quota.project_id AND project.deleted_at IS NULL").
		Joins("JOIN account ON account.id = project.owner_id").
		Joins("LEFT JOIN (SELECT project_id, sum(bytes)::bigint AS bytes FROM quota_delta GROUP BY project_id) noted ON noted.project_id = quota.project_id")
}

// Get returns the quota of a project.
func (s *Service) Get(ctx context.Context, id project.ID) (Quota, error) {
	var out Quota
	err := quotas(s.db.WithContext(ctx)).Select(columns).Where("quota.project_id = ?", id).Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Quota{}, fault.NotFound("quota %d not found", id)
	}
	if err != nil {
		return Quota{}, fmt.Errorf("get quota: %w", err)
	}
	return out, nil
}

// Filter narrows a list in Harbor's words; "" lets all through. Projects are all
// that has a quota.
type Filter struct{ Reference, ReferenceID string }

// List returns one page of the quotas, the one that uses most first unless the page
// says otherwise.
func (s *Service) List(ctx context.Context, f Filter, p page.Page) (page.List[Quota], error) {
	db := quotas(s.db.WithContext(ctx))
	if f.Reference != "" && f.Reference != "project" {
		return page.List[Quota]{}, nil
	}
	if f.ReferenceID != "" {
		id, err := strconv.ParseInt(f.ReferenceID, 10, 64)
		if err != nil {
			return page.List[Quota]{}, nil //nolint:nilerr // Harbor compares text: nothing has that id
		}
		db = db.Where("quota.project_id = ?", id)
	}
	db, err := p.Apply(db, page.Columns{
		"id":            {SQL: "quota.project_id", Kind: page.Int},
		"reference_id":  {SQL: "quota.project_id", Kind: page.Int},
		"name":          {SQL: "project.name", Kind: page.Text},
		"owner_name":    {SQL: "account.name", Kind: page.Text},
		"hard.storage":  {SQL: "quota.hard", Kind: page.Int},
		"used.storage":  {SQL: used, Kind: page.Int},
		"creation_time": {SQL: "quota.created_at", Kind: page.Time},
		"update_time":   {SQL: "quota.updated_at", Kind: page.Time},
	}, used+" DESC, quota.project_id")
	if err != nil {
		return page.List[Quota]{}, err
	}
	return page.Fetch[Quota](db, p, columns, "quotas")
}

// Update gives a project another limit. A since that is not the quota's UpdatedAt
// refuses; nil does not care.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id project.ID, hard int64, since *time.Time) error {
	if hard <= 0 && hard != -1 {
		return fault.Invalid("hard", "invalid non-positive value for quota limit, value=%d; give bytes, or -1 for no limit", hard)
	}
	at := s.clock().UTC().Truncate(time.Microsecond)
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		err := project.SetLimit(tx, by, id, project.Limit{Hard: hard, At: at, Since: since})
		if errors.Is(err, fault.ErrNotFound) {
			return fault.NotFound("quota %d not found", id)
		}
		return err
	})
}
