package api

import (
	"context"
	"encoding/json"

	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
)

// StorageAmount is how many things there are, and their bytes.
type StorageAmount struct {
	Bytes int64 `json:"bytes"`
	Count int64 `json:"count"`
}

func showAmount(a gc.Amount) StorageAmount { return StorageAmount{Bytes: a.Bytes, Count: a.Count} }

// StorageFreed is what garbage collection has removed.
type StorageFreed struct {
	Artifacts int64 `json:"artifacts"`
	Blobs     int64 `json:"blobs" doc:"Without manifests"`
	Bytes     int64 `json:"bytes"`
	Manifests int64 `json:"manifests"`
}

func showFreed(f gc.Freed) StorageFreed {
	return StorageFreed{Artifacts: f.Artifacts, Blobs: f.Blobs, Bytes: f.Bytes, Manifests: f.Manifests}
}

// StorageSummary is the state of the storage and of what frees it.
type StorageSummary struct {
	Bin         StorageAmount `json:"bin" doc:"Deleted artifacts that can still be restored; what they share is counted for each"`
	Damaged     int64         `json:"damaged" doc:"Findings of this kind"`
	Due         StorageAmount `json:"due" doc:"Of the blobs that wait, those whose time has come"`
	DueSince    *Time         `json:"due_since,omitempty" doc:"Since when the first of all that is due waits"`
	FreedMonth  StorageFreed  `json:"freed_30_days"`
	FreedToday  StorageFreed  `json:"freed_today"`
	LastCheck   *ExecHistory  `json:"last_check,omitempty" doc:"The newest check of the storage"`
	LastRun     *ExecHistory  `json:"last_run,omitempty" doc:"The newest run of garbage collection that was started or scheduled"`
	Missing     int64         `json:"missing" doc:"Findings of this kind"`
	Paused      bool          `json:"paused" doc:"Garbage collection that goes on by itself rests: its queue is paused, or the system is read only"`
	Stored      int64         `json:"stored" doc:"What projects hold, bytes; what they share is counted for each"`
	Waiting     StorageAmount `json:"waiting" doc:"Blobs that nothing names any more, until the end of a lease or their turn"`
	WaitingLink int64         `json:"waiting_links" doc:"Links of repositories to blobs that are to be looked at"`
}

func (s *server) getStorage(ctx context.Context, _ *struct{}) (*struct{ Body StorageSummary }, error) {
	sum, err := s.Garbage.Summary(ctx)
	if err != nil {
		return nil, err
	}
	out := StorageSummary{
		Bin: showAmount(sum.Bin), Damaged: sum.Damaged, Due: showAmount(sum.Due), DueSince: given(sum.Oldest), FreedMonth: showFreed(sum.Month),
		FreedToday: showFreed(sum.Today), Missing: sum.Missing, Waiting: showAmount(sum.Blobs), WaitingLink: sum.Links.Count,
	}
	who := subject(ctx)
	who.SysAdmin = true // for this one number: the operation's permission is the system's
	counts, err := s.Stats.Count(ctx, who)
	if err != nil {
		return nil, err
	}
	out.Stored = counts.StorageBytes
	if out.Paused, err = s.Garbage.Resting(ctx); err != nil {
		return nil, err
	}
	for kind, show := range map[string]struct {
		into **ExecHistory
		as   func(job.Execution) ExecHistory
	}{
		job.GarbageCollection: {&out.LastRun, showCollectionRun},
		job.CheckStorage:      {&out.LastCheck, showCheck},
	} {
		last, err := s.Jobs.List(ctx, job.Filter{Kind: kind}, page.Page{Number: 1, Size: 1})
		if err != nil {
			return nil, err
		}
		if len(last.Items) > 0 {
			e := show.as(last.Items[0])
			*show.into = &e
		}
	}
	return &struct{ Body StorageSummary }{out}, nil
}

// StorageFinding is a blob of the index that the storage has not, or has with other bytes.
type StorageFinding struct {
	ArtifactCount int64            `json:"artifact_count" doc:"How many artifacts cannot be pulled because of it"`
	Artifacts     []BrokenArtifact `json:"artifacts" nullable:"false" doc:"The newest of them"`
	Detail        string           `json:"detail"`
	Digest        string           `json:"digest"`
	FoundAt       Time             `json:"found_at"`
	Kind          string           `json:"kind" doc:"missing or damaged"`
	SeenAt        Time             `json:"seen_at" doc:"When it was found last"`
	Size          int64            `json:"size"`
}

// BrokenArtifact is an artifact that cannot be pulled.
type BrokenArtifact struct {
	Digest         string `json:"digest"`
	RepositoryName string `json:"repository_name" doc:"With the project"`
	Tag            string `json:"tag,omitempty" doc:"One of its tags"`
}

func showFinding(f gc.Finding) StorageFinding {
	return StorageFinding{
		ArtifactCount: f.Artifacts, Detail: f.Detail, Digest: f.Digest, FoundAt: Time(f.FoundAt), Kind: f.Kind, SeenAt: Time(f.SeenAt), Size: f.Size,
		Artifacts: shown(f.Broken, func(b gc.Broken) BrokenArtifact {
			return BrokenArtifact{Digest: b.Digest, RepositoryName: b.Repository, Tag: b.Tag}
		}),
	}
}

func (s *server) listFindings(ctx context.Context, in *struct{ Paged }) (*list[StorageFinding], error) {
	rows, err := s.Garbage.Findings(ctx, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showFinding), nil
}

// showCheck is a check as Harbor shows runs: its result is added to its parameters.
func showCheck(e job.Execution) ExecHistory { return showHistory(e, merged(e.Parameters, e.Result)) }

func merged(parameters job.JSON, result *job.JSON) string {
	all := object(parameters)
	for k, v := range objectOf(result) {
		all[k] = v
	}
	text, _ := json.Marshal(all) // numbers and text
	return string(text)
}

// readCheck reads the parameters of a check.
func readCheck(in map[string]any) func() (job.Args, error) {
	return func() (job.Args, error) {
		var args job.CheckStorageArgs
		var err error
		if args.Verify, err = yes(in, "verify"); err != nil {
			return nil, err
		}
		if args.Force, err = yes(in, "force"); err != nil {
			return nil, err
		}
		if args.Rate, err = whole(in, "rate", gc.DefaultRate); err != nil {
			return nil, err
		}
		return args, gc.CheckCheck(args)
	}
}

func (s *server) listChecks(ctx context.Context, in *struct{ Paged }) (*list[ExecHistory], error) {
	rows, err := s.Jobs.List(ctx, job.Filter{Kind: job.CheckStorage}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showCheck), nil
}

func (s *server) getCheckSchedule(ctx context.Context, _ *struct{}) (*struct{ Body *ExecHistory }, error) {
	return s.scheduleOf(ctx, job.CheckStorage, func(parameters job.JSON) string { return merged(parameters, nil) })
}

func (s *server) createCheckSchedule(ctx context.Context, in *struct{ Body Schedule }) (*created, error) {
	id, err := s.apply(ctx, in.Body, job.CheckStorage, readCheck(in.Body.Parameters))
	if err != nil {
		return nil, err
	}
	return located("jobservice", "executions", id), nil
}

func (s *server) updateCheckSchedule(ctx context.Context, in *struct{ Body Schedule }) (*done, error) {
	_, err := s.apply(ctx, in.Body, job.CheckStorage, readCheck(in.Body.Parameters))
	return &done{}, err
}
