package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// Resolved is what a pull needs to know of a manifest.
type Resolved struct {
	ArtifactID   int64
	TagID        int64 // 0 when it was asked for by digest
	ProjectID    int64
	RepositoryID int64
	Digest       digest.Digest
	MediaType    string
	Size         int64
	Payload      []byte // nil when the caller has the bytes already
}

// The payload of the digest that the caller holds is not sent again.
const (
	resolveTag = `
SELECT a.id, t.id, p.id, r.id, a.digest, m.media_type, m.size, CASE WHEN a.digest = $4 THEN NULL ELSE m.payload END
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN tag t ON t.repository_id = r.id AND t.name = $3
JOIN artifact a ON a.id = t.artifact_id
JOIN manifest m ON m.digest = a.digest
WHERE p.name = $1 AND p.deleted_at IS NULL`

	resolveDigest = `
SELECT a.id, 0::bigint, p.id, r.id, a.digest, m.media_type, m.size, CASE WHEN a.digest = $4 THEN NULL ELSE m.payload END
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN artifact a ON a.repository_id = r.id AND a.digest = $3 AND a.deleted_at IS NULL
JOIN manifest m ON m.digest = a.digest
WHERE p.name = $1 AND p.deleted_at IS NULL`

	repositoryExists = `
SELECT EXISTS (SELECT 1 FROM project p JOIN repository r ON r.project_id = p.id
WHERE p.name = $1 AND r.name = $2 AND p.deleted_at IS NULL AND r.deleted_at IS NULL AND r.published_at IS NOT NULL)`

	statBlob = `
SELECT b.id, b.size, least(b.lease_until, rb.lease_until)
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN blob b ON b.digest = $3 AND b.state = 'live'
JOIN repository_blob rb ON rb.repository_id = r.id AND rb.blob_id = b.id
WHERE p.name = $1 AND p.deleted_at IS NULL`
)

// ResolveManifest finds a manifest by tag or digest in one indexed query.
// Payload is nil when the digest equals known. The error of a name that is not
// there says whether it is the repository or the reference.
func (s *Service) ResolveManifest(ctx context.Context, repository string, ref oci.Reference, known digest.Digest) (Resolved, error) {
	project, name, err := split(repository)
	if err != nil {
		return Resolved{}, err
	}
	sql, what := resolveTag, ref.Tag
	if ref.Digest != "" {
		sql, what = resolveDigest, ref.Digest.String()
	}
	var r Resolved
	err = s.db.Pool.QueryRow(ctx, sql, project, name, what, known.String()).
		Scan(&r.ArtifactID, &r.TagID, &r.ProjectID, &r.RepositoryID, &r.Digest, &r.MediaType, &r.Size, &r.Payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return Resolved{}, s.unknown(ctx, project, name, what)
	}
	if err != nil {
		return Resolved{}, fmt.Errorf("resolve %s: %w", reference(repository, what), err)
	}
	return r, nil
}

// repositoryUnknown is the fault of a repository that is not there.
func repositoryUnknown(project, name string) error {
	return fault.NotFound("repository %s/%s not found", project, name)
}

func (s *Service) unknown(ctx context.Context, project, name, ref string) error {
	var exists bool
	if err := s.db.Pool.QueryRow(ctx, repositoryExists, project, name).Scan(&exists); err != nil {
		return fmt.Errorf("look for repository %s/%s: %w", project, name, err)
	}
	if !exists {
		return repositoryUnknown(project, name)
	}
	return fault.NotFound("artifact %s not found", reference(project+"/"+name, ref))
}

// BlobStat is what a blob request needs to know.
type BlobStat struct {
	ID       int64
	Size     int64
	LeaseEnd bool // less than half of the lease is left: ExtendLease before telling a client it is there
}

// StatBlob says whether the repository may serve the blob, in one query.
func (s *Service) StatBlob(ctx context.Context, repository string, d digest.Digest) (BlobStat, error) {
	project, name, err := split(repository)
	if err != nil {
		return BlobStat{}, err
	}
	var b BlobStat
	var lease time.Time
	err = s.db.Pool.QueryRow(ctx, statBlob, project, name, d.String()).Scan(&b.ID, &b.Size, &lease)
	if errors.Is(err, pgx.ErrNoRows) {
		return BlobStat{}, fault.NotFound("blob %s not found in repository %s", d, repository)
	}
	if err != nil {
		return BlobStat{}, fmt.Errorf("stat blob %s of %s: %w", d, repository, err)
	}
	b.LeaseEnd = lease.Sub(s.clock()) < Lease/2
	return b, nil
}

const extendLease = `
WITH extended AS (UPDATE blob SET lease_until = $4 WHERE digest = $3 AND state = 'live' AND lease_until < $5)
UPDATE repository_blob rb SET lease_until = $4
FROM blob, repository r, project p
WHERE blob.digest = $3 AND rb.blob_id = blob.id AND rb.repository_id = r.id AND r.name = $2 AND r.deleted_at IS NULL
  AND p.id = r.project_id AND p.name = $1 AND p.deleted_at IS NULL AND rb.lease_until < $5`

// ExtendLease keeps a blob for a client that was just told it is there and will
// therefore not upload it. It writes only when less than half of the lease is
// left, however often clients ask.
func (s *Service) ExtendLease(ctx context.Context, repository string, d digest.Digest) error {
	project, name, err := split(repository)
	if err != nil {
		return err
	}
	until := s.clock().Add(Lease)
	if _, err := s.db.Pool.Exec(ctx, extendLease, project, name, d.String(), until, until.Add(-Lease/2)); err != nil {
		return fmt.Errorf("extend the lease of %s in %s: %w", d, repository, err)
	}
	return nil
}
