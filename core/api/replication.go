package api

import (
	"context"
	"net/http"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/replication"
)

// ReplicationPolicy says what to copy between this registry and another one.
type ReplicationPolicy struct {
	Concurrency             int                   `json:"concurrency,omitempty" doc:"Repositories at the same time; missing: as many as there are workers"`
	CopyByChunk             bool                  `json:"copy_by_chunk"`
	CreationTime            Time                  `json:"creation_time"`
	Creator                 string                `json:"creator,omitempty"`
	Deletion                bool                  `json:"deletion,omitempty" doc:"What goes at the source goes at the destination, when the trigger is event_based"`
	Description             string                `json:"description,omitempty"`
	DestNamespace           string                `json:"dest_namespace,omitempty" doc:"Missing: repositories keep their names"`
	DestNamespaceReplace    int                   `json:"dest_namespace_replace_count" doc:"How many components of a name the namespace stands for; -1: all but the last"`
	DestRegistry            *Registry             `json:"dest_registry,omitempty"`
	Enabled                 bool                  `json:"enabled"`
	Filters                 []ReplicationFilter   `json:"filters" nullable:"false"`
	ID                      int64                 `json:"id"`
	LastExecution           *ReplicationExecution `json:"last_execution,omitempty"`
	Name                    string                `json:"name"`
	NextScheduledTime       *Time                 `json:"next_scheduled_time,omitempty"`
	Override                bool                  `json:"override" doc:"A tag that names something else at the destination is moved"`
	ReplicateDeletion       bool                  `json:"replicate_deletion,omitempty" doc:"The same as deletion"`
	SingleActiveReplication bool                  `json:"single_active_replication"`
	Skipped                 string                `json:"skipped,omitempty" doc:"Why the last time of the schedule started nothing"`
	Speed                   int                   `json:"speed" doc:"KB/s of one run; 0: no limit"`
	SrcRegistry             *Registry             `json:"src_registry,omitempty"`
	Trigger                 *ReplicationTrigger   `json:"trigger,omitempty"`
	UpdateTime              Time                  `json:"update_time"`
}

// ReplicationTrigger says when a policy runs.
type ReplicationTrigger struct {
	Settings ReplicationTriggerSettings `json:"trigger_settings"`
	Type     string                     `json:"type" doc:"manual, scheduled or event_based"`
}

// ReplicationTriggerSettings is the schedule.
type ReplicationTriggerSettings struct {
	Cron string `json:"cron,omitempty" doc:"Six fields, seconds first (always 0), UTC"`
}

// ReplicationFilter lets only some artifacts through.
type ReplicationFilter struct {
	Decoration string `json:"decoration,omitempty" doc:"matches or excludes, of tags and labels"`
	Type       string `json:"type" doc:"name, tag, label or resource"`
	Value      any    `json:"value" doc:"A pattern; labels' names; image or artifact"`
}

func showFilter(f replication.Filter) ReplicationFilter {
	out := ReplicationFilter{Decoration: f.Decoration, Type: f.Type, Value: f.Pattern}
	if f.Type == replication.ByLabel {
		out.Value = append([]string{}, f.Labels...)
	}
	return out
}

func readFilter(f ReplicationFilter) (replication.Filter, error) {
	out := replication.Filter{Type: f.Type, Decoration: f.Decoration}
	if f.Type != replication.ByLabel {
		var ok bool
		if out.Pattern, ok = f.Value.(string); !ok {
			return out, fault.Invalid("filters", "the type of filter value isn't string")
		}
		return out, nil
	}
	all, ok := f.Value.([]any)
	for _, v := range all {
		text, isText := v.(string)
		ok = ok && isText
		out.Labels = append(out.Labels, text)
	}
	if !ok {
		return out, fault.Invalid("filters", "the type of label filter value isn't string slice")
	}
	return out, nil
}

// policySides are the other registries, and what is known of their policies besides.
type policySides struct {
	registries map[remote.ID]remote.Endpoint
	local      Registry
	schedules  map[int64]job.Schedule
	latest     map[int64]job.Execution
}

// sidesOf reads what policies are shown with, in three queries however many there are.
func (s *server) sidesOf(ctx context.Context, r *http.Request, policies []replication.Policy) (out policySides, err error) {
	out.local = s.localRegistry(r)
	registries, ids := make([]remote.ID, 0, len(policies)), make([]int64, 0, len(policies))
	for _, p := range policies {
		registries, ids = append(registries, p.RegistryID), append(ids, p.ID)
	}
	if out.registries, err = s.Remote.Named(ctx, registries); err != nil {
		return out, err
	}
	if out.schedules, err = s.Jobs.SchedulesOf(ctx, job.Replication, ids); err != nil {
		return out, err
	}
	out.latest, err = s.Jobs.Latest(ctx, job.Replication, ids)
	return out, err
}

