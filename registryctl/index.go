package registryctl

import (
	"context"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/token"
)

// Index is what Postgres knows: names, links, leases. *artifact.Service is it.
// Refusals are *fault.Fault, or *artifact.MissingError from CommitPush.
type Index interface {
	// ResolveManifest costs at most one query; the answer has no Payload when only
	// the name had to be looked at.
	ResolveManifest(ctx context.Context, repository string, ref oci.Reference) (artifact.Resolved, error)
	ManifestPayload(ctx context.Context, d digest.Digest) ([]byte, error)
	// StatBlob costs at most one query: may the repository serve the blob.
	StatBlob(ctx context.Context, repository string, d digest.Digest) (artifact.BlobStat, error)
	ExtendLease(ctx context.Context, repository string, d digest.Digest) error

	// CommitBlob calls place, at most once and with no transaction open, unless
	// the bytes are live already; then it makes the blob visible.
	CommitBlob(ctx context.Context, by rbac.Subject, repository string, d digest.Digest, size int64, uploadID string, place func(context.Context) error) error
	// CommitSmall is CommitBlob for few bytes, which the caller writes to the storage
	// afterwards unless stored; they are safe in the index until SettleBlobs.
	CommitSmall(ctx context.Context, repository string, d digest.Digest, content []byte, uploadID string) (stored bool, err error)
	UnsettledBlobs(ctx context.Context, after digest.Digest, n int) ([]artifact.Unsettled, error)
	SettleBlobs(ctx context.Context, digests []digest.Digest) error
	MountBlob(ctx context.Context, by rbac.Subject, from, to string, d digest.Digest) (size int64, ok bool, err error)
	UnlinkBlob(ctx context.Context, by rbac.Subject, repository string, d digest.Digest) error

	SaveUpload(ctx context.Context, u artifact.Upload) error
	LoadUpload(ctx context.Context, id string) (artifact.Upload, error)
	DropUpload(ctx context.Context, id string) error

	CommitPush(ctx context.Context, by rbac.Subject, p artifact.Push) (artifact.Pushed, error)
	DeleteManifest(ctx context.Context, by rbac.Subject, repository string, ref oci.Reference) error
	TagNames(ctx context.Context, repository, last string, n int) ([]string, error)
	Catalog(ctx context.Context, last string, n int) ([]string, error)
	// Referrers is up to n after the one with the digest last.
	Referrers(ctx context.Context, repository string, subject digest.Digest, artifactType, last string, n int) ([]artifact.Referrer, error)

	// PushRefused is told of every refusal and writes down the first of a minute.
	PushRefused(ctx context.Context, by rbac.Subject, repository, reference, reason string)
	// Pulled never blocks for long; it is counted and audited in batches.
	Pulled(by rbac.Subject, repository string, r artifact.Resolved, tag string)
}

// Tokens verifies registry tokens without a query. *token.Service is it.
type Tokens interface {
	Verify(raw string) (token.Claims, error)
}

// Authn checks a name and password. *auth.Service is it.
type Authn interface {
	Basic(ctx context.Context, name, password string, from auth.Source) (rbac.Subject, error)
}

// Projects says who holds which role. *project.Service is it.
type Projects interface {
	AccessByName(ctx context.Context, who rbac.Subject, name string) (project.Access, error)
	Allowed(a project.Access, who rbac.Subject, want rbac.Permission) bool
}
