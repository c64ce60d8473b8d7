package project

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// windowKey is the setting that says for how many days what is deleted in a project, and
// the project itself, can be restored; without it the system's window holds.
const windowKey = "recovery_days"

const ownWindow = `SELECT (metadata ->> '` + windowKey + `')::integer FROM project WHERE id = $1`

// querier is a connection, a pool of them or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Window is how long what is deleted in a project from now on, and the project itself,
// can be restored; 0 is not at all. system is asked where the project does not say.
func Window(ctx context.Context, q querier, id ID, system func(context.Context) (time.Duration, error)) (time.Duration, error) {
	var days *int
	if err := q.QueryRow(ctx, ownWindow, id).Scan(&days); err != nil {
		return 0, fmt.Errorf("read the recovery window of project %d: %w", id, err)
	}
	if days != nil {
		return time.Duration(*days) * 24 * time.Hour, nil
	}
	return system(ctx)
}
