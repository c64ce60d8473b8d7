package replication

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/remote"
)

const (
	blobsAtOnce = 3 // of an artifact

	chunkSize = 10 << 20 // of policies that copy by chunk, Harbor's

	maxDepth = 16     // indexes in indexes, signatures of signatures
	maxWhole = 20_000 // manifests that come along with one
)

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
