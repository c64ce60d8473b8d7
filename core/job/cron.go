package job

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Cron types: how people chose a schedule.
const (
	Hourly = "Hourly"
	Daily  = "Daily"
	Weekly = "Weekly"
	Custom = "Custom"
	Never  = "None"
	Now    = "Manual"
)

// usual is the cron of a type that needs none.
func usual(cronType string) string {
	switch cronType {
	case Hourly:
		return "0 0 * * * *"
	case Daily:
		return "0 0 0 * * *"
	case Weekly:
		return "0 0 0 * * 0"
	}
	return ""
}

// TypeOf is how a cron would be chosen: by the name of what is usual, or Custom.
func TypeOf(cron string) string {
	for _, t := range []string{Hourly, Daily, Weekly} {
		if cron == usual(t) {
			return t
		}
	}
	return Custom
}

type cronField struct {
	name   string
	option cron.ParseOption
}

// cronFields are the six of Harbor's API, in order.
func cronFields() []cronField {
	return []cronField{
		{"seconds", cron.Second}, {"minutes", cron.Minute}, {"hours", cron.Hour},
		{"day of month", cron.Dom}, {"month", cron.Month}, {"day of week", cron.Dow},
	}
}

// Cron is a parsed schedule. Its times are UTC, so that daylight saving moves,
// doubles and loses none.
type Cron struct{ schedule cron.Schedule }

// ParseCron reads six fields: seconds, minutes, hours, day of month, month and day
// of week. The error says which is wrong.
func ParseCron(spec string) (Cron, error) {
	parts := strings.Fields(spec)
	if len(parts) != len(cronFields()) {
		return Cron{}, fault.Invalid("cron", "invalid cron string for schedule: %.128s, error: expected exactly 6 fields, found %d: %.32q", spec, len(parts), parts[:min(len(parts), 8)])
	}
	var options cron.ParseOption
	for i, f := range cronFields() {
		options |= f.option
		var err error
		if strings.ContainsRune(parts[i], '=') { // TZ=, which the parser would take
			err = fault.Invalid("cron", "%q has no place there", parts[i])
		} else {
			_, err = cron.NewParser(f.option).Parse(parts[i])
		}
		if err != nil {
			return Cron{}, fault.Invalid("cron", "invalid cron string for schedule: %.128s, error: field %d (%s): %v", spec, i+1, f.name, err)
		}
	}
	if parts[0] != "0" {
		return Cron{}, fault.Invalid("cron", "invalid cron string for schedule: %.128s, error: field 1 (seconds) must be 0", spec)
	}
	schedule, err := cron.NewParser(options).Parse(strings.Join(parts, " "))
	if err != nil {
		return Cron{}, fault.Invalid("cron", "invalid cron string for schedule: %.128s, error: %v", spec, err)
	}
	c := Cron{schedule}
	if c.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Cron{}, fault.Invalid("cron", "invalid cron string for schedule: %.128s, error: fields 4 and 5 (day of month, month) name a day that never comes", spec)
	}
	return c, nil
}

// Next is the first time after a time.
func (c Cron) Next(after time.Time) time.Time { return c.schedule.Next(after.UTC()) }

// parseOwn reads six fields of the program's own, in which seconds are free.
func parseOwn(spec string) (Cron, error) {
	var options cron.ParseOption
	for _, f := range cronFields() {
		options |= f.option
	}
	schedule, err := cron.NewParser(options).Parse(spec)
	if err != nil {
		return Cron{}, fmt.Errorf("schedule %q: %w", spec, err)
	}
	return Cron{schedule}, nil
}

// every is the time between two runs of what runs regularly.
func (c Cron) every() time.Duration {
	first := c.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	return c.Next(first).Sub(first)
}