func (s policySides) show(p replication.Policy) ReplicationPolicy {
	out := ReplicationPolicy{
		Concurrency: p.Concurrency, CopyByChunk: p.ByChunk, CreationTime: Time(p.CreatedAt), Creator: p.Creator, Deletion: p.Deletion, Description: p.Description,
		DestNamespace: p.Namespace, DestNamespaceReplace: p.ReplaceCount, Enabled: p.Enabled, Filters: shown(p.Filters, showFilter), ID: p.ID, Name: p.Name,
		Override: p.Override, ReplicateDeletion: p.Deletion, SingleActiveReplication: p.Single, Speed: p.Speed,
		Trigger: &ReplicationTrigger{Type: p.Trigger, Settings: ReplicationTriggerSettings{Cron: p.Cron}}, UpdateTime: Time(p.UpdatedAt),
	}
	far, here := showRegistry(s.registries[p.RegistryID]), s.local
	out.SrcRegistry, out.DestRegistry = &far, &here
	if p.Push {
		out.SrcRegistry, out.DestRegistry = &here, &far
	}
	if next, ok := s.schedules[p.ID]; ok {
		out.NextScheduledTime, out.Skipped = given(&next.NextAt), next.Skipped
	}
	if e, ok := s.latest[p.ID]; ok {
		last := showReplication(e)
		out.LastExecution = &last
	}
	return out
}

// ReplicationPolicyBody is what clients send. Harbor's portal and others send all of what
// they were shown back: what is not theirs to say is not looked at.
type ReplicationPolicyBody struct {
	Concurrency             int                 `json:"concurrency,omitempty" doc:"Repositories at the same time; 0: as many as there are workers"`
	CopyByChunk             *bool               `json:"copy_by_chunk,omitempty"`
	Deletion                bool                `json:"deletion,omitempty"`
	Description             string              `json:"description,omitempty"`
	DestNamespace           string              `json:"dest_namespace,omitempty"`
	DestNamespaceReplace    *int                `json:"dest_namespace_replace_count,omitempty" doc:"-1 when it is missing"`
	DestRegistry            *registryID         `json:"dest_registry,omitempty" doc:"Missing, or 0: this registry"`
	Enabled                 bool                `json:"enabled,omitempty"`
	Filters                 []ReplicationFilter `json:"filters,omitempty"`
	Name                    string              `json:"name"`
	Override                bool                `json:"override,omitempty"`
	ReplicateDeletion       bool                `json:"replicate_deletion,omitempty" doc:"The same as deletion"`
	SingleActiveReplication *bool               `json:"single_active_replication,omitempty"`
	Speed                   *int                `json:"speed,omitempty" doc:"KB/s; 0 and -1: no limit"`
	SrcRegistry             *registryID         `json:"src_registry,omitempty" doc:"Missing, or 0: this registry"`
	Trigger                 *ReplicationTrigger `json:"trigger,omitempty" doc:"manual when it is missing"`
}

type registryID struct {
	ID int64 `json:"id"`
}

func (r *registryID) id() int64 {
	if r == nil {
		return 0
	}
	return r.ID
}

func (b ReplicationPolicyBody) policy() (replication.Policy, error) {
	src, dst := b.SrcRegistry.id(), b.DestRegistry.id()
	if (src == 0) == (dst == 0) || src < 0 || dst < 0 {
		return replication.Policy{}, fault.Invalid("dest_registry", "either src_registry or dest_registry should be empty and the other one shouldn't be empty")
	}
	out := replication.Policy{
		Name: b.Name, Description: b.Description, RegistryID: src + dst, Push: dst != 0, Namespace: b.DestNamespace, ReplaceCount: -1,
		Trigger: replication.Manual, Deletion: b.Deletion || b.ReplicateDeletion, Override: b.Override, Enabled: b.Enabled,
		ByChunk: b.CopyByChunk != nil && *b.CopyByChunk, Single: b.SingleActiveReplication != nil && *b.SingleActiveReplication, Concurrency: b.Concurrency,
		Filters: replication.Filters{},
	}
	if b.DestNamespaceReplace != nil {
		out.ReplaceCount = *b.DestNamespaceReplace
	}
	if b.Speed != nil {
		out.Speed = max(0, *b.Speed)
	}
	if b.Trigger != nil {
		out.Trigger = b.Trigger.Type
		if out.Trigger == replication.Scheduled {
			out.Cron = b.Trigger.Settings.Cron
		}
	}
	for _, f := range b.Filters {
		read, err := readFilter(f)
		if err != nil {
			return replication.Policy{}, err
		}
		out.Filters = append(out.Filters, read)
	}
	return out, nil
}

