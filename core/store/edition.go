package store

import (
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Unchanged refuses a change that was made from an older state than the row has,
// in milliseconds, as clients see times. A nil since does not care. Call it with
// the row locked.
func Unchanged(since *time.Time, updated time.Time) error {
	if since == nil || since.Truncate(time.Millisecond).Equal(updated.Truncate(time.Millisecond)) {
		return nil
	}
	return fault.Precondition("somebody has changed this since you looked at it; load it again and repeat your change")
}
