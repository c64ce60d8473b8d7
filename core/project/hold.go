package project

// Pushes hold a project's policies (its limit, its immutable tags) together, and
// whoever changes one holds them alone. It is no lock on the project's row: pushes
// share that without queueing, and would keep somebody who wants it alone waiting
// for as long as they follow each other. Advisory locks are granted in the order in
// which they are asked for. It is taken before the lock on any row.
const (
	// SharePolicies is an expression over a row p of project. A policy has to be read
	// by a later statement: this one's snapshot is from before it had the lock.
	SharePolicies = `(pg_advisory_xact_lock_shared(1481461065, hashint8(p.id)) IS NULL)`

	// HoldPolicies takes the project's id.
	HoldPolicies = `SELECT pg_advisory_xact_lock(1481461065, hashint8(?))`
)
