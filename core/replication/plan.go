package replication

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/store"
)

// maxTasks bounds one execution.
const maxTasks = 50_000

// Work does one task of a replication.
func (s *Service) Work(ctx context.Context, run *job.Run, args job.ReplicationArgs) error {
	var err error
	ctx = remote.Telling(ctx, func(words string) { run.Warnf("%s", words) })
	switch args.Operation {
	case job.PlanReplication:
		err = s.plan(ctx, run, args)
	case job.CopyArtifacts:
		err = s.copyAll(ctx, run, args)
	case job.DeleteTags, job.DeleteArtifacts:
		err = s.deleteAll(ctx, run, args)
	default:
		return job.Final(fmt.Errorf("unknown operation %q", args.Operation))
	}
	if _, refused := fault.As(err); refused || isRefused(err) { // what a person has to put right
		return job.Final(err)
	}
	return err
}

// plan finds out what there is to do and makes the tasks, in the transaction that ends
// it: however often it is begun, each task is made once.
func (s *Service) plan(ctx context.Context, run *job.Run, args job.ReplicationArgs) error {
	p, err := s.Get(ctx, args.PolicyID)
	if err != nil {
		return err
	}
	far, err := s.Registries.Open(ctx, p.RegistryID)
	if err != nil {
		return err
	}
	pieces, err := s.wanted(ctx, p, far, args)
	if err != nil {
		return err
	}
	var tasks []job.ReplicationArgs
	for _, piece := range pieces {
		t, err := s.tasks(p, piece)
		if err != nil {
			return err
		}
		tasks = append(tasks, t...)
	}
	if len(tasks) > maxTasks {
		return fault.Invalid("filters", "the policy makes %d tasks at once, more than %d: narrow its filters, or make several policies", len(tasks), maxTasks)
	}
	warnOfCollisions(run, tasks)
	if err := s.prepare(ctx, run, p, far, tasks); err != nil {
		return err
	}
	if len(tasks) == 0 {
		run.Infof("no resources need to be replicated")
	}
	for _, t := range tasks {
		run.Infof("%s %s [%d item(s) in total] to %s", t.Operation, t.Source, len(t.References), t.Destination)
	}
	run.AtEnd(func(tx store.Tx) error {
		all := make([]job.Args, len(tasks))
		for i, t := range tasks {
			all[i] = t
		}
		return s.Jobs.AddTasks(tx, run.ExecutionID, all...)
	})
	return nil
}

// wanted is what has happened, or what the policy lets through.
func (s *Service) wanted(ctx context.Context, p Policy, far remote.Adapter, args job.ReplicationArgs) (out []job.ReplicationPiece, err error) {
	if len(args.Wanted) > 0 {
		return args.Wanted, nil
	}
	err = s.matching(ctx, p, far, func(f found) error {
		if len(out) > maxTasks {
			return fault.Invalid("filters", "the policy matches more than %d repositories: narrow its filters, or make several policies", maxTasks)
		}
		out = append(out, job.ReplicationPiece{Do: job.CopyArtifacts, Source: f.repository, References: f.references})
		return nil
	})
	return out, err
}

// tasks cuts a piece into what one worker does at a time.
func (s *Service) tasks(p Policy, piece job.ReplicationPiece) ([]job.ReplicationArgs, error) {
	to, err := destination(piece.Source, p.Namespace, p.ReplaceCount)
	if err != nil {
		return nil, err
	}
	if _, _, ok := oci.SplitProject(to); !ok && !p.Push {
		return nil, fault.Invalid("dest_namespace", "%s would be copied to %s, which is in no project: give the policy a destination namespace", piece.Source, to)
	}
	var out []job.ReplicationArgs
	for refs := range slices.Chunk(piece.References, pieceSize) {
		t := job.ReplicationArgs{
			PolicyID: p.ID, Operation: piece.Do, Destination: to, ResourceType: Artifact, RegistryID: int64(p.RegistryID), Push: p.Push,
			Override: p.Override, ByChunk: p.ByChunk, Speed: p.Speed,
			ReplicationPiece: job.ReplicationPiece{Source: piece.Source, References: refs},
		}
		if !p.Push { // what it is will be seen when it is there
			t.Resource = p.Filters.compile().sort()
		}
		for _, r := range refs {
			if before, ok := piece.Before[r]; ok {
				if t.Before == nil {
					t.Before = map[string]string{}
				}
				t.Before[r] = before
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// warnOfCollisions says where the copies of two repositories meet.
func warnOfCollisions(run *job.Run, tasks []job.ReplicationArgs) {
	from := map[string]string{}
	for _, t := range tasks {
		if other, ok := from[t.Destination]; ok && other != t.Source {
			run.Warnf("%s and %s are both copied to %s: where they have the same tag, the one that comes last wins", other, t.Source, t.Destination)
		}
		from[t.Destination] = t.Source
	}
}

// prepare makes what has to be there before anything can be pushed.
func (s *Service) prepare(ctx context.Context, run *job.Run, p Policy, far remote.Adapter, tasks []job.ReplicationArgs) error {
	var to []string
	for _, t := range tasks {
		if t.Operation == job.CopyArtifacts {
			to = append(to, t.Destination)
		}
	}
	slices.Sort(to)
	to = slices.Compact(to)
	switch {
	case len(to) == 0:
		return nil
	case p.Push:
		return patient(ctx, s.wait, run, func() error { return far.EnsureNamespace(ctx, to) })
	}
	return s.ensureProjects(ctx, run, to)
}

// ensureProjects makes the projects that copies come into, in the name of who runs the
// policy. They are private.
func (s *Service) ensureProjects(ctx context.Context, run *job.Run, repositories []string) error {
	var names []string
	for _, r := range repositories {
		name, _, _ := oci.SplitProject(r)
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var have []string
	if err := s.db.WithContext(ctx).Raw("SELECT name FROM project WHERE deleted_at IS NULL AND name IN ?", names).Scan(&have).Error; err != nil {
		return fmt.Errorf("look for projects: %w", err)
	}
	limit, err := s.StorageLimit(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.Contains(have, name) {
			continue
		}
		_, err := s.Projects.Create(ctx, worker(run.Username), project.New{Name: name, StorageLimit: limit})
		switch {
		case errors.Is(err, fault.ErrConflict): // somebody was faster
		case err != nil:
			return fmt.Errorf("make the project %s: %w", name, err)
		default:
			run.Infof("made the project %s, which only its members see", name)
		}
	}
	return nil
}

// worker is who copies, as this registry's audit log has it.
func worker(username string) rbac.Subject {
	return rbac.Subject{Kind: rbac.System, Name: username, SysAdmin: true}
}
