package replication

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/remote"
)

const (
	itemsAtOnce = 4 // artifacts of a task

	// maxDenied is after how many refusals in a row the rest is not tried: it is the
	// credential, or the quota, and not the artifact.
	maxDenied = 3
)

// copier does one task.
type copier struct {
	*Service
	log      *job.Run
	args     job.ReplicationArgs
	from, to remote.Client
	shared   *run

	mu     sync.Mutex
	done   int64
	bytes  int64
	denied int
	failed []error
}

// copier joins the tasks of the same execution that this process works on, and opens
// the registry that is read and the one that is written.
func (s *Service) copier(ctx context.Context, run *job.Run, args job.ReplicationArgs) (*copier, error) {
	c := &copier{Service: s, log: run, args: args, bytes: run.Bytes(), shared: s.join(run.ExecutionID, args.Speed)}
	far, err := s.Registries.Open(ctx, args.RegistryID)
	if err != nil {
		s.leave(run.ExecutionID)
		return nil, err
	}
	c.from, c.to = far, s.Local(worker(run.Username))
	if args.Push {
		c.from, c.to = c.to, c.from
	}
	return c, nil
}

// copyAll copies the artifacts that the task names. One that fails does not keep the
// others from being copied.
func (s *Service) copyAll(ctx context.Context, run *job.Run, args job.ReplicationArgs) error {
	c, err := s.copier(ctx, run, args)
	if err != nil {
		return err
	}
	defer s.leave(run.ExecutionID)
	run.Infof("copying %s [%d item(s) in total] to %s", args.Source, len(args.References), args.Destination)
	run.Progress(0, int64(len(args.References)), c.bytes)
	return c.each(ctx, itemsAtOnce, c.item)
}

// each does something with every reference, some at a time.
func (c *copier) each(ctx context.Context, atOnce int, do func(ctx context.Context, ref string) error) error {
	work, stop := context.WithCancel(ctx)
	defer stop()
	next := make(chan string)
	var workers sync.WaitGroup
	for range min(atOnce, len(c.args.References)) {
		workers.Go(func() {
			for ref := range next {
				if c.ended(ref, do(work, ref)) {
					stop()
				}
			}
		})
	}
	tried := 0
	for _, ref := range c.args.References {
		select {
		case next <- ref:
			tried++
			continue
		case <-work.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.outcome(tried)
}

// ended notes how an item ended, and says whether there is no point in going on.
func (c *copier) ended(ref string, err error) (hopeless bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.log.Progress(c.done, int64(len(c.args.References)), c.bytes)
	switch {
	case err == nil:
		c.denied = 0
		return false
	case errors.Is(err, context.Canceled): // it was broken off, and is not to blame
		return c.denied >= maxDenied
	case isDenied(err):
		c.denied++
		err = job.Final(err)
	case isRefused(err):
		err = job.Final(err)
	}
	c.log.Errorf("%s: %v", ref, err)
	c.failed = append(c.failed, fmt.Errorf("%s: %w", ref, err))
	return c.denied >= maxDenied
}

func isDenied(err error) bool {
	var refused *remote.RefusedError
	return errors.As(err, &refused) && refused.Denied()
}

// isRefused says whether a registry understood what was asked and will not do it, however
// often it is asked.
func isRefused(err error) bool {
	var refused *remote.RefusedError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return true
	}
	return refused.Denied()
}

// outcome is the task's: it is worth another attempt when one of its failures is.
func (c *copier) outcome(tried int) error {
	if len(c.failed) == 0 {
		return nil
	}
	err := fmt.Errorf("%d of %d failed, one of them: %w", len(c.failed), len(c.args.References), c.failed[0])
	if tried < len(c.args.References) {
		err = fmt.Errorf("%w; %d were not tried", err, len(c.args.References)-tried)
	}
	for _, f := range c.failed {
		if !job.IsFinal(f) {
			return errors.New(err.Error()) // without the mark of the first
		}
	}
	return job.Final(err)
}

// patient is patient with either side.
func (c *copier) patient(ctx context.Context, do func() error) error {
	return patient(ctx, c.wait, c.log, do)
}

func (c *copier) resolve(ctx context.Context, side remote.Client, repository, ref string) (d remote.Descriptor, err error) {
	err = c.patient(ctx, func() error {
		d, err = side.Resolve(ctx, repository, ref)
		return err
	})
	return d, err
}

// item copies one artifact with all that belongs to it.
func (c *copier) item(ctx context.Context, ref string) error {
	source, err := c.resolve(ctx, c.from, c.args.Source, ref)
	if errors.Is(err, remote.ErrNotFound) {
		c.log.Infof("%s is gone at the source: nothing to copy", c.spoken(ref))
		return nil
	}
	if err != nil {
		return err
	}
	there, err := c.resolve(ctx, c.to, c.args.Destination, ref)
	same := err == nil && there.Digest == source.Digest
	if err != nil && !errors.Is(err, remote.ErrNotFound) {
		return err
	}
	tag := ""
	if source.Digest.String() != ref {
		tag = ref
	}
	if err == nil && !same && !c.mayMove(tag, there) {
		return nil
	}
	t := &tree{copier: c, seen: map[digest.Digest]bool{}}
	if err := t.visit(ctx, source, tag, same, 0); err != nil {
		return t.explain(err)
	}
	switch {
	case t.unwanted:
		c.log.Infof("%s is no %s: not copied", c.spoken(ref), c.args.Resource)
	case same && t.put == 0:
		c.log.Infof("%s is at the destination already, %s", c.spoken(ref), source.Digest)
	default:
		c.log.Infof("copied %s, %s: %d manifests, %d blobs of %d bytes", c.spoken(ref), source.Digest, t.put, t.blobs, t.bytes)
	}
	return nil
}

// mayMove says whether a tag at the destination may be pointed elsewhere.
func (c *copier) mayMove(tag string, there remote.Descriptor) bool {
	before, replicated := c.args.Before[tag]
	switch {
	case !c.args.Override:
		c.log.Warnf("%s names another artifact at the destination, %s, and override is off: left as it is", c.spoken(tag), there.Digest)
		return false
	case replicated && before != there.Digest.String():
		c.log.Warnf("%s was moved at the destination meanwhile, to %s: what another replication brought here does not undo it", c.spoken(tag), there.Digest)
		return false
	}
	return true
}

func (c *copier) spoken(ref string) string {
	if _, err := digest.Parse(ref); err == nil {
		return c.args.Source + "@" + ref
	}
	return c.args.Source + ":" + ref
}

// moved counts bytes as they pass.
func (c *copier) moved(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += int64(n)
	c.log.Progress(c.done, int64(len(c.args.References)), c.bytes)
}
