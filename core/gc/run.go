package gc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// MaxWorkers is the most workers that a run can have, Harbor's bound.
const MaxWorkers = 10

// CheckRun says what is wrong with what a run is told.
func CheckRun(args job.CollectArgs) error {
	if args.Workers < 1 || args.Workers > MaxWorkers {
		return fault.Invalid("workers", "workers should be a whole number from 1 to %d, not %d", MaxWorkers, args.Workers)
	}
	return nil
}

// Result is what a run says of itself.
type Result struct {
	Freed
	Untagged int64 `json:"untagged_artifacts"` // put into the recycle bin
	Emptied  int64 `json:"emptied_artifacts"`  // of the recycle bin, whose recovery this run has ended
}

// Run collects what is due and tells what that was. Untagged artifacts, if they are to
// go, are deleted as a person deletes: they can be restored until their recovery ends,
// and are collected then. A dry run changes nothing and lists what would go.
func (s *Service) Run(ctx context.Context, run *job.Run, args job.CollectArgs) error {
	if err := CheckRun(args); err != nil {
		return err
	}
	run.Infof("delete untagged artifacts: %t, empty the recycle bin: %t, dry run: %t, workers: %d", args.DeleteUntagged, args.EmptyBin, args.DryRun, args.Workers)
	var result Result
	var err error
	if args.DeleteUntagged {
		if result.Untagged, err = s.deleteUntagged(ctx, run, args.DryRun); err != nil {
			return err
		}
	}
	if args.DryRun {
		if result.Freed, err = s.List(ctx, args.EmptyBin, mostListed, run.Infof); err != nil {
			return err
		}
		run.Infof("dry run: %s would go", result.Freed)
		return run.Result(result)
	}
	if args.EmptyBin {
		if result.Emptied, err = s.emptyBin(ctx, run); err != nil {
			return err
		}
	}
	if err := s.runCollection(ctx, run, args.Workers); err != nil {
		return err
	}
	if result.Freed, err = s.FreedBy(ctx, run.ExecutionID); err != nil {
		return err
	}
	run.Infof("freed: %s", result.Freed)
	return run.Result(result)
}

// String tells it to people.
func (f Freed) String() string {
	return fmt.Sprintf("%d artifacts, %d blobs and %d manifests, %d bytes", f.Artifacts, f.Blobs, f.Manifests, f.Bytes)
}

func (s *Service) runCollection(ctx context.Context, run *job.Run, workers int) error {
	due, err := s.Due(ctx)
	if err != nil {
		return err
	}
	var total int64
	for _, kind := range []string{kindArtifact, kindLink, kindBlob, kindRepository} {
		total += due[kind]
		if due[kind] > 0 {
			run.Infof("due: %d of kind %s", due[kind], kind)
		}
	}
	var done atomic.Int64
	p := &pass{execution: run.ExecutionID, pace: swiftly}
	p.bytes.Store(run.Bytes()) // freed by earlier attempts
	run.Progress(0, total, run.Bytes())
	return s.collect(ctx, p, workers, func(n int) {
		now := done.Add(int64(n))
		run.Progress(now, max(total, now), p.bytes.Load())
	})
}

// FreedBy is what an execution has freed, in all its attempts.
func (s *Service) FreedBy(ctx context.Context, execution int64) (f Freed, err error) {
	err = s.DB.Pool.QueryRow(ctx, `
SELECT coalesce(sum(repositories), 0)::bigint, coalesce(sum(artifacts), 0)::bigint, coalesce(sum(links), 0)::bigint,
  coalesce(sum(blobs), 0)::bigint, coalesce(sum(manifests), 0)::bigint, coalesce(sum(bytes), 0)::bigint
FROM gc_tally WHERE execution_id = $1 AND execution_id <> 0`, execution).
		Scan(&f.Repositories, &f.Artifacts, &f.Links, &f.Blobs, &f.Manifests, &f.Bytes)
	if err != nil {
		return f, fmt.Errorf("read what was freed: %w", err)
	}
	return f, nil
}

// untaggedBatch is how many artifacts are looked at in one statement.
const untaggedBatch = 5_000

