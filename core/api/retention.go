package api

import (
	"context"
	"errors"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// RetentionPolicy is which artifacts of a project stay, in Harbor's shape.
type RetentionPolicy struct {
	Algorithm  string           `json:"algorithm" doc:"or: what one rule keeps stays"`
	ID         int64            `json:"id"`
	Rules      []RetentionRule  `json:"rules" nullable:"false"`
	Scope      RetentionScope   `json:"scope"`
	Trigger    RetentionTrigger `json:"trigger"`
	UpdateTime Time             `json:"update_time" doc:"Roadstead's addition, for If-Match"`
}

// RetentionRule keeps artifacts.
type RetentionRule struct {
	Action         string                `json:"action,omitempty" doc:"retain"`
	Disabled       bool                  `json:"disabled,omitempty"`
	ID             int                   `json:"id,omitempty"`
	Params         map[string]any        `json:"params" doc:"The template's number under the template's name"`
	Priority       int                   `json:"priority,omitempty"`
	ScopeSelectors map[string][]Selector `json:"scope_selectors" doc:"repository: all of these have to match the repository, named without its project"`
	TagSelectors   []Selector            `json:"tag_selectors" doc:"Each of these has to take one of the artifact's tags; extras say whether it takes what has none"`
	Template       string                `json:"template" doc:"One of /retentions/metadatas, or latestActiveK, lastXDays, nothing"`
}

// RetentionScope is whose artifacts a policy is about.
type RetentionScope struct {
	Level string `json:"level" doc:"project"`
	Ref   int64  `json:"ref" doc:"The project's id"`
}

// RetentionTrigger is when a policy runs by itself.
type RetentionTrigger struct {
	Kind     string            `json:"kind" doc:"Schedule"`
	Settings RetentionSettings `json:"settings"`
}

// RetentionSettings are a schedule.
type RetentionSettings struct {
	Cron              string `json:"cron" doc:"Six fields, seconds first (always 0), UTC; empty: never"`
	NextScheduledTime *Time  `json:"next_scheduled_time,omitempty" readOnly:"true"`
}

// UnmarshalJSON reads what clients send; the next time is not theirs to say.
func (s *RetentionSettings) UnmarshalJSON(text []byte) error {
	var in struct{ Cron string }
	if err := readJSON(text, &in); err != nil {
		return err
	}
	s.Cron = in.Cron
	return nil
}

const (
	retain        = "retain"
	levelOfScope  = "project"
	triggerByTime = "Schedule"
	algorithmOr   = "or"
)

func showRetention(p retention.Policy) RetentionPolicy {
	settings := RetentionSettings{Cron: p.Cron, NextScheduledTime: given(p.NextAt)}
	return RetentionPolicy{
		Algorithm: algorithmOr, ID: p.ID, Rules: shown(p.Rules, showRetentionRule),
		Scope: RetentionScope{Level: levelOfScope, Ref: p.ProjectID}, Trigger: RetentionTrigger{Kind: triggerByTime, Settings: settings}, UpdateTime: Time(p.UpdatedAt),
	}
}

func showRetentionRule(r retention.Rule) RetentionRule {
	params := r.Params
	if params == nil {
		params = map[string]any{}
	}
	return RetentionRule{
		Action: retain, Disabled: r.Disabled, ID: r.ID, Params: params, Priority: r.Priority, Template: r.Template,
		ScopeSelectors: map[string][]Selector{scopeRepository: shown(r.Repositories, showSelector)}, TagSelectors: shown(r.Tags, showSelector),
	}
}

// newRetention is a policy as clients send it.
type newRetention struct {
	Algorithm string            `json:"algorithm,omitempty" doc:"or"`
	ID        int64             `json:"id,omitempty" doc:"Not read"`
	Rules     []RetentionRule   `json:"rules,omitempty"`
	Scope     *RetentionScope   `json:"scope,omitempty"`
	Trigger   *RetentionTrigger `json:"trigger,omitempty"`
}

func (n newRetention) rules() ([]retention.Rule, error) {
	out := make([]retention.Rule, 0, len(n.Rules))
	for _, r := range n.Rules {
		if r.Action != "" && r.Action != retain {
			return nil, fault.Invalid("action", "the action of a retention rule is %s, not %.64q", retain, r.Action)
		}
		for scope := range r.ScopeSelectors {
			if scope != scopeRepository {
				return nil, fault.Invalid("scope_selectors", "scope_selectors select by %s, not by %.64q", scopeRepository, scope)
			}
		}
		out = append(out, retention.Rule{
			ID: r.ID, Priority: r.Priority, Disabled: r.Disabled, Template: r.Template, Params: r.Params,
			Repositories: shown(r.ScopeSelectors[scopeRepository], readSelector), Tags: shown(r.TagSelectors, readSelector),
		})
	}
	return out, nil
}

func (n newRetention) fields() (retention.Fields, error) {
	rules, err := n.rules()
	if err != nil {
		return retention.Fields{}, err
	}
	out := retention.Fields{Algorithm: n.Algorithm, Rules: rules}
	if n.Trigger != nil {
		if n.Trigger.Kind != "" && n.Trigger.Kind != triggerByTime {
			return retention.Fields{}, fault.Invalid("trigger.kind", "trigger.kind is %s or missing, not %.64q", triggerByTime, n.Trigger.Kind)
		}
		out.Cron = n.Trigger.Settings.Cron
	}
	return out, nil
}

// inScopeOf decides about a policy in a body, and returns the project that it is of.
func (s *server) inScopeOf(ctx context.Context, scope *RetentionScope) (int64, error) {
	if scope == nil {
		return 0, fault.Invalid("scope", `scope is missing: give {"level": "project", "ref": …}, the id of a project`)
	}
	if scope.Level != levelOfScope {
		if err := s.inScope(ctx, 0); err != nil {
			return 0, err
		}
		return 0, fault.Invalid("scope.level", "scope %.64s is not support: a policy is of a project", scope.Level)
	}
	if scope.Ref <= 0 {
		return 0, fault.Invalid("scope.ref", "invalid Project id %d", scope.Ref)
	}
	err := s.inScope(ctx, scope.Ref)
	if errors.Is(err, fault.ErrNotFound) {
		return 0, fault.Invalid("scope.ref", "invalid Project id %d", scope.Ref)
	}
	return scope.Ref, err
}

// retentionInScope finds a policy and decides about it.
func (s *server) retentionInScope(ctx context.Context, id int64) (retention.Policy, error) {
	p, err := s.Retention.Get(ctx, id)
	if err != nil {
		return retention.Policy{}, err
	}
	return p, s.inScope(ctx, p.ProjectID)
}

// RetentionMetadata is what policies can be made of.
type RetentionMetadata struct {
	ScopeSelectors []RetentionSelectorMetadata `json:"scope_selectors" nullable:"false"`
	TagSelectors   []RetentionSelectorMetadata `json:"tag_selectors" nullable:"false"`
	Templates      []RetentionRuleMetadata     `json:"templates" nullable:"false"`
}

// RetentionRuleMetadata is a template of rules.
type RetentionRuleMetadata struct {
	Action       string                       `json:"action"`
	DisplayText  string                       `json:"display_text"`
	Params       []RetentionRuleParamMetadata `json:"params" nullable:"false"`
	RuleTemplate string                       `json:"rule_template"`
}

// RetentionRuleParamMetadata is a number of a template.
type RetentionRuleParamMetadata struct {
	Required bool   `json:"required"`
	Type     string `json:"type"`
	Unit     string `json:"unit" doc:"COUNT or DAYS"`
}

// RetentionSelectorMetadata is a kind of selectors.
type RetentionSelectorMetadata struct {
	Decorations []string `json:"decorations" nullable:"false"`
	DisplayText string   `json:"display_text"`
	Kind        string   `json:"kind"`
}

func (s *server) retentionMetadata(context.Context, *struct{}) (*struct{ Body RetentionMetadata }, error) {
	out := RetentionMetadata{
		ScopeSelectors: []RetentionSelectorMetadata{{[]string{selector.RepoMatches, selector.RepoExcludes}, "Repositories", selector.Doublestar}},
		TagSelectors:   []RetentionSelectorMetadata{{[]string{selector.Matches, selector.Excludes}, "Tags", selector.Doublestar}},
	}
	for _, t := range retention.Templates() {
		if !t.Offered {
			continue
		}
		params := []RetentionRuleParamMetadata{}
		if t.Unit != "" {
			params = append(params, RetentionRuleParamMetadata{Required: true, Type: "int", Unit: t.Unit})
		}
		out.Templates = append(out.Templates, RetentionRuleMetadata{Action: retain, DisplayText: t.Text, Params: params, RuleTemplate: t.Name})
	}
	return &struct{ Body RetentionMetadata }{out}, nil
}

func (s *server) createRetention(ctx context.Context, in *struct{ Body newRetention }) (*created, error) {
	projectID, err := s.inScopeOf(ctx, in.Body.Scope)
	if err != nil {
		return nil, err
	}
	fields, err := in.Body.fields()
	if err != nil {
		return nil, err
	}
	p, err := s.Retention.Create(ctx, subject(ctx), projectID, fields)
	if err != nil {
		return nil, err
	}
	return located("retentions", p.ID), nil
}

type RetentionPath struct {
	ID int64 `path:"id"`
}

type retentionOutput struct {
	ETag string `header:"ETag"`
	Body RetentionPolicy
}

func (s *server) getRetention(ctx context.Context, in *RetentionPath) (*retentionOutput, error) {
	p, err := s.retentionInScope(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &retentionOutput{ETag: etag(p.UpdatedAt), Body: showRetention(p)}, nil
}

func (s *server) updateRetention(ctx context.Context, in *struct {
	RetentionPath
	Edition
	Body newRetention
}) (*done, error) {
	p, err := s.retentionInScope(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if scope := in.Body.Scope; scope != nil && (scope.Level != levelOfScope || scope.Ref != p.ProjectID) {
		return nil, fault.NotFound("the retention policy id %d does not match: it is of project %d, and stays so", in.ID, p.ProjectID)
	}
	fields, err := in.Body.fields()
	if err != nil {
		return nil, err
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Retention.Update(ctx, subject(ctx), in.ID, since, fields)
}

func (s *server) deleteRetention(ctx context.Context, in *RetentionPath) (*done, error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Retention.Delete(ctx, subject(ctx), in.ID)
}
