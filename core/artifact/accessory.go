package artifact

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Accessories lists what refers to the artifact that ref names: signatures,
// SBOMs and others.
func (s *Service) Accessories(ctx context.Context, project, repository, ref string, p page.Page) (page.List[Accessory], error) {
	a, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return page.List[Accessory]{}, err
	}
	q := s.db.Gorm.WithContext(ctx).Table("artifact x").
		Joins("JOIN artifact a ON a.id = ? AND x.repository_id = a.repository_id AND x.subject_digest = a.digest", a.id).
		Joins("JOIN repository r ON r.id = a.repository_id").
		Where("x.deleted_at IS NULL AND x.accessory_type <> ''")
	q, err = p.Apply(q, page.Columns{
		"id": {SQL: "x.id", Kind: page.Int}, "digest": {SQL: "x.digest", Kind: page.Text}, "type": {SQL: "x.accessory_type", Kind: page.Text},
		"size": {SQL: "x.size", Kind: page.Int}, "creation_time": {SQL: "x.pushed_at", Kind: page.Time},
	}, "x.id")
	if err != nil {
		return page.List[Accessory]{}, err
	}
	q = q.Session(&gorm.Session{}) // both queries below start from it
	var out page.List[Accessory]
	if err := q.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count accessories: %w", err)
	}
	err = p.Window(q).Select(`x.id, a.id AS subject_artifact_id, a.digest AS subject_digest, r.full_name AS subject_repository,
x.digest, x.accessory_type AS type, x.size, x.pushed_at AS created_at`).Scan(&out.Items).Error
	if err != nil {
		return out, fmt.Errorf("list accessories: %w", err)
	}
	return out, nil
}
