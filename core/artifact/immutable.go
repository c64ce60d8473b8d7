package artifact

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
)

const holdRulesOf = `SELECT p.id, ` + immutable.HoldRules + ` FROM project p WHERE p.name = $1 AND p.deleted_at IS NULL`

// holdRules returns a project's rules, which stay as they are until the
// transaction ends. It comes before any lock on a row. A project that is not
// there has none.
func holdRules(ctx context.Context, tx pgx.Tx, project string) (immutable.Rules, error) {
	var id int64
	err := tx.QueryRow(ctx, holdRulesOf, project).Scan(&id, nil)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hold the immutability rules of %s: %w", project, err)
	}
	return immutable.Load(ctx, tx, id)
}

// mayMove refuses to point an immutable tag elsewhere. lockTarget holds the rules.
func mayMove(ctx context.Context, tx pgx.Tx, m tagMove) error {
	rules, err := immutable.Load(ctx, tx, m.target.projectID)
	if err != nil {
		return err
	}
	if id, found := rules.Match(m.target.repository, m.name); found {
		return fault.Precondition("Failed to process request due to '%s:%s' configured as immutable. "+
			"Push another tag, or ask a maintainer of the project to change immutability rule %d.", m.target.repository, m.name, id)
	}
	return nil
}

// mayDelete refuses when one of the tags is immutable.
func mayDelete(rules immutable.Rules, repository string, tags []string) error {
	for _, tag := range tags {
		if id, found := rules.Match(repository, tag); found {
			return fault.Precondition("the tag %s configured as immutable, cannot be deleted; "+
				"ask a maintainer of the project to change immutability rule %d first", tag, id)
		}
	}
	return nil
}

// rulesOf are a project's rules as they are at this moment.
func (s *Service) rulesOf(ctx context.Context, project string) (immutable.Rules, error) {
	var id int64
	err := s.db.Pool.QueryRow(ctx, `SELECT id FROM project WHERE name = $1 AND deleted_at IS NULL`, project).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find project %s: %w", project, err)
	}
	return immutable.Load(ctx, s.db.Pool, id)
}
