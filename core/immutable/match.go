package immutable

import (
	"context"
	"fmt"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/project"
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
	repositories []selector
	tags         []selector
}

// selector is a Selector whose braces are written out.
type selector struct {
	exclude  bool
	patterns []string
}

// Load reads the enabled rules of a project.
func Load(ctx context.Context, q Querier, projectID int64) (Rules, error) {
	rows, err := q.Query(ctx, enabledRules, projectID)
	if err != nil {
		return nil, fmt.Errorf("load immutability rules: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (compiled, error) {
		var id int64
		var repositories, tags []Selector
		if err := row.Scan(&id, &repositories, &tags); err != nil {
			return compiled{}, err
		}
		return compiled{id: id, repositories: compile(repositories), tags: compile(tags)}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("load immutability rules: %w", err)
	}
	return out, nil
}

func compile(selectors []Selector) []selector {
	out := make([]selector, len(selectors))
	for i, s := range selectors {
		out[i] = selector{exclude: s.Decoration == excludes || s.Decoration == repoExcludes, patterns: expand(s.Pattern)}
	}
	return out
}

// Match says whether a tag of a repository, named without its project, is
// immutable, and by which rule.
func (r Rules) Match(repository, tag string) (rule int64, found bool) {
	for _, c := range r {
		if all(c.repositories, repository) && all(c.tags, tag) {
			return c.id, true
		}
	}
	return 0, false
}

func all(selectors []selector, name string) bool {
	for _, s := range selectors {
		if s.matches(name) == s.exclude {
			return false
		}
	}
	return true
}

func (s selector) matches(name string) bool {
	for _, p := range s.patterns {
		if doublestar.MatchUnvalidated(p, name) {
			return true
		}
	}
	return false
}
