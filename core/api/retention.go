package api

import (
	"context"
	"errors"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
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

// RetentionExecution is a run of a policy.
type RetentionExecution struct {
	DryRun    bool   `json:"dry_run"`
	EndTime   string `json:"end_time" doc:"In the year 1 while it has not ended"`
	ID        int64  `json:"id"`
	PolicyID  int64  `json:"policy_id"`
	StartTime string `json:"start_time"`
	Status    string `json:"status" doc:"Pending, Running, Stopped, Error or Success"`
	Trigger   string `json:"trigger" doc:"MANUAL or SCHEDULE"`
}

// retentionTime is a time as Harbor writes it here: as exactly as it is known.
func retentionTime(t *time.Time) string {
	if t == nil {
		return time.Time{}.Format(time.RFC3339Nano)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func showRetentionExecution(e job.Execution) RetentionExecution {
	var args job.RetentionArgs
	_ = e.Parameters.Into(&args) // the program wrote it
	trigger, _ := showTrigger(e)
	return RetentionExecution{
		DryRun: args.DryRun, EndTime: retentionTime(e.EndedAt), ID: e.ID, PolicyID: e.SubjectID, StartTime: retentionTime(&e.CreatedAt),
		Status: e.Status, Trigger: trigger,
	}
}

func (s *server) triggerRetention(ctx context.Context, in *struct {
	RetentionPath
	Body struct {
		DryRun bool `json:"dry_run,omitempty" doc:"Count and log, delete nothing"`
	}
}) (*created, error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return nil, err
	}
	e, err := s.Retention.Start(ctx, subject(ctx), in.ID, in.Body.DryRun)
	if err != nil {
		return nil, err
	}
	return located("retentions", in.ID, "executions", e.ID), nil
}

func (s *server) listRetentionExecutions(ctx context.Context, in *struct {
	RetentionPath
	Paged
}) (*list[RetentionExecution], error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return nil, err
	}
	rows, err := s.Jobs.List(ctx, job.Filter{Kind: job.Retention, SubjectID: &in.ID}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRetentionExecution), nil
}

type RetentionExecutionPath struct {
	RetentionPath
	ExecutionID int64 `path:"eid"`
}

// retentionExecution finds a run of a policy and decides about it.
func (s *server) retentionExecution(ctx context.Context, in RetentionExecutionPath) (job.Execution, error) {
	if _, err := s.retentionInScope(ctx, in.ID); err != nil {
		return job.Execution{}, err
	}
	return s.Retention.Execution(ctx, in.ID, in.ExecutionID)
}

func (s *server) operateRetention(ctx context.Context, in *struct {
	RetentionExecutionPath
	Body struct {
		Action string `json:"action" doc:"stop"`
	}
}) (*done, error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	if in.Body.Action != "stop" {
		return nil, fault.Invalid("action", "action should be 'stop'")
	}
	return &done{}, s.Jobs.Stop(ctx, subject(ctx), job.Retention, e.ID)
}

// RetentionTask is the part of a run that is about one repository.
type RetentionTask struct {
	EndTime     string `json:"end_time" doc:"In the year 1 while it has not ended"`
	ExecutionID int64  `json:"execution_id"`
	ID          int64  `json:"id"`
	JobID       string `json:"job_id"`
	Message     string `json:"status_message,omitempty" doc:"Why it failed"`
	Repository  string `json:"repository" doc:"Without the project"`
	Retained    int64  `json:"retained"`
	StartTime   string `json:"start_time"`
	Status      string `json:"status"`
	StatusCode  int    `json:"status_code" doc:"0 Pending, 1 Scheduled, 2 Running, 3 ended"`
	Total       int64  `json:"total" doc:"Artifacts that rules looked at"`
}

func showRetentionTask(t job.Task) RetentionTask {
	var args job.RetentionArgs
	_ = t.Parameters.Into(&args) // the program wrote it
	var counts retention.Counts
	if t.Result != nil {
		_ = t.Result.Into(&counts) // the program wrote it
	}
	return RetentionTask{
		EndTime: retentionTime(t.EndedAt), ExecutionID: t.ExecutionID, ID: t.ID, JobID: t.JobID, Message: t.Error, Repository: args.Repository,
		Retained: counts.Retained, StartTime: retentionTime(&t.CreatedAt), Status: t.Status, StatusCode: statusCode(t.Status), Total: counts.Total,
	}
}

// statusCode is Harbor's number of a state.
func statusCode(status string) int {
	switch status {
	case job.Pending:
		return 0
	case job.Scheduled:
		return 1
	case job.Running:
		return 2
	}
	return 3
}

func (s *server) listRetentionTasks(ctx context.Context, in *struct {
	RetentionExecutionPath
	Paged
}) (*list[RetentionTask], error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	rows, err := s.Jobs.SpreadTasks(ctx, e.ID, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRetentionTask), nil
}

func (s *server) retentionLog(ctx context.Context, in *struct {
	RetentionExecutionPath
	TaskID int64 `path:"tid"`
}) (*textOutput, error) {
	e, err := s.retentionExecution(ctx, in.RetentionExecutionPath)
	if err != nil {
		return nil, err
	}
	t, err := s.Jobs.TaskOf(ctx, e.ID, in.TaskID)
	if err != nil {
		return nil, err
	}
	return plainText(s.Jobs.Log(ctx, t.JobID))
}

// RetentionPreview is what a policy would do now.
type RetentionPreview struct {
	Along        int64             `json:"along" doc:"Besides: what refers to what is deleted, and what only deleted indexes consist of"`
	Bytes        int64             `json:"bytes" doc:"Of blobs that no artifact of the project has any more then; they are free when nothing can be restored any longer"`
	Deleted      int64             `json:"deleted" doc:"Of total"`
	Immutable    int64             `json:"immutable" doc:"Of total: stay for an immutable tag"`
	Items        []RetentionDoomed `json:"items" nullable:"false" doc:"One page of what is deleted, by repository, the newest push first"`
	Listed       int64             `json:"listed" doc:"Of total: stay because an index that stays consists of them"`
	Repositories int64             `json:"repositories" doc:"That rules are about"`
	Retained     int64             `json:"retained" doc:"Of total"`
	Total        int64             `json:"total" doc:"Artifacts in these repositories"`
}

// RetentionDoomed is an artifact that would be deleted.
type RetentionDoomed struct {
	Digest     string   `json:"digest"`
	Kind       string   `json:"kind"`
	PullTime   *Time    `json:"pull_time,omitempty"`
	PushTime   Time     `json:"push_time" doc:"The last push, of it or of a tag of it"`
	Repository string   `json:"repository" doc:"Without the project"`
	Rules      []int    `json:"rules" nullable:"false" doc:"Which rules of the policy, from 0, looked at it and do not keep it; none: no rule is about its tags"`
	Size       int64    `json:"size"`
	TagCount   int64    `json:"tag_count"`
	Tags       []string `json:"tags" nullable:"false" doc:"The newest 20"`
}

func showPreview(p retention.Preview) RetentionPreview {
	return RetentionPreview{
		Along: p.Along, Bytes: p.Bytes, Deleted: p.Deleted, Immutable: p.Immutable, Items: shown(p.Items, showDoomed), Listed: p.Listed,
		Repositories: p.Repositories, Retained: p.Artifacts - p.Deleted, Total: p.Artifacts,
	}
}

func showDoomed(d retention.Doomed) RetentionDoomed {
	out := RetentionDoomed{
		Digest: d.Digest, Kind: d.Kind, PullTime: given(d.PulledAt), PushTime: Time(d.PushedAt), Repository: d.Repository, Rules: []int{},
		Size: d.Size, TagCount: d.TagCount, Tags: append([]string{}, d.Tags...),
	}
	for i := range retention.MaxRules {
		if d.Looked&(1<<i) != 0 {
			out.Rules = append(out.Rules, i)
		}
	}
	return out
}

type previewOutput struct {
	Total int64  `header:"X-Total-Count" doc:"How many would be deleted"`
	Link  string `header:"Link" doc:"The previous and the next page"`
	Body  RetentionPreview
}

func (s *server) preview(ctx context.Context, in Paged, projectID int64, rules []retention.Rule) (*previewOutput, error) {
	p, err := s.Retention.Preview(ctx, projectID, rules, in.page)
	if err != nil {
		return nil, err
	}
	return &previewOutput{Total: p.Deleted, Link: in.page.Links(&in.url, p.Deleted), Body: showPreview(p)}, nil
}

func (s *server) previewRetention(ctx context.Context, in *struct {
	Paged
	Body newRetention
}) (*previewOutput, error) {
	projectID, err := s.inScopeOf(ctx, in.Body.Scope)
	if err != nil {
		return nil, err
	}
	rules, err := in.Body.rules()
	if err != nil {
		return nil, err
	}
	return s.preview(ctx, in.Paged, projectID, rules)
}

func (s *server) previewSavedRetention(ctx context.Context, in *struct {
	RetentionPath
	Paged
}) (*previewOutput, error) {
	p, err := s.retentionInScope(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.preview(ctx, in.Paged, p.ProjectID, p.Rules)
}
