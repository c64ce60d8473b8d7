package audit

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
)

// A list says how many entries there are on all its pages, and to count millions
// for each page would be slow. So they are counted once, by project and user, up to
// a mark, and a list counts only what came after it: exactly, for entries only come
// at the end. Who removes entries takes them off the tally in the same transaction.
//
// The mark stays five minutes behind: of entries written at the same time the one
// with the lower id may be committed last, and must not be overtaken.
const tally = `
WITH mark AS (SELECT id FROM audit_tallied FOR UPDATE),
through AS (SELECT coalesce(
    (SELECT min(e.id) - 1 FROM audit_event e WHERE e.id > (SELECT id FROM mark) AND e.at >= now() - interval '5 minutes'),
    (SELECT max(e.id) FROM audit_event e WHERE e.id > (SELECT id FROM mark)), (SELECT id FROM mark)) AS id),
new AS (
  SELECT coalesce(e.project_id, 0) AS project_id, e.username, count(*) AS entries FROM audit_event e
  WHERE e.id > (SELECT id FROM mark) AND e.id <= (SELECT id FROM through) GROUP BY 1, 2),
added AS (
  INSERT INTO audit_tally (project_id, username, entries) SELECT project_id, username, entries FROM new ORDER BY 1, 2
  ON CONFLICT (project_id, username) DO UPDATE SET entries = audit_tally.entries + excluded.entries),
moved AS (UPDATE audit_tallied SET id = (SELECT id FROM through))
SELECT coalesce(sum(entries), 0)::bigint FROM new`

// Tally counts the entries that have come since it was called last, and says how many
// they are. It may run anywhere, any number of times.
func (s *Service) Tally(ctx context.Context) (counted int64, err error) {
	if err := s.db.WithContext(ctx).Raw(tally).Scan(&counted).Error; err != nil {
		return 0, fmt.Errorf("tally audit entries: %w", err)
	}
	return counted, nil
}

// total counts the entries of a scope by the tally.
func (s *Service) total(ctx context.Context, scope Scope) (n int64, err error) {
	db := s.db.WithContext(ctx)
	counted, since := db.Table("audit_tally").Select("coalesce(sum(entries), 0)"), scope.narrow(db.Model(&Event{}).Where("id > (SELECT id FROM audit_tallied)")).Select("count(*)")
	if scope.ProjectID != nil {
		counted = counted.Where("project_id = ?", *scope.ProjectID)
	}
	if scope.Username != "" {
		counted = counted.Where("username = ?", scope.Username)
	}
	err = db.Raw("SELECT ((?) + (?))::bigint", counted, since).Scan(&n).Error
	return n, err
}

// narrow adds the scope's conditions.
func (scope Scope) narrow(db *gorm.DB) *gorm.DB {
	if scope.ProjectID != nil {
		db = db.Where("project_id = ?", *scope.ProjectID)
	}
	if scope.Username != "" {
		db = db.Where("username = ?", scope.Username)
	}
	return db
}

// filtered says whether a query lets only some entries through.
func filtered(q page.Query) bool {
	known := columns()
	for _, t := range q.Terms {
		if _, ok := known[t.Key]; ok {
			return true
		}
	}
	return false
}
