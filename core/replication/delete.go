package replication

import (
	"context"
	"errors"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/remote"
)

// deleteAll deletes at the destination what went at the source. What is at the source
// again stays.
func (s *Service) deleteAll(ctx context.Context, run *job.Run, args job.ReplicationArgs) error {
	c, err := s.copier(ctx, run, args)
	if err != nil {
		return err
	}
	defer s.leave(run.ExecutionID)
	run.Infof("%s of %s [%d item(s) in total] at %s", args.Operation, args.Source, len(args.References), args.Destination)
	run.Progress(0, int64(len(args.References)), 0)
	return c.each(ctx, 1, c.remove)
}

func (c *copier) remove(ctx context.Context, ref string) error {
	_, err := c.resolve(ctx, c.from, c.args.Source, ref)
	if err == nil {
		c.log.Infof("%s is at the source again: left as it is", c.spoken(ref))
		return nil
	}
	if !errors.Is(err, remote.ErrNotFound) {
		return err
	}
	there, err := c.resolve(ctx, c.to, c.args.Destination, ref)
	if errors.Is(err, remote.ErrNotFound) {
		c.log.Infof("%s is not at the destination", c.spoken(ref))
		return nil
	}
	if err != nil {
		return err
	}
	if c.args.Operation == job.DeleteArtifacts {
		err = c.patient(ctx, func() error { return c.to.DeleteManifest(ctx, c.args.Destination, ref) })
	} else {
		if named := c.args.Before[ref]; named != "" && named != there.Digest.String() {
			c.log.Warnf("%s names another artifact at the destination, %s: left as it is", c.spoken(ref), there.Digest)
			return nil
		}
		err = c.patient(ctx, func() error { return c.to.DeleteTag(ctx, c.args.Destination, ref) })
	}
	switch {
	case errors.Is(err, remote.ErrNotFound):
	case errors.Is(err, remote.ErrUnsupported):
		return job.Final(fmt.Errorf("the destination cannot delete this: %w", err))
	case err != nil:
		return err
	}
	c.log.Infof("deleted %s at the destination", c.spoken(ref))
	return nil
}