// UnmarshalJSON takes settings that are null for empty, as some clients send them.
func (t *ReplicationTrigger) UnmarshalJSON(text []byte) error {
	var in struct {
		Type     string                      `json:"type"`
		Settings *ReplicationTriggerSettings `json:"trigger_settings"`
	}
	if err := readJSON(text, &in); err != nil {
		return err
	}
	t.Type = in.Type
	if in.Settings != nil {
		t.Settings = *in.Settings
	}
	return nil
}

type ReplicationPath struct {
	ID int64 `path:"id"`
}

func (s *server) listReplicationPolicies(ctx context.Context, in *struct {
	Paged
	Requested
	Name string `query:"name" maxLength:"256" doc:"Part of the name"`
}) (*list[ReplicationPolicy], error) {
	p := in.page
	if in.Name != "" {
		p.Query.Terms = append(p.Query.Terms, page.Term{Key: "name", Op: page.Fuzzy, Values: []string{in.Name}})
	}
	rows, err := s.Replications.List(ctx, p)
	if err != nil {
		return nil, err
	}
	sides, err := s.sidesOf(ctx, in.request, rows.Items)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, sides.show), nil
}

type replicationPolicyOutput struct {
	ETag string `header:"ETag"`
	Body ReplicationPolicy
}

func (s *server) getReplicationPolicy(ctx context.Context, in *struct {
	ReplicationPath
	Requested
}) (*replicationPolicyOutput, error) {
	p, err := s.Replications.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sides, err := s.sidesOf(ctx, in.request, []replication.Policy{p})
	if err != nil {
		return nil, err
	}
	return &replicationPolicyOutput{etag(p.UpdatedAt), sides.show(p)}, nil
}

// localRegistry is this registry as policies show their other side.
func (s *server) localRegistry(r *http.Request) Registry {
	where := s.ExternalURL(r)
	return Registry{
		Credential: RegistryCredential{AccessSecret: remote.Masked, Type: "secret"}, Insecure: where.Scheme != "https", Name: "Local", Status: "healthy", Type: "harbor",
		URL: where.String(),
	}
}

func (s *server) createReplicationPolicy(ctx context.Context, in *struct{ Body ReplicationPolicyBody }) (*created, error) {
	p, err := in.Body.policy()
	if err != nil {
		return nil, err
	}
	if p, err = s.Replications.Create(ctx, subject(ctx), p); err != nil {
		return nil, err
	}
	return located("replication", "policies", p.ID), nil
}

func (s *server) updateReplicationPolicy(ctx context.Context, in *struct {
	ReplicationPath
	Edition
	Body ReplicationPolicyBody
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	p, err := in.Body.policy()
	if err != nil {
		return nil, err
	}
	p.ID = in.ID
	return &done{}, s.Replications.Update(ctx, subject(ctx), p, since)
}

func (s *server) deleteReplicationPolicy(ctx context.Context, in *ReplicationPath) (*done, error) {
	return &done{}, s.Replications.Delete(ctx, subject(ctx), in.ID)
}

// ReplicationPreview is what a policy would copy if it ran now.
type ReplicationPreview struct {
	Artifacts    int                `json:"artifacts"`
	Matches      []ReplicationMatch `json:"matches" nullable:"false" doc:"The first hundred"`
	Repositories int                `json:"repositories"`
	Truncated    bool               `json:"truncated" doc:"There is more than was looked at in the time that there is"`
}

// ReplicationMatch is a repository that a policy would copy.
type ReplicationMatch struct {
	Artifacts   int      `json:"artifacts"`
	Collides    string   `json:"collides,omitempty" doc:"Another repository that would be copied to the same one"`
	Destination string   `json:"destination,omitempty"`
	Problem     string   `json:"problem,omitempty" doc:"Why it could not be copied"`
	References  []string `json:"references" nullable:"false" doc:"The first ten tags, or digests of what has none"`
	Source      string   `json:"source"`
}

func (s *server) previewReplication(ctx context.Context, in *struct{ Body ReplicationPolicyBody }) (*struct{ Body ReplicationPreview }, error) {
	p, err := in.Body.policy()
	if err != nil {
		return nil, err
	}
	found, err := s.Replications.Preview(ctx, p)
	if err != nil {
		return nil, err
	}
	return &struct{ Body ReplicationPreview }{ReplicationPreview{
		Artifacts: found.Artifacts, Repositories: found.Repositories, Truncated: found.Truncated,
		Matches: shown(found.Matches, func(m replication.Match) ReplicationMatch {
			return ReplicationMatch{
				Artifacts: m.Artifacts, Collides: m.Collides, Destination: m.Destination, Problem: m.Problem,
				References: append([]string{}, m.References...), Source: m.Source,
			}
		}),
	}}, nil
}
