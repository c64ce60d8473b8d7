package project

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Deleted is a project that was deleted and can be restored.
type Deleted struct {
	Lost
	ID           ID
	Name         string
	By           string // who deleted it
	At           time.Time
	Until        time.Time
	Repositories int64 // in its recycle bin, that can be restored after it
	Artifacts    int64 // that come back with those
	NameTaken    bool  // there is another project of that name
}

const (
	// $1, $2: the time.
	deletedFields = `p.id, p.name, p.deleted_at AS at, d.by_name AS by, d.until, d.robots, d.robot_grants, d.retention_policies,
(SELECT count(*) FROM repository r JOIN deletion x ON x.repository_id = r.id AND x.at = r.deleted_at
  WHERE r.project_id = p.id AND r.deleted_at IS NOT NULL AND x.until > ?) AS repositories,
(SELECT count(*) FROM repository r JOIN deletion x ON x.repository_id = r.id AND x.at = r.deleted_at
  JOIN artifact a ON a.repository_id = r.id AND a.deleted_at = r.deleted_at
  WHERE r.project_id = p.id AND r.deleted_at IS NOT NULL AND x.until > ?) AS artifacts,
EXISTS (SELECT FROM project o WHERE o.name = p.name AND o.deleted_at IS NULL) AS name_taken`

	newestDeletion = "p.deleted_at DESC, p.id DESC"
)

// ListDeleted lists the projects that can be restored, the last deleted first unless told
// otherwise.
func (s *Service) ListDeleted(ctx context.Context, p page.Page) (page.List[Deleted], error) {
	all, rows, err := s.listDeleted(ctx, p)
	if err != nil {
		return page.List[Deleted]{}, err
	}
	var out page.List[Deleted]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count deleted projects: %w", err)
	}
	if err := rows.Find(&out.Items).Error; err != nil {
		return out, fmt.Errorf("list deleted projects: %w", err)
	}
	return out, nil
}

// listDeleted is two statements: what is in a project's bin is counted only for those on
// the page.
func (s *Service) listDeleted(ctx context.Context, p page.Page) (all, rows *gorm.DB, err error) {
	db, now := s.db.WithContext(ctx), s.now()
	columns := page.Columns{
		"id": {SQL: "p.id", Kind: page.Int}, "project_id": {SQL: "p.id", Kind: page.Int}, "name": {SQL: "p.name", Kind: page.Text},
		"operator": {SQL: "d.by_name", Kind: page.Text}, "delete_time": {SQL: "p.deleted_at", Kind: page.Time},
	}
	q := db.Table("project_deletion d").Joins("JOIN project p ON p.id = d.project_id AND p.deleted_at IS NOT NULL").Where("d.until > ?", now)
	if all, err = (page.Page{Query: p.Query}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestDeletion)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("p.id")).Joins("JOIN project p ON p.id = page.id").
		Joins("JOIN project_deletion d ON d.project_id = p.id").Select(deletedFields, now, now)
	rows, err = order.Apply(rows, columns, newestDeletion)
	return all, rows, err
}
