package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// Time is a point in time as Harbor writes it: UTC with milliseconds. The zero
// Time is written, not left out.
type Time time.Time

// timeFormat is RFC 3339 with milliseconds, as Harbor writes times.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + time.Time(t).UTC().Format(timeFormat) + `"`), nil
}

// Schema is for huma.
func (Time) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

func optionalTime(t *time.Time) Time {
	if t == nil {
		return Time{}
	}
	return Time(*t)
}

// writeJSON writes as Harbor does: HTML characters as they are, a line end last.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// writeBody is writeJSON, but for what is to leave the answer empty.
func writeBody(w io.Writer, v any) error {
	if b, ok := v.(interface{ blank() bool }); ok && b.blank() {
		return nil
	}
	return writeJSON(w, v)
}

// readJSON reads a body. Postgres cannot store NUL and the domain expects UTF-8,
// so both are refused here, once, for every field of every operation.
func readJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("it is not UTF-8")
	}
	if hasEscapedNUL(data) {
		return errors.New(`it holds the character \u0000`)
	}
	return json.Unmarshal(data, v)
}

func hasEscapedNUL(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '\\')
		if at < 0 || at+1 >= len(data) {
			return false
		}
		data = data[at+1:]
		if bytes.HasPrefix(data, []byte("u0000")) {
			return true
		}
		data = data[1:] // what is escaped may be a backslash
	}
}
