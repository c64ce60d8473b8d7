package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// ImmutableRule makes tags immutable, in Harbor's shape.
type ImmutableRule struct {
	Action         string                `json:"action" doc:"immutable"`
	Disabled       bool                  `json:"disabled,omitempty"`
	ID             int64                 `json:"id"`
	ScopeSelectors map[string][]Selector `json:"scope_selectors" doc:"repository: all of these have to match the repository, named without its project"`
	TagSelectors   []Selector            `json:"tag_selectors" doc:"All of these have to match the tag"`
	Template       string                `json:"template" doc:"immutable_template"`
	UpdateTime     Time                  `json:"update_time" doc:"Roadstead's addition, for If-Match"`
}

// Selector matches names.
type Selector struct {
	Decoration string `json:"decoration" doc:"repoMatches or repoExcludes, matches or excludes"`
	Extras     string `json:"extras,omitempty"`
	Kind       string `json:"kind" doc:"doublestar"`
	Pattern    string `json:"pattern"`
}

const (
	immutableAction   = "immutable"
	immutableTemplate = "immutable_template"
	scopeRepository   = "repository"
)

func showRule(r immutable.Rule) ImmutableRule {
	return ImmutableRule{
		Action: immutableAction, Disabled: r.Disabled, ID: r.ID, Template: immutableTemplate, UpdateTime: Time(r.UpdatedAt),
		ScopeSelectors: map[string][]Selector{scopeRepository: shown(r.Repositories, showSelector)},
		TagSelectors:   shown(r.Tags, showSelector),
	}
}

func showSelector(s selector.Selector) Selector {
	return Selector{Decoration: s.Decoration, Extras: s.Extras, Kind: s.Kind, Pattern: s.Pattern}
}

func readSelector(s Selector) selector.Selector {
	return selector.Selector{Decoration: s.Decoration, Extras: s.Extras, Kind: s.Kind, Pattern: s.Pattern}
}

type newImmutableRule struct {
	Action         string                `json:"action,omitempty"`
	Disabled       bool                  `json:"disabled,omitempty"`
	ScopeSelectors map[string][]Selector `json:"scope_selectors"`
	TagSelectors   []Selector            `json:"tag_selectors"`
	Template       string                `json:"template,omitempty"`
}

func (r newImmutableRule) fields() (immutable.Fields, error) {
	switch {
	case r.Action != "" && r.Action != immutableAction:
		return immutable.Fields{}, fault.Invalid("action", "the action of an immutability rule is %s, not %.64q", immutableAction, r.Action)
	case r.Template != "" && r.Template != immutableTemplate:
		return immutable.Fields{}, fault.Invalid("template", "the template of an immutability rule is %s, not %.64q", immutableTemplate, r.Template)
	}
	for scope := range r.ScopeSelectors {
		if scope != scopeRepository {
			return immutable.Fields{}, fault.Invalid("scope_selectors", "scope_selectors select by %s, not by %.64q", scopeRepository, scope)
		}
	}
	return immutable.Fields{
		Disabled: r.Disabled, Repositories: shown(r.ScopeSelectors[scopeRepository], readSelector), Tags: shown(r.TagSelectors, readSelector),
	}, nil
}

func (s *server) listImmutableRules(ctx context.Context, in *struct {
	ProjectPath
	Paged
}) (*list[ImmutableRule], error) {
	rows, err := s.Immutable.List(ctx, access(ctx).ProjectID, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRule), nil
}

func (s *server) createImmutableRule(ctx context.Context, in *struct {
	ProjectPath
	Body newImmutableRule
}) (*created, error) {
	fields, err := in.Body.fields()
	if err != nil {
		return nil, err
	}
	r, err := s.Immutable.Create(ctx, subject(ctx), access(ctx).ProjectID, fields)
	if err != nil {
		return nil, err
	}
	return located("projects", in.Project, "immutabletagrules", r.ID), nil
}

type ImmutableRulePath struct {
	ProjectPath
	ID int64 `path:"immutable_rule_id"`
}

func (s *server) updateImmutableRule(ctx context.Context, in *struct {
	ImmutableRulePath
	Edition
	Body newImmutableRule
}) (*done, error) {
	fields, err := in.Body.fields()
	if err != nil {
		return nil, err
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Immutable.Update(ctx, subject(ctx), access(ctx).ProjectID, in.ID, since, fields)
}

func (s *server) deleteImmutableRule(ctx context.Context, in *ImmutableRulePath) (*done, error) {
	return &done{}, s.Immutable.Delete(ctx, subject(ctx), access(ctx).ProjectID, in.ID)
}
