package jobservice

import (
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"
)

type pgxTx = pgx.Tx

// unfinished are the states in which one job of a kind makes another one needless.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}
}
