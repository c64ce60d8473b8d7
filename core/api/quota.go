package api

import (
	"context"
	"maps"
	"slices"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/quota"
)

// Quota is how much a project may store and does store.
type Quota struct {
	CreationTime Time         `json:"creation_time"`
	Hard         StorageBytes `json:"hard"`
	ID           int64        `json:"id"`
	Recoverable  StorageBytes `json:"recoverable" doc:"Roadstead's addition: the part of used that only what was deleted and can be restored keeps"`
	Ref          QuotaRef     `json:"ref"`
	UpdateTime   Time         `json:"update_time" doc:"Of the limit"`
	Used         StorageBytes `json:"used"`
}

// QuotaRef is the project that a quota is of.
type QuotaRef struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	OwnerName string `json:"owner_name"`
}

func showQuota(q quota.Quota, recoverable int64) Quota {
	return Quota{
		CreationTime: Time(q.CreatedAt), Hard: StorageBytes{q.Hard}, ID: q.ID, Ref: QuotaRef{ID: q.ID, Name: q.Project, OwnerName: q.Owner},
		UpdateTime: Time(q.UpdatedAt), Used: StorageBytes{q.Used}, Recoverable: StorageBytes{recoverable},
	}
}

type QuotaPath struct {
	ID int64 `path:"id" doc:"The project's"`
}

func (s *server) listQuotas(ctx context.Context, in *struct {
	Paged
	Reference   string `query:"reference" doc:"project, the only kind"`
	ReferenceID string `query:"reference_id" doc:"The project's id"`
}) (*list[Quota], error) {
	rows, err := s.Quotas.List(ctx, quota.Filter{Reference: in.Reference, ReferenceID: in.ReferenceID}, in.page)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows.Items))
	for i, q := range rows.Items {
		ids[i] = q.ID
	}
	kept, err := s.Projects.Recoverable(ctx, ids)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, func(q quota.Quota) Quota { return showQuota(q, kept[q.ID]) }), nil
}

type quotaOutput struct {
	ETag string `header:"ETag"`
	Body Quota
}

func (s *server) getQuota(ctx context.Context, in *QuotaPath) (*quotaOutput, error) {
	q, err := s.Quotas.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	kept, err := s.Projects.Recoverable(ctx, []int64{q.ID})
	if err != nil {
		return nil, err
	}
	return &quotaOutput{ETag: etag(q.UpdatedAt), Body: showQuota(q, kept[q.ID])}, nil
}

type quotaLimit struct {
	Hard map[string]int64 `json:"hard" doc:"storage: bytes, -1 for no limit"`
}

func (s *server) updateQuota(ctx context.Context, in *struct {
	QuotaPath
	Edition
	Body quotaLimit
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	if keys := slices.Sorted(maps.Keys(in.Body.Hard)); !slices.Equal(keys, []string{"storage"}) {
		return nil, fault.Invalid("hard", "hard must be {\"storage\": bytes}: nothing else has a quota")
	}
	return &done{}, s.Quotas.Update(ctx, subject(ctx), in.ID, in.Body.Hard["storage"], since)
}
