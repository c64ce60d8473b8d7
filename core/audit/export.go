package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roadstead-registry/roadstead/core/page"
)

// exportSpan is how far an export goes back when its query names no time.
const exportSpan = 365 * 24 * time.Hour

// Batches reads the entries of a scope that a query lets through, newest first, a
// bounded number at a time however many there are: each call of next returns the
// following ones, and none at the end. Without a condition on op_time they are
// those of the past year.
func (s *Service) Batches(ctx context.Context, scope Scope, q page.Query) (next func() ([]Event, error)) {
	const size = 500
	oldest := s.clock().Add(-exportSpan)
	timed := slices.ContainsFunc(q.Terms, func(t page.Term) bool { return t.Key == "op_time" || t.Key == "creation_time" })
	before, over := int64(0), false
	return func() ([]Event, error) {
		if over {
			return nil, nil
		}
		db := scope.narrow(s.db.WithContext(ctx).Model(&Event{}))
		if !timed {
			db = db.Where("at >= ?", oldest)
		}
		if before > 0 {
			db = db.Where("id < ?", before)
		}
		db, err := page.Page{Query: q}.Apply(db, columns(), "id DESC")
		if err != nil {
			return nil, err
		}
		var out []Event
		if err := db.Limit(size).Find(&out).Error; err != nil {
			return nil, fmt.Errorf("read audit entries: %w", err)
		}
		over = len(out) < size
		if !over {
			before = out[len(out)-1].ID
		}
		return out, nil
	}
}
