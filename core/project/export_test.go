package project

import (
	"context"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// ContentQuery is for the test of its plan.
const ContentQuery = contentQuery

// DeletedSQL is what ListDeleted sends for the count and for the page.
func (s *Service) DeletedSQL(ctx context.Context, p page.Page) ([]storetest.Statement, error) {
	all, rows, err := s.listDeleted(ctx, p)
	if err != nil {
		return nil, err
	}
	dry := &gorm.Session{DryRun: true}
	count, found := all.Session(dry).Count(new(int64)).Statement, rows.Session(dry).Find(&[]map[string]any{}).Statement
	return []storetest.Statement{{SQL: count.SQL.String(), Args: count.Vars}, {SQL: found.SQL.String(), Args: found.Vars}}, nil
}
