package replication

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/remote"
)

const (
	itemsAtOnce = 4 // artifacts of a task
	blobsAtOnce = 3 // of an artifact

	chunkSize = 10 << 20 // of policies that copy by chunk, Harbor's

	maxDepth = 16     // indexes in indexes, signatures of signatures
	maxWhole = 20_000 // manifests that come along with one

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

// tree is one artifact with its children and all that refers to any of it.
type tree struct {
	*copier
	seen     map[digest.Digest]bool
	unwanted bool

	count      sync.Mutex
	put, blobs int
	bytes      int64
}

func (t *tree) explain(err error) error {
	if errors.Is(err, remote.ErrNotFound) {
		return fmt.Errorf("the source lacks a part of it: %w", err)
	}
	return err
}

// visit copies a manifest: first what it consists of, then itself, then what refers to
// it, and its tag last. So whatever breaks it off, nothing at the destination has a
// name that cannot be pulled whole, and a signature is there before the name is.
func (t *tree) visit(ctx context.Context, d remote.Descriptor, tag string, named bool, depth int) error {
	if t.seen[d.Digest] {
		return nil
	}
	t.seen[d.Digest] = true
	if depth > maxDepth || len(t.seen) > maxWhole {
		return job.Final(fmt.Errorf("%s comes along with more than %d manifests, or %d deep", d.Digest, maxWhole, maxDepth))
	}
	present := named
	if !named {
		_, err := t.resolve(ctx, t.to, t.args.Destination, d.Digest.String())
		if err != nil && !errors.Is(err, remote.ErrNotFound) {
			return err
		}
		present = err == nil
	}
	var m *oci.Manifest
	if !present || tag != "" && !named || isIndex(d.MediaType) {
		read, err := t.manifest(ctx, d)
		if err != nil {
			return err
		}
		m = &read
		if depth == 0 && t.args.Resource != "" && isImage(oci.Classify(read)) != (t.args.Resource == Image) {
			t.unwanted = true
			return nil
		}
		if err := t.parts(ctx, read, present, depth); err != nil {
			return err
		}
	}
	refs, err := t.referrers(ctx, d)
	if err != nil {
		return err
	}
	if !present && (tag == "" || len(refs) > 0) {
		if err := t.push(ctx, d.Digest.String(), *m); err != nil {
			return err
		}
	}
	for _, r := range refs {
		if err := t.referrer(ctx, r, depth); err != nil {
			return err
		}
	}
	if tag != "" && !named {
		return t.push(ctx, tag, *m)
	}
	return nil
}

func isIndex(mediaType string) bool {
	return mediaType == oci.MediaTypeImageIndex || mediaType == oci.MediaTypeDockerList
}

func (t *tree) manifest(ctx context.Context, d remote.Descriptor) (m oci.Manifest, err error) {
	var got remote.Descriptor
	var payload []byte
	err = t.patient(ctx, func() error {
		got, payload, err = t.from.Manifest(ctx, t.args.Source, d.Digest.String())
		return err
	})
	if err != nil {
		return oci.Manifest{}, err
	}
	if m, err = oci.ParseManifest(got.MediaType, payload); err != nil {
		return oci.Manifest{}, job.Final(fmt.Errorf("read manifest %s: %w", d.Digest, err))
	}
	return m, nil
}

// parts copies children, and the blobs of a manifest that is not there yet.
func (t *tree) parts(ctx context.Context, m oci.Manifest, present bool, depth int) error {
	for _, child := range m.Children {
		if err := t.visit(ctx, child, "", false, depth+1); err != nil {
			return err
		}
	}
	if present {
		return nil
	}
	return t.copyBlobs(ctx, m.Blobs())
}

func (t *tree) referrers(ctx context.Context, d remote.Descriptor) (refs []remote.Descriptor, err error) {
	err = t.patient(ctx, func() error {
		refs, err = t.from.Referrers(ctx, t.args.Source, d.Digest.String())
		return err
	})
	return refs, err
}

// referrer copies a signature, an SBOM, and what refers to that. One that is found by
// its tag alone keeps it.
func (t *tree) referrer(ctx context.Context, d remote.Descriptor, depth int) error {
	tag := d.Annotations[remote.AnnotationTag]
	if tag == "" {
		return t.visit(ctx, d, "", false, depth+1)
	}
	there, err := t.resolve(ctx, t.to, t.args.Destination, tag)
	if err != nil && !errors.Is(err, remote.ErrNotFound) {
		return err
	}
	if err == nil && there.Digest != d.Digest && !t.args.Override {
		t.log.Warnf("%s names another artifact at the destination, %s, and override is off: left as it is", t.spoken(tag), there.Digest)
		return nil
	}
	return t.visit(ctx, d, tag, err == nil && there.Digest == d.Digest, depth+1)
}

func (t *tree) push(ctx context.Context, ref string, m oci.Manifest) error {
	err := t.patient(ctx, func() error { return t.to.PutManifest(ctx, t.args.Destination, ref, m.MediaType, m.Payload) })
	if err == nil {
		t.put++
	}
	return err
}

// copyBlobs copies some at a time.
func (t *tree) copyBlobs(ctx context.Context, blobs []remote.Descriptor) error {
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := make(chan struct{}, blobsAtOnce)
	var all sync.WaitGroup
	for _, b := range blobs {
		select {
		case places <- struct{}{}:
		case <-work.Done():
		}
		if work.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			if err := t.blob(work, b); err != nil {
				stop(err)
			}
		})
	}
	all.Wait()
	if work.Err() != nil {
		return context.Cause(work)
	}
	return nil
}