// deleteUntagged deletes what is untagged and older than a lease, as the person who
// asked for the run. An immutable tag on what refers to it keeps an artifact.
func (s *Service) deleteUntagged(ctx context.Context, run *job.Run, dry bool) (n int64, err error) {
	before := s.Clock().Add(-artifact.Lease)
	by := rbac.Subject{Name: run.Username}
	for after := int64(0); ; {
		found, next, err := s.Artifacts.ListUntagged(ctx, after, before, untaggedBatch)
		if err != nil {
			return n, err
		}
		for _, group := range byRepository(found) {
			done, err := s.deleteGroup(ctx, run, by, group, dry, before)
			n += done
			if err != nil {
				return n, err
			}
		}
		if next == 0 {
			run.Infof("untagged artifacts: %d %s", n, map[bool]string{true: "would go into the recycle bin", false: "went into the recycle bin"}[dry])
			return n, nil
		}
		after = next
	}
}

func (s *Service) deleteGroup(ctx context.Context, run *job.Run, by rbac.Subject, group []artifact.Untagged, dry bool, before time.Time) (int64, error) {
	name := group[0].Project + "/" + group[0].Repository
	if dry {
		for _, u := range group {
			run.Infof("untagged: %s@%s, %d bytes", name, u.Digest, u.Size)
		}
		return int64(len(group)), nil
	}
	ids := make([]int64, len(group))
	for i, u := range group {
		ids[i] = u.ID
	}
	gone, err := s.Artifacts.DeleteUntagged(ctx, by, group[0].Project, group[0].Repository, ids, before)
	if errors.Is(err, fault.ErrNotFound) { // the repository has gone meanwhile
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, u := range group {
		if slices.Contains(gone.Artifacts, u.ID) {
			run.Infof("deleted: %s@%s, %d bytes", name, u.Digest, u.Size)
		}
	}
	for _, tag := range gone.Immutable {
		run.Warnf("kept in %s: something that refers to it has the immutable tag %s", name, tag)
	}
	return int64(len(gone.Artifacts)), nil
}

// byRepository takes artifacts apart by their repositories, so many at a time as may
// be deleted at once.
func byRepository(all []artifact.Untagged) (out [][]artifact.Untagged) {
	groups := map[[2]string][]artifact.Untagged{}
	var order [][2]string
	for _, u := range all {
		key := [2]string{u.Project, u.Repository}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], u)
	}
	for _, key := range order {
		for part := range slices.Chunk(groups[key], artifact.MostDeleted) {
			out = append(out, part)
		}
	}
	return out
}

const (
	emptyBatch = 1_000
	emptyBin   = `
WITH next AS (SELECT id FROM gc_candidate WHERE kind = 'artifact' AND not_before > ? ORDER BY not_before, id LIMIT ? FOR UPDATE SKIP LOCKED)
UPDATE gc_candidate c SET not_before = ? FROM next WHERE c.kind = 'artifact' AND c.scope_id = 0 AND c.id = next.id`
)

// emptyBin ends the recovery of all that is in the recycle bin now: first that of whole
// repositories and projects, so that none comes back without what it held.
func (s *Service) emptyBin(ctx context.Context, run *job.Run) (n int64, err error) {
	now := s.Clock()
	err = run.Step(ctx, func(tx store.Tx) (int64, error) {
		for _, table := range []string{"deletion", "project_deletion"} {
			if err := tx.Exec("UPDATE "+table+" SET until = ? WHERE until > ?", now, now).Error; err != nil {
				return 0, fmt.Errorf("empty the recycle bin: %w", err)
			}
		}
		return 0, nil
	})
	if err != nil {
		return 0, err
	}
	for more := true; more; {
		err := run.Step(ctx, func(tx store.Tx) (int64, error) {
			ended := tx.Exec(emptyBin, now, emptyBatch, now)
			if ended.Error != nil {
				return 0, fmt.Errorf("empty the recycle bin: %w", ended.Error)
			}
			more = ended.RowsAffected > 0
			if !more {
				return 0, nil
			}
			n += ended.RowsAffected
			return 0, audit.Record(tx, rbac.Subject{Name: run.Username}, audit.Entry{
				Operation: audit.Delete, ResourceType: audit.Artifact, Resource: "recycle bin",
				Description: fmt.Sprintf("empty the recycle bin: %d artifacts, by execution %d", ended.RowsAffected, run.ExecutionID),
			})
		})
		if err != nil {
			return n, err
		}
	}
	run.Infof("the recycle bin held %d artifacts", n)
	return n, nil
}
