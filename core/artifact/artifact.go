// Package artifact is the registry's index: repositories, artifacts, tags and
// their history, which repository may serve which blob, and who refers to whom.
// Postgres is the owner of all of it; the bytes of blobs are the storage's. It
// must not read or write storage, and never holds a transaction while somebody
// else does.
package artifact

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Repository is a named collection of artifacts in a project.
type Repository struct {
	ID            int64
	ProjectID     int64
	ProjectName   string
	Name          string // without the project
	Description   string
	PullCount     int64
	ArtifactCount int64 // as lists count: without accessories and untagged children
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// FullName is the name as clients push and pull it: project/name.
func (r Repository) FullName() string { return r.ProjectName + "/" + r.Name }

// Artifact is a manifest in a repository with what is known of its content.
type Artifact struct {
	ID             int64
	ProjectID      int64
	RepositoryID   int64
	RepositoryName string // project/name
	Digest         string
	Kind           oci.Kind
	MediaType      string // of the manifest
	ConfigType     string
	ArtifactType   string
	Size           int64 // manifest, config and layers, bytes
	SubjectDigest  string
	AccessoryType  string
	Annotations    map[string]string
	Platform       *oci.Platform
	Config         json.RawMessage // facts of the config blob, nil when there are none; in lists without the history
	History        bool            // the config tells how it was built
	PushedAt       time.Time
	PulledAt       *time.Time
	Tags           []Tag
	Labels         []label.Label
	Children       []Child
	Accessories    []Accessory
}

// Tag is a name that points at an artifact.
type Tag struct {
	ID           int64
	RepositoryID int64
	ArtifactID   int64
	Name         string
	PushedAt     time.Time
	PulledAt     *time.Time
	ExpiresAt    *time.Time // nil: never
	Immutable    bool       // when it was asked for
}

// Child is an entry of an index.
type Child struct {
	ParentID    int64
	ChildID     int64
	ChildDigest string
	Platform    *oci.Platform
}

// Accessory is an artifact that refers to another: a signature, an SBOM.
type Accessory struct {
	ID                int64
	SubjectArtifactID int64
	SubjectDigest     string
	SubjectRepository string // project/name
	Digest            string
	Type              string // as Harbor names it: signature.cosign, subject.accessory, ...
	Size              int64
	CreatedAt         time.Time
}

// Lease is how long a blob is kept for a client that has uploaded it, or was told
// that it is there, and has not yet pushed the manifest that names it.
const Lease = 24 * time.Hour

// Service answers for the index.
type Service struct {
	db       *store.DB
	policy   *rbac.Policy
	clock    func() time.Time
	recovery func(context.Context) (time.Duration, error)
	pulls    *pullBatch
	refusals refusals

	resolved *change.Cache[lookup, Resolved] // without payloads
	served   *change.Cache[lookup, leased]   // blobs
}

// remembered is how many tags and digests, and how many blobs, a process answers for
// from memory; some 300 bytes each.
const remembered = 32_768

// Deps are what a Service needs.
type Deps struct {
	DB       *store.DB
	Policy   *rbac.Policy
	Audit    *audit.Batch // pulls are audited in batches
	Clock    func() time.Time
	Changes  *change.Feed
	Recovery func(context.Context) (time.Duration, error) // how long what is deleted can be restored, unless the project says otherwise
	Log      *slog.Logger
}

// New returns the Service.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, policy: d.Policy, clock: d.Clock, recovery: d.Recovery,
		pulls:    newPullBatch(d.DB, d.Audit, d.Clock, d.Log),
		resolved: change.NewCache[lookup, Resolved](d.Changes, remembered),
		served:   change.NewCache[lookup, leased](d.Changes, remembered),
	}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// split takes a repository's full name apart, or says what a name looks like.
func split(repository string) (project, name string, err error) {
	project, name, ok := oci.SplitProject(repository)
	if !ok {
		return "", "", fault.Invalid("repository", "invalid repository name: %s; a repository is named project/name", repository)
	}
	return project, name, nil
}

// reference writes an artifact's name for people: repository:tag or repository@digest.
func reference(repository, ref string) string {
	if _, err := digest.Parse(ref); err == nil {
		return repository + "@" + ref
	}
	return repository + ":" + ref
}
