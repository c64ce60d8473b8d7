package api

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// TagMove is one change of a tag.
type TagMove struct {
	Cause    string        `json:"cause" doc:"push, retag, copy, restore, delete, delete-artifact, delete-repository, retention, replication, untagged, expire"`
	From     *PastArtifact `json:"from,omitempty" doc:"What the tag pointed at before; missing when it was made"`
	ID       int64         `json:"id"`
	OpTime   Time          `json:"op_time"`
	Operator string        `json:"operator"`
	Tag      string        `json:"tag"`
	To       *PastArtifact `json:"to,omitempty" doc:"What it points at from then on; missing when it was removed"`
}

// PastArtifact is an artifact that a tag has pointed at.
type PastArtifact struct {
	ArtifactID      int64  `json:"artifact_id"`
	Digest          string `json:"digest" doc:"Empty when it is not known any more"`
	RestorableUntil *Time  `json:"restorable_until,omitempty" doc:"In the recycle bin"`
	State           string `json:"state" enum:"alive,bin,purged"`
}

func showMove(m artifact.Move) TagMove {
	return TagMove{
		Cause: string(m.Cause), From: showPast(m.From), ID: m.ID, OpTime: Time(m.At), Operator: m.By, Tag: m.Tag, To: showPast(m.To),
	}
}

func showPast(p *artifact.Past) *PastArtifact {
	if p == nil {
		return nil
	}
	out := &PastArtifact{ArtifactID: p.ArtifactID, Digest: p.Digest, State: string(p.State)}
	if p.Until != nil {
		at := Time(*p.Until)
		out.RestorableUntil = &at
	}
	return out
}

type TagPath struct {
	RepositoryPath
	Tag string `path:"tag_name"`
}

func (s *server) listRepositoryHistory(ctx context.Context, in *struct {
	RepositoryPath
	Paged
}) (*list[TagMove], error) {
	return s.history(ctx, in.Paged, in.Repository, "")
}

func (s *server) listTagHistory(ctx context.Context, in *struct {
	TagPath
	Paged
}) (*list[TagMove], error) {
	return s.history(ctx, in.Paged, in.Repository, in.Tag)
}

func (s *server) history(ctx context.Context, in Paged, repository, tag string) (*list[TagMove], error) {
	rows, err := s.Artifacts.History(ctx, access(ctx).Name, repository, tag, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showMove), nil
}

type tagRestore struct {
	Digest string `json:"digest" doc:"Of an artifact that the tag has pointed at"`
}

// TagRestored is what restoring a tag has done.
type TagRestored struct {
	From    string `json:"from,omitempty" doc:"The digest that it pointed at; missing when it was not there"`
	Revived bool   `json:"revived" doc:"The artifact came back from the recycle bin"`
	To      string `json:"to"`
}

func (s *server) restoreTag(ctx context.Context, in *struct {
	TagPath
	Body tagRestore
}) (*struct{ Body TagRestored }, error) {
	ref, err := oci.ParseReference(in.Body.Digest)
	if err != nil || !ref.IsDigest() {
		return nil, fault.Invalid("digest", "digest must be the digest of an artifact that the tag has pointed at, as its history tells it")
	}
	a, who := access(ctx), subject(ctx)
	fromBin := s.Projects.Allowed(a, who, rbac.On(rbac.RecycleBin, rbac.Update))
	done, err := s.Artifacts.RestoreTag(ctx, who, a.Name, in.Repository, in.Tag, ref.Digest, fromBin)
	if err != nil {
		return nil, err
	}
	return &struct{ Body TagRestored }{TagRestored{From: done.From, Revived: done.Revived, To: done.To}}, nil
}

type tagExpiration struct {
	ExpireTime *string `json:"expire_time" doc:"RFC 3339; null for never"`
}

func (s *server) setTagExpiration(ctx context.Context, in *struct {
	TagPath
	Body tagExpiration
}) (*done, error) {
	var at *time.Time
	if in.Body.ExpireTime != nil {
		t, err := time.Parse(time.RFC3339, *in.Body.ExpireTime)
		if err != nil {
			return nil, fault.Invalid("expire_time", "expire_time must be a time as 2026-12-31T12:00:00Z, or null for never")
		}
		at = &t
	}
	return &done{}, s.Artifacts.SetTagExpiry(ctx, subject(ctx), access(ctx).Name, in.Repository, in.Tag, at)
}

// RepositoryRestore is what restoring a repository to a time does, or has done.
type RepositoryRestore struct {
	At       Time        `json:"at"`
	Changes  []TagChange `json:"changes" nullable:"false" doc:"The first 1,000 of them, by tag"`
	Created  int64       `json:"created" doc:"Tags that come back"`
	Deleted  int64       `json:"deleted" doc:"Tags that go"`
	Kept     int64       `json:"kept" doc:"Tags that an immutability rule keeps as they are"`
	Lost     int64       `json:"lost" doc:"Tags that stay as they are because what they pointed at was deleted for ever"`
	Moved    int64       `json:"moved"`
	Revived  int64       `json:"revived" doc:"Artifacts that come back from the recycle bin"`
	Complete bool        `json:"complete" doc:"All changes are listed"`
}

// TagChange is what happens to one tag.
type TagChange struct {
	Effect string `json:"effect" enum:"move,create,delete,purged,immutable"`
	From   string `json:"from,omitempty" doc:"The digest now"`
	Tag    string `json:"tag"`
	To     string `json:"to,omitempty" doc:"The digest then"`
}

func showPlan(p artifact.Planned) *struct{ Body RepositoryRestore } {
	var all int64
	for _, n := range p.Counts {
		all += n
	}
	return &struct{ Body RepositoryRestore }{RepositoryRestore{
		At: Time(p.At), Created: p.Counts[artifact.ComesBack], Deleted: p.Counts[artifact.Goes], Kept: p.Counts[artifact.Kept],
		Lost: p.Counts[artifact.Lost], Moved: p.Counts[artifact.Moves], Revived: p.Revived, Complete: all == int64(len(p.Changes)),
		Changes: shown(p.Changes, func(c artifact.PlannedChange) TagChange {
			return TagChange{Effect: string(c.Effect), From: c.From, Tag: c.Tag, To: c.To}
		}),
	}}
}

func pastTime(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fault.Invalid("at", "at must be a time in the past, as 2026-01-31T12:00:00Z")
	}
	return at, nil
}

func (s *server) planRepositoryRestore(ctx context.Context, in *struct {
	RepositoryPath
	At string `query:"at" doc:"RFC 3339"`
}) (*struct{ Body RepositoryRestore }, error) {
	at, err := pastTime(in.At)
	if err != nil {
		return nil, err
	}
	p, err := s.Artifacts.PlanRestore(ctx, access(ctx).Name, in.Repository, at)
	if err != nil {
		return nil, err
	}
	return showPlan(p), nil
}

type repositoryRestoring struct {
	At string `json:"at" doc:"RFC 3339"`
}

func (s *server) restoreRepository(ctx context.Context, in *struct {
	RepositoryPath
	Body repositoryRestoring
}) (*struct{ Body RepositoryRestore }, error) {
	at, err := pastTime(in.Body.At)
	if err != nil {
		return nil, err
	}
	p, err := s.Artifacts.RestoreRepository(ctx, subject(ctx), access(ctx).Name, in.Repository, at)
	if err != nil {
		return nil, err
	}
	return showPlan(p), nil
}