// blob copies one: not at all when it is there, without bytes when another repository
// of the destination has it, else as a stream that goes on where it was cut.
func (t *tree) blob(ctx context.Context, b remote.Descriptor) error {
	d, to := b.Digest.String(), t.args.Destination
	var has bool
	err := t.patient(ctx, func() (err error) {
		has, err = t.to.HasBlob(ctx, to, d)
		return err
	})
	if has {
		t.shared.know(d, to)
	}
	if err != nil || has {
		return err
	}
	at, mine, err := t.shared.take(ctx, d)
	if err != nil {
		return err
	}
	if mine == nil {
		return t.borrow(ctx, b, at)
	}
	if err = t.send(ctx, b); err != nil {
		to = ""
	}
	t.shared.settle(d, mine, to)
	return err
}

// borrow takes a blob from another repository of the destination.
func (t *tree) borrow(ctx context.Context, b remote.Descriptor, at string) error {
	if at == t.args.Destination {
		return nil
	}
	mounted := false
	err := t.patient(ctx, func() (err error) {
		mounted, err = t.to.Mount(ctx, t.args.Destination, at, b.Digest.String())
		return err
	})
	if err != nil || mounted {
		return err
	}
	return t.send(ctx, b)
}

func (t *tree) send(ctx context.Context, b remote.Descriptor) error {
	u := remote.Upload{Blob: b, Open: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
		if offset > 0 {
			t.log.Warnf("going on with blob %s at byte %d of %d", b.Digest, offset, b.Size)
		}
		content, _, err := t.from.Blob(ctx, t.args.Source, b.Digest.String(), offset)
		if err != nil {
			return nil, err
		}
		return slowly{content, ctx, t.shared.limit, t.moved}, nil
	}}
	if t.args.ByChunk {
		u.Chunk = chunkSize
	}
	if b.Size >= largeBlob {
		u.Kept = kept{t.copier, b.Digest.String()}
	}
	err := t.patient(ctx, func() error { return t.to.Upload(ctx, t.args.Destination, u) })
	if err != nil {
		return fmt.Errorf("copy blob %s: %w", b.Digest, err)
	}
	t.count.Lock()
	defer t.count.Unlock()
	t.blobs, t.bytes = t.blobs+1, t.bytes+b.Size
	return nil
}

// moved counts bytes as they pass.
func (c *copier) moved(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += int64(n)
	c.log.Progress(c.done, int64(len(c.args.References)), c.bytes)
}
