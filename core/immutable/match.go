package immutable

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// Pushes and deletions hold a project's rules together, whoever changes them holds
// them alone: so a rule that was answered 201 has been obeyed by everything that
// commits after it, and nothing that was decided without it is still on its way.
// The lock is not one of the project's row: pushes share that one without queueing,
// and would keep somebody who wants it alone waiting for as long as they follow each
// other. Advisory locks are granted in the order in which they are asked for.
//
// They are taken before any lock on a repository, artifact or tag, so that nobody
// who waits for them holds what their holders want.
const (
	// HoldRules is an expression over a row p of project. Rules have to be read by a
	// later statement: this one's snapshot is from before it had the lock.
	HoldRules = project.SharePolicies

	holdAlone = project.HoldPolicies

	enabledRules = `SELECT id, repositories, tags FROM immutable_rule WHERE project_id = $1 AND NOT disabled ORDER BY id`
)

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Rules are the enabled rules of a project, ready to match.
type Rules []compiled

type compiled struct {
	id           int64
	repositories selector.Matchers
	tags         selector.Matchers
	written      []selector.Selector // the tags' as they are stored
}

// Load reads the enabled rules of a project.
func Load(ctx context.Context, q Querier, projectID int64) (Rules, error) {
	rows, err := q.Query(ctx, enabledRules, projectID)
	if err != nil {
		return nil, fmt.Errorf("load immutability rules: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (compiled, error) {
		var id int64
		var repositories, tags []selector.Selector
		if err := row.Scan(&id, &repositories, &tags); err != nil {
			return compiled{}, err
		}
		return compiled{id: id, repositories: selector.Compile(repositories), tags: selector.Compile(tags), written: tags}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("load immutability rules: %w", err)
	}
	return out, nil
}

// Match says whether a tag of a repository, named without its project, is
// immutable, and by which rule.
func (r Rules) Match(repository, tag string) (rule int64, found bool) {
	for _, c := range r {
		if c.repositories.All(repository) && c.tags.All(tag) {
			return c.id, true
		}
	}
	return 0, false
}

// TagsOf are the selectors of tags of each rule that is about a repository, named
// without its project, for those who match in SQL. All selectors of a rule have to
// match.
func (r Rules) TagsOf(repository string) [][]selector.Selector {
	var out [][]selector.Selector
	for _, c := range r {
		if c.repositories.All(repository) {
			out = append(out, c.written)
		}
	}
	return out
}
