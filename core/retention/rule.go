package retention

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// Units of a template's number.
const (
	Count = "COUNT"
	Days  = "DAYS"
)

// Template is a way to keep artifacts, as Harbor's clients know it.
type Template struct {
	Name    string
	Text    string // # stands for the number
	Unit    string // of the number, which is the parameter with the template's name; "": it has none
	Most    int
	Offered bool // Harbor lists it; the others are in its code
}

// Bounds of numbers, Harbor's.
const (
	mostCount = 32_766
	mostDays  = 20_190_904
)

// Names of templates.
const (
	latestPushed = "latestPushedK"
	latestPulled = "latestPulledN"
	latestActive = "latestActiveK"
	pushedWithin = "nDaysSinceLastPush"
	pulledWithin = "nDaysSinceLastPull"
	lastDays     = "lastXDays"
	always       = "always"
	nothing      = "nothing"
)

// Templates are all that there are, in Harbor's order.
func Templates() []Template {
	return []Template{
		{Name: latestPushed, Text: "the most recently pushed # artifacts", Unit: Count, Most: mostCount, Offered: true},
		{Name: latestPulled, Text: "the most recently pulled # artifacts", Unit: Count, Most: mostCount, Offered: true},
		{Name: pushedWithin, Text: "pushed within the last # days", Unit: Days, Most: mostDays, Offered: true},
		{Name: pulledWithin, Text: "pulled within the last # days", Unit: Days, Most: mostDays, Offered: true},
		{Name: always, Text: "always", Offered: true},
		{Name: latestActive, Text: "the most recently pushed or pulled # artifacts", Unit: Count, Most: mostCount},
		{Name: lastDays, Text: "pushed less than # days ago", Unit: Days, Most: mostDays},
		{Name: nothing, Text: "nothing"},
	}
}

func template(name string) (Template, bool) {
	all := Templates()
	at := slices.IndexFunc(all, func(t Template) bool { return t.Name == name })
	if at < 0 {
		return Template{}, false
	}
	return all[at], true
}

const (
	algorithm = "or"

	// MaxRules is how many rules a policy may have, Harbor's bound.
	MaxRules = 15

	maxParams     = 16
	maxParamsJSON = 1024 // bytes
)

// check says what is wrong with a policy, naming the field.
func (f Fields) check() error {
	if f.Algorithm != "" && f.Algorithm != algorithm {
		return fault.Invalid("algorithm", "algorithm: the rules of a policy are combined by %q, not by %.64q", algorithm, f.Algorithm)
	}
	if f.Cron != "" {
		if _, err := job.ParseCron(f.Cron); err != nil {
			return err
		}
	}
	return CheckRules(f.Rules)
}

// rules are never nil, which would be stored as null.
func (f Fields) rules() []Rule { return append([]Rule{}, f.Rules...) }

// CheckRules says what is wrong with a policy's rules, naming the field.
func CheckRules(rules []Rule) error {
	if len(rules) > MaxRules {
		return fault.Invalid("rules", "only %d rules are allowed at most, not %d", MaxRules, len(rules))
	}
	seen := map[string]int{}
	for i, r := range rules {
		if err := r.check(fmt.Sprintf("rules[%d]", i)); err != nil {
			return err
		}
		r.ID = 0
		text, err := json.Marshal(r)
		if err != nil {
			return fault.Invalid("rules", "rules[%d] cannot be stored: %v", i, err)
		}
		if before, twice := seen[string(text)]; twice {
			return fault.Conflict("rule %d is conflict with rule %d: they say the same; leave one out", i, before)
		}
		seen[string(text)] = i
	}
	return nil
}

func (r Rule) check(field string) error {
	t, known := template(r.Template)
	if !known {
		var names []string
		for _, each := range Templates() {
			names = append(names, each.Name)
		}
		return fault.Invalid(field+".template", "%s.template: unknown template %.64q; it is one of %s", field, r.Template, strings.Join(names, ", "))
	}
	if err := r.checkParams(field+".params", t); err != nil {
		return err
	}
	if err := selector.CheckRepositories(field+".scope_selectors.repository", r.Repositories); err != nil {
		return err
	}
	if err := selector.CheckTags(field+".tag_selectors", r.Tags); err != nil {
		return err
	}
	for _, s := range r.Tags {
		if _, err := untagged(s); err != nil {
			return fault.Invalid(field+".tag_selectors", `%s.tag_selectors: extras is {"untagged": true} or {"untagged": false} or missing, not %.64q`, field, s.Extras)
		}
	}
	return nil
}

func (r Rule) checkParams(field string, t Template) error {
	if len(r.Params) > maxParams {
		return fault.Invalid(field, "%s: at most %d parameters, not %d", field, maxParams, len(r.Params))
	}
	if text, err := json.Marshal(r.Params); err != nil || len(text) > maxParamsJSON {
		return fault.Invalid(field, "%s must be a JSON object of at most %d bytes", field, maxParamsJSON)
	}
	if t.Unit == "" {
		return nil
	}
	field += "." + t.Name
	value, given := r.Params[t.Name]
	number, isNumber := value.(float64)
	switch {
	case !given:
		return fault.Invalid(field, "%s is missing: %s, a whole number", field, t.Text)
	case !isNumber || number != float64(int64(number)):
		return fault.Invalid(field, "%s must be a whole number, not %.64v", field, value)
	case number < 0:
		return fault.Invalid(field, "%s is less than zero", field)
	case number > float64(t.Most):
		return fault.Invalid(field, "%s is too large: at most %d", field, t.Most)
	}
	return nil
}

// number is how many artifacts or days a rule that was checked is about.
func (r Rule) number() int {
	n, _ := r.Params[r.Template].(float64)
	return int(n)
}

// cutoff is the time that lies the rule's days back. Days before there were
// registries are as good as any.
func (r Rule) cutoff(now time.Time) time.Time {
	const longAgo = 100_000
	if n := r.number(); n <= longAgo {
		return now.AddDate(0, 0, -n)
	}
	return time.Time{}
}

// untagged says whether a selector of tags takes artifacts that have none. Harbor's
// selectors do unless their extras say otherwise, those that exclude as well: what
// has no tag has none that is excluded.
func untagged(s selector.Selector) (bool, error) {
	takes := s.Decoration != selector.Excludes
	if s.Extras != "" {
		var extras struct {
			Untagged bool `json:"untagged"`
		}
		if err := json.Unmarshal([]byte(s.Extras), &extras); err != nil {
			return false, err
		}
		takes = extras.Untagged
	}
	if s.Decoration == selector.Excludes {
		return !takes, nil
	}
	return takes, nil
}
