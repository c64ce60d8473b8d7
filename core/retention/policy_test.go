package retention_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/selector"
)

func (s *shed) metadata(projectID int64) string {
	s.t.Helper()
	p, err := s.Projects.Get(ctx, projectID)
	s.must(err)
	return p.Metadata["retention_id"]
}

func TestAProjectHasOnePolicyWhichItsMetadataNames(t *testing.T) {
	s := newShed(t)
	a, b := s.project("a"), s.project("b")
	p := s.policy(a, rule("latestPushedK", 10, "**", "**"))
	if s.metadata(a) != fmt.Sprint(p.ID) || s.metadata(b) != "" {
		t.Errorf("%q and %q", s.metadata(a), s.metadata(b))
	}
	_, err := s.Retention.Create(ctx, s.Admin, a, retention.Fields{})
	if !errors.Is(err, fault.ErrInvalid) || err.Error() != fmt.Sprintf("bad request: project %d already has retention policy %d", a, p.ID) {
		t.Errorf("a second one: %v", err)
	}
	if _, err := s.Retention.Create(ctx, s.Admin, 999, retention.Fields{}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of no project: %v", err)
	}
	s.policy(b)
	if got, err := s.Retention.Get(ctx, p.ID); err != nil || len(got.Rules) != 1 || got.Rules[0].Params["latestPushedK"] != 10.0 || got.ProjectID != a {
		t.Errorf("%+v, %v", got, err)
	}
	s.must(s.Retention.Delete(ctx, s.Admin, p.ID))
	if s.metadata(a) != "" {
		t.Error("the metadata names a policy that is gone")
	}
	for _, err := range []error{s.Retention.Delete(ctx, s.Admin, p.ID), s.Retention.Update(ctx, s.Admin, p.ID, nil, retention.Fields{})} {
		if !errors.Is(err, fault.ErrNotFound) {
			t.Error(err)
		}
	}
	s.policy(a)
	if n := s.one(`SELECT count(*) FROM audit_event WHERE resource_type = 'retention_policy' AND project_id = $1`, a); n != 3 {
		t.Errorf("%d audit entries, want 3", n)
	}
}

func TestManyWhoMakeAPolicyAtOnceMakeOne(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	results := make(chan error)
	for range 6 {
		go func() {
			_, err := s.Retention.Create(ctx, s.Admin, a, retention.Fields{Cron: "0 0 0 * * *"})
			results <- err
		}()
	}
	made := 0
	for range 6 {
		if err := <-results; err == nil {
			made++
		} else if _, refused := fault.As(err); !refused {
			t.Error(err)
		}
	}
	if n := s.one(`SELECT count(*) FROM retention_policy`); made != 1 || n != 1 {
		t.Errorf("%d made, %d there", made, n)
	}
}

func TestAPolicyAndItsScheduleAreOne(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	p, err := s.Retention.Create(ctx, s.Admin, a, retention.Fields{Cron: "0 30 2 * * *"})
	s.must(err)
	got, err := s.Retention.Get(ctx, p.ID)
	if err != nil || got.Cron != "0 30 2 * * *" || got.NextAt == nil {
		t.Errorf("%+v, %v", got, err)
	}
	since := got.UpdatedAt
	s.must(s.Retention.Update(ctx, s.Admin, p.ID, &since, retention.Fields{Cron: "0 0 0 * * 0"}))
	if got, _ = s.Retention.Get(ctx, p.ID); got.Cron != "0 0 0 * * 0" {
		t.Errorf("%+v", got)
	}
	if plan, err := s.Jobs.ScheduleOf(ctx, job.Retention, p.ID); err != nil || plan.CronType != job.Weekly {
		t.Errorf("%+v, %v", plan, err)
	}
	old := since.Add(-1e9)
	if err := s.Retention.Update(ctx, s.Admin, p.ID, &old, retention.Fields{}); err == nil || !strings.Contains(err.Error(), "somebody has changed this") {
		t.Errorf("from a stale page: %v", err)
	}
	s.must(s.Retention.Update(ctx, s.Admin, p.ID, nil, retention.Fields{}))
	if n := s.one(`SELECT count(*) FROM schedule`); n != 0 {
		t.Errorf("%d schedules of a policy that has none", n)
	}
	s.must(s.Retention.Update(ctx, s.Admin, p.ID, nil, retention.Fields{Cron: "0 0 0 * * *"}))
	s.must(s.Projects.Delete(ctx, s.Admin, a))
	if n := s.one(`SELECT (SELECT count(*) FROM schedule) + (SELECT count(*) FROM retention_policy)`); n != 0 {
		t.Errorf("%d rows are left of a project that is gone", n)
	}
}

