// Package job names the kinds of background work: an argument struct each, as
// River stores it. The work itself is jobservice's; this package exists so that
// the domain can ask for work without knowing who does it.
package job

// FoldArgs asks to add what was noted of pulls, pushes and quotas to the rows that
// people read. Running it twice, or on two servers, changes nothing.
type FoldArgs struct{}

// Kind is River's name of the job.
func (FoldArgs) Kind() string { return "fold" }

// SweepArgs asks to remove what has expired: sessions, old sign-in failures,
// uploads nobody finished, noted changes; to make the audit log's next partitions, and to count
// its entries.
type SweepArgs struct{}

// Kind is River's name of the job.
func (SweepArgs) Kind() string { return "sweep" }
