package api

import (
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Edition is how a client says which state of a thing its change is made from: the
// ETag of what it read, which is the quoted update_time of the body. Without it the
// last change wins, as in Harbor.
type Edition struct {
	IfMatch string `header:"If-Match" maxLength:"64" doc:"The ETag, or the quoted update_time, of what the change was made from; 412 when somebody has changed it since"`
}

// since is the time for the service to compare, nil when the client does not care.
func (e Edition) since() (*time.Time, error) {
	text := strings.TrimSpace(e.IfMatch)
	if text == "" || text == "*" {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339Nano, strings.Trim(strings.TrimPrefix(text, "W/"), `"`))
	if err != nil {
		return nil, fault.Invalid("If-Match", "If-Match %.64q is not the ETag of what was read", e.IfMatch)
	}
	return &at, nil
}

// etag is what since understands.
func etag(updated time.Time) string { return `"` + updated.UTC().Format(timeFormat) + `"` }
