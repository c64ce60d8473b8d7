package registryctl

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// namespace is what the App sees of the registry: in every repository, a place
// that takes uploads. Everything else is answered before the App is reached.
type namespace struct{ blobs distribution.BlobStore }

func (namespace) Scope() distribution.Scope { return distribution.GlobalScope }

func (n namespace) Repository(_ context.Context, name reference.Named) (distribution.Repository, error) {
	return repository{name: name, blobs: n.blobs}, nil
}

func (namespace) Repositories(context.Context, []string, string) (int, error) {
	return 0, distribution.ErrUnsupported
}

func (namespace) Blobs() distribution.BlobEnumerator { return nil }

func (namespace) BlobStatter() distribution.BlobStatter { return nil }

type repository struct {
	name  reference.Named
	blobs distribution.BlobStore
}

func (r repository) Named() reference.Named { return r.name }

func (r repository) Blobs(context.Context) distribution.BlobStore { return r.blobs }

func (repository) Manifests(context.Context, ...distribution.ManifestServiceOption) (distribution.ManifestService, error) {
	return nil, distribution.ErrUnsupported
}

func (repository) Tags(context.Context) distribution.TagService { return nil }

// blobStore takes uploads. The request's session, checked and located, is in the
// context.
type blobStore struct{ registry *Registry }

func (g *Registry) blobStore() distribution.BlobStore { return blobStore{g} }

var errNoSession = errors.New("the App was entered without an upload session")

func (s blobStore) Create(ctx context.Context, _ ...distribution.BlobCreateOption) (distribution.BlobWriter, error) {
	u, ok := ctx.Value(sessionKey{}).(*session)
	if !ok {
		return nil, errNoSession
	}
	return s.registry.newBlobWriter(ctx, u), nil
}

func (s blobStore) Resume(ctx context.Context, id string) (distribution.BlobWriter, error) {
	u, ok := ctx.Value(sessionKey{}).(*session)
	if !ok || u.id != id {
		return nil, errNoSession
	}
	return s.registry.newBlobWriter(ctx, u), nil
}

func (blobStore) Stat(context.Context, digest.Digest) (v1.Descriptor, error) {
	return v1.Descriptor{}, distribution.ErrUnsupported
}

func (blobStore) Get(context.Context, digest.Digest) ([]byte, error) {
	return nil, distribution.ErrUnsupported
}

func (blobStore) Open(context.Context, digest.Digest) (io.ReadSeekCloser, error) {
	return nil, distribution.ErrUnsupported
}

func (blobStore) Put(context.Context, string, []byte) (v1.Descriptor, error) {
	return v1.Descriptor{}, distribution.ErrUnsupported
}

func (blobStore) ServeBlob(context.Context, http.ResponseWriter, *http.Request, digest.Digest) error {
	return distribution.ErrUnsupported
}

func (blobStore) Delete(context.Context, digest.Digest) error { return distribution.ErrUnsupported }
