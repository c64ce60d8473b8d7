package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/retention"
)

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
