// Package worker has one file per kind of job, each a thin call of the domain.
package worker

import "context"

// Steps are what a job of the program's own upkeep does, by the names that core/job
// has for them. Each says how much it has removed or counted.
type Steps map[string]func(context.Context) (int64, error)
