package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
)

// collectParameters are a collection's in Harbor's words. What only a run has is nil in
// a schedule.
type collectParameters struct {
	DeleteTag         bool   `json:"delete_tag"` // Harbor's, for registries before its 2.0
	DeleteUntagged    bool   `json:"delete_untagged"`
	DryRun            *bool  `json:"dry_run,omitempty"`
	EmptyBin          bool   `json:"empty_bin,omitempty"`
	EmptiedArtifacts  *int64 `json:"emptied_artifacts,omitempty"`
	FreedSpace        *int64 `json:"freed_space,omitempty"`
	PurgedArtifacts   *int64 `json:"purged_artifacts,omitempty"`
	PurgedBlobs       *int64 `json:"purged_blobs,omitempty"`
	PurgedManifests   *int64 `json:"purged_manifests,omitempty"`
	TimeWindow        *int64 `json:"time_window,omitempty"` // hours that an upload is kept without a manifest
	UntaggedArtifacts *int64 `json:"untagged_artifacts,omitempty"`
	Workers           int    `json:"workers"`
}

// showCollection writes parameters, and the result once there is one, as the text in
// which Harbor has them.
func showCollection(parameters job.JSON, result *job.JSON, run bool) string {
	var args job.CollectArgs
	_ = parameters.Into(&args) // the program wrote it
	out := collectParameters{DeleteUntagged: args.DeleteUntagged, EmptyBin: args.EmptyBin, Workers: args.Workers}
	if run {
		window := int64(artifact.Lease.Hours())
		out.DryRun, out.TimeWindow = &args.DryRun, &window
	}
	if result != nil {
		_ = result.Into(&out)
	}
	text, _ := json.Marshal(out) // numbers and text
	return string(text)
}

func showCollectionRun(e job.Execution) ExecHistory {
	return showHistory(e, showCollection(e.Parameters, e.Result, true))
}

// whole reads a number that has to be a whole one, or a default when it is missing.
func whole(in map[string]any, key string, otherwise int64) (int64, error) {
	v, given := in[key]
	if !given {
		return otherwise, nil
	}
	n, ok := v.(float64)
	if !ok || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32*1024 {
		return 0, fault.Invalid(key, "%s should be a whole number", key)
	}
	return int64(n), nil
}

// yes reads a parameter that is true or false; a missing one is false.
func yes(in map[string]any, key string) (bool, error) {
	v, given := in[key]
	is, ok := v.(bool)
	if given && !ok {
		return false, fault.Invalid(key, "%s should be true or false", key)
	}
	return is, nil
}

// readCollection reads the parameters. To empty the recycle bin is more than to
// collect: what is in it cannot be restored then.
func (s *server) readCollection(ctx context.Context, in map[string]any) func() (job.Args, error) {
	return func() (job.Args, error) {
		var args job.CollectArgs
		var tags bool
		for key, into := range map[string]*bool{"delete_untagged": &args.DeleteUntagged, "dry_run": &args.DryRun, "empty_bin": &args.EmptyBin, "delete_tag": &tags} {
			var err error
			if *into, err = yes(in, key); err != nil {
				return nil, err
			}
		}
		if tags {
			return nil, fault.Invalid("delete_tag", "delete_tag is not supported: a tag goes with its artifact, or by a retention policy")
		}
		n, err := whole(in, "workers", 1)
		if err != nil {
			return nil, err
		}
		args.Workers = int(n)
		if args.EmptyBin && !subject(ctx).SysAdmin {
			return nil, fault.Forbidden("only a system administrator can empty the recycle bin: leave out empty_bin, or ask one")
		}
		return args, gc.CheckRun(args)
	}
}

type CollectionPath struct {
	ID int64 `path:"gc_id"`
}

func (s *server) listCollections(ctx context.Context, in *struct{ Paged }) (*list[ExecHistory], error) {
	rows, err := s.Jobs.List(ctx, job.Filter{Kind: job.GarbageCollection}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showCollectionRun), nil
}

// collection is a run of garbage collection, or Harbor's words for that there is none.
func (s *server) collection(ctx context.Context, id int64) (job.Execution, error) {
	e, err := s.Jobs.Get(ctx, job.GarbageCollection, id)
	if errors.Is(err, fault.ErrNotFound) {
		return e, fault.NotFound("garbage collection execution %d not found", id)
	}
	return e, err
}

func (s *server) getCollection(ctx context.Context, in *CollectionPath) (*struct{ Body ExecHistory }, error) {
	e, err := s.collection(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body ExecHistory }{showCollectionRun(e)}, nil
}

func (s *server) stopCollection(ctx context.Context, in *CollectionPath) (*done, error) {
	if _, err := s.collection(ctx, in.ID); err != nil {
		return nil, err
	}
	return &done{}, s.Jobs.Stop(ctx, subject(ctx), job.GarbageCollection, in.ID)
}

func (s *server) collectionLog(ctx context.Context, in *CollectionPath) (*textOutput, error) {
	if _, err := s.collection(ctx, in.ID); err != nil {
		return nil, err
	}
	return plainText(s.Jobs.ExecutionLog(ctx, job.GarbageCollection, in.ID))
}

func (s *server) getCollectionSchedule(ctx context.Context, _ *struct{}) (*struct{ Body *ExecHistory }, error) {
	return s.scheduleOf(ctx, job.GarbageCollection, func(parameters job.JSON) string { return showCollection(parameters, nil, false) })
}

// scheduleOf is the schedule of a kind, or nothing, as Harbor answers it.
func (s *server) scheduleOf(ctx context.Context, kind string, show func(job.JSON) string) (*struct{ Body *ExecHistory }, error) {
	found, err := s.Jobs.ScheduleOf(ctx, kind, 0)
	if errors.Is(err, fault.ErrNotFound) {
		return &struct{ Body *ExecHistory }{}, nil
	}
	if err != nil {
		return nil, err
	}
	return &struct{ Body *ExecHistory }{showSchedule(found, show(found.Parameters))}, nil
}

func (s *server) createCollectionSchedule(ctx context.Context, in *struct{ Body Schedule }) (*created, error) {
	id, err := s.apply(ctx, in.Body, job.GarbageCollection, s.readCollection(ctx, in.Body.Parameters))
	if err != nil {
		return nil, err
	}
	return located("system", "gc", id), nil
}

func (s *server) updateCollectionSchedule(ctx context.Context, in *struct{ Body Schedule }) (*done, error) {
	_, err := s.apply(ctx, in.Body, job.GarbageCollection, s.readCollection(ctx, in.Body.Parameters))
	return &done{}, err
}
