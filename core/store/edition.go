package store

import (
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Unchanged refuses a change that was made from a state older than the last edit,
// in milliseconds, as clients see times. A nil since does not care. Call it with the
// row locked.
func Unchanged(since *time.Time, edited time.Time) error {
	if since == nil || !edited.Truncate(time.Millisecond).After(since.Truncate(time.Millisecond)) {
		return nil
	}
	return fault.Precondition("somebody has changed this since you looked at it; load it again and repeat your change")
}
