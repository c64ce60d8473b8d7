// Package remote speaks to other registries: one client of the OCI
// distribution-spec, a small adapter for what each vendor does differently, and
// the endpoints that administrators register (table registry). It must not
// decide what is copied where; core/replication does.
package remote

import (
	"context"
	"io"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// Descriptor is the image-spec's.
type Descriptor = oci.Descriptor

// Client is one registry as the OCI distribution-spec has it. Repository names
// are the registry's own, without its host. An error is ErrNotFound, a
// *RefusedError or *ThrottledError when the registry answered, ErrCorrupt when
// what it sent is not what its digest says, and one that outbound.Reason
// explains when it could not be reached. All may be called concurrently.
type Client interface {
	// Resolve says what ref, a tag or a digest, is: media type, digest and size.
	// It costs a HEAD, or a GET where the registry's HEAD says too little.
	Resolve(ctx context.Context, repository, ref string) (Descriptor, error)

	// Manifest returns the bytes of ref, which have the descriptor's digest: the
	// one that was asked for, or that the registry names.
	Manifest(ctx context.Context, repository, ref string) (Descriptor, []byte, error)

	// PutManifest pushes payload under ref, a tag or its digest. The registry has
	// to answer with the digest of these bytes.
	PutManifest(ctx context.Context, repository, ref, mediaType string, payload []byte) error

	// DeleteManifest removes an artifact with all of its tags.
	DeleteManifest(ctx context.Context, repository, digest string) error

	// DeleteTag removes one tag and leaves the artifact, or is ErrUnsupported
	// where the registry cannot do that.
	DeleteTag(ctx context.Context, repository, tag string) error

	HasBlob(ctx context.Context, repository, digest string) (bool, error)

	// Blob opens a blob at an offset. size is that of the whole blob, or -1 where
	// the registry does not tell it. A cut connection is taken up again where it
	// broke; the bytes are verified when they were read from 0 to the end, and a
	// last Read says ErrCorrupt when they are not the digest's.
	Blob(ctx context.Context, repository, digest string, offset int64) (content io.ReadCloser, size int64, err error)

	// Mount takes a blob over from another repository of the same registry. false
	// means that it has to be uploaded.
	Mount(ctx context.Context, repository, from, digest string) (bool, error)

	// Upload sends a blob. After a failure it asks the registry where to go on and
	// opens the source there; where the registry cannot tell, at 0. What fails for good
	// is given up at the registry.
	Upload(ctx context.Context, repository string, u Upload) error

	// Referrers lists what names digest as its subject: by the API, else by the
	// fallback tag, and cosign's sha256-<hex>.sig, .att and .sbom. The last have
	// the annotation AnnotationTag, under which they have to be pushed.
	Referrers(ctx context.Context, repository, digest string) ([]Descriptor, error)

	// Tags calls yield with each page of tags, in the registry's order. An error
	// of yield ends it and is returned.
	Tags(ctx context.Context, repository string, yield func(tags []string) error) error
}

// OpenBlob opens the source of an upload at an offset.
type OpenBlob func(ctx context.Context, offset int64) (io.ReadCloser, error)

// Upload is a blob to send.
type Upload struct {
	Blob  Descriptor
	Chunk int64    // bytes of a PATCH request; 0: all in one request
	Open  OpenBlob // called again for every attempt
	Kept  Kept     // nil: nobody goes on with it later
}

// Kept remembers where an upload is, so that it can be gone on with by another process.
// A Location may hold a token of the registry's: it is a secret.
type Kept interface {
	// Location is what Keep was told last, or "".
	Location(ctx context.Context) (string, error)

	// Keep is told the upload's Location before the first byte is sent and whenever the
	// registry has moved it, and "" when it is over. An error ends the Upload.
	Keep(ctx context.Context, location string) error

	// GoesOn says, of a failure that may pass or of an end of ctx, whether there will be
	// another Upload that goes on. If not, this one is given up.
	GoesOn(ctx context.Context, err error) bool
}

// AnnotationTag is on a descriptor of Referrers that has to keep its tag:
// nothing in it but the tag says what it belongs to.
const AnnotationTag = "io.roadstead.tag"

// Repository is one line of a registry's list.
type Repository struct {
	Name string // the registry's own, without its host
}

// Adapter is a Client with what differs between vendors.
type Adapter interface {
	Client

	// Ping says whether the registry can be used with its credential.
	Ping(ctx context.Context) error

	// Repositories calls yield with each page of those that may match one of the
	// patterns (doublestar; none means all). It leaves out only what cannot match:
	// the caller matches again.
	Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error

	// EnsureNamespace makes what has to be there before the repositories can be
	// pushed to (a project, an organisation, the repository itself), or says what a
	// person has to make.
	EnsureNamespace(ctx context.Context, repositories []string) error
}

// Labelled is an Adapter whose registry puts labels on artifacts.
type Labelled interface {
	// LabelledTags lists the tags of the artifacts that have all of the labels.
	LabelledTags(ctx context.Context, repository string, labels []string) ([]string, error)
}