func TestWhatCannotBeAPolicyIsRefusedByTheNameOfTheField(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	change := func(edit func(*retention.Rule)) retention.Fields {
		r := rule("latestPushedK", 1, "**", "**")
		edit(&r)
		return retention.Fields{Rules: []retention.Rule{r}}
	}
	params := func(p map[string]any) retention.Fields { return change(func(r *retention.Rule) { r.Params = p }) }
	var many []retention.Rule
	for i := range 16 {
		many = append(many, rule("latestPushedK", i, "**", "**"))
	}
	long := map[string]any{"latestPushedK": 1.0, "x": strings.Repeat("x", 1024)}
	for name, c := range map[string]struct {
		fields  retention.Fields
		message string
	}{
		"another algorithm":      {retention.Fields{Algorithm: "and"}, "algorithm: "},
		"sixteen rules":          {retention.Fields{Rules: many}, "only 15 rules are allowed at most"},
		"five cron fields":       {retention.Fields{Cron: "0 0 * * *"}, "invalid cron string"},
		"a cron with seconds":    {retention.Fields{Cron: "1 0 0 * * *"}, "invalid cron string for schedule: 1 0 0 * * *, error: field 1 (seconds)"},
		"an unknown template":    {change(func(r *retention.Rule) { r.Template = "oldest" }), `rules[0].template: unknown template "oldest"`},
		"no number":              {params(nil), "rules[0].params.latestPushedK is missing"},
		"text for a number":      {params(map[string]any{"latestPushedK": "1"}), "rules[0].params.latestPushedK must be a whole number"},
		"half a number":          {params(map[string]any{"latestPushedK": 1.5}), "rules[0].params.latestPushedK must be a whole number"},
		"a negative number":      {params(map[string]any{"latestPushedK": -1.0}), "rules[0].params.latestPushedK is less than zero"},
		"a number out of bounds": {params(map[string]any{"latestPushedK": 32767.0}), "rules[0].params.latestPushedK is too large"},
		"an endless number":      {params(map[string]any{"latestPushedK": 1e300}), "rules[0].params.latestPushedK"},
		"long parameters":        {params(long), "rules[0].params must be a JSON object"},
		"no repositories":        {change(func(r *retention.Rule) { r.Repositories = nil }), "rules[0].scope_selectors.repository needs"},
		"no tags":                {change(func(r *retention.Rule) { r.Tags = nil }), "rules[0].tag_selectors needs"},
		"another kind":           {change(func(r *retention.Rule) { r.Tags[0].Kind = "regexp" }), "rules[0].tag_selectors: the kind of a selector"},
		"another decoration":     {change(func(r *retention.Rule) { r.Tags[0].Decoration = selector.RepoMatches }), "rules[0].tag_selectors: the decoration"},
		"an open brace":          {change(func(r *retention.Rule) { r.Tags[0].Pattern = "{a" }), "rules[0].tag_selectors: "},
		"extras that are none":   {change(func(r *retention.Rule) { r.Tags[0].Extras = "untagged" }), "rules[0].tag_selectors: extras"},
	} {
		_, err := s.Retention.Create(ctx, s.Admin, a, c.fields)
		if !errors.Is(err, fault.ErrInvalid) || !strings.HasPrefix(err.Error(), c.message) {
			t.Errorf("%s: %v", name, err)
		}
		if f, ok := fault.As(err); !ok || f.Field == "" {
			t.Errorf("%s: no field is named", name)
		}
	}
	twice := []retention.Rule{rule("always", 0, "**", "**"), rule("always", 0, "**", "**")}
	twice[1].ID = 7
	if _, err := s.Retention.Create(ctx, s.Admin, a, retention.Fields{Rules: twice}); !errors.Is(err, fault.ErrConflict) || !strings.HasPrefix(err.Error(), "rule 1 is conflict with rule 0") {
		t.Errorf("twice the same: %v", err)
	}
	if n := s.one(`SELECT count(*) FROM retention_policy`); n != 0 {
		t.Errorf("%d policies were made", n)
	}
	longest := rule("nDaysSinceLastPull", 20190904, "**", "**")
	longest.Params["unknown"] = "kept"
	p := s.policy(a, longest)
	if got, err := s.Retention.Get(ctx, p.ID); err != nil || got.Rules[0].Params["unknown"] != "kept" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhetherASelectorTakesWhatHasNoTagIsAsInHarbor(t *testing.T) {
	for _, c := range []struct {
		decoration, extras string
		want               bool
	}{
		{selector.Matches, "", true}, {selector.Matches, `{"untagged":true}`, true}, {selector.Matches, `{"untagged":false}`, false}, {selector.Matches, `{}`, false},
		{selector.Excludes, "", true}, {selector.Excludes, `{"untagged":true}`, false}, {selector.Excludes, `{"untagged":false}`, true},
	} {
		got, err := retention.Untagged(selector.Selector{Kind: selector.Doublestar, Decoration: c.decoration, Pattern: "v*", Extras: c.extras})
		if err != nil || got != c.want {
			t.Errorf("%s %s: %t, %v", c.decoration, c.extras, got, err)
		}
	}
}
