package retention

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// The fates of artifacts.
const (
	Kept       = kept
	Sealed     = sealed
	Listed     = listed
	Deleted    = deleted
	DeletedToo = deletedToo

	DeleteBatch = deleteBatch

	PreviewLimits = previewLimits
)

// Fates are what would become of a repository's artifacts, by id.
func (s *Service) Fates(ctx context.Context, projectID, repositoryID int64, name string, rules []Rule) (map[int64]int, error) {
	all, _, err := s.judgeAll(ctx, projectID, repository{repositoryID, name}, rulesFor(rules, name))
	out := map[int64]int{}
	for _, r := range all {
		out[r.ID] = r.Fate
	}
	return out, err
}

// Statements are those that decide, for a project.
func (s *Service) Statements(ctx context.Context, projectID int64, rules []Rule) ([]storetest.Statement, error) {
	c, err := summon(ctx, s.db.Pool, projectID, rules, s.now())
	if err != nil {
		return nil, err
	}
	preview, arguments := c.preview(page.Page{Number: 1, Size: 20})
	rows, args := c.rows()
	return []storetest.Statement{{SQL: preview, Args: arguments}, {SQL: rows, Args: args}, {SQL: livingRepositories, Args: []any{projectID}}}, nil
}

// Untagged is untagged.
func Untagged(s selector.Selector) (bool, error) { return untagged(s) }
