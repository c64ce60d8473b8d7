package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/store"
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
	Payload      []byte // nil when only the name had to be looked at; ManifestPayload has it
}

const (
	resolveTag = `
SELECT a.id, t.id, p.id, r.id, a.digest, m.media_type, m.size, m.payload
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN tag t ON t.repository_id = r.id AND t.name = $3
JOIN artifact a ON a.id = t.artifact_id
JOIN manifest m ON m.digest = a.digest
WHERE p.name = $1 AND p.deleted_at IS NULL`

	resolveDigest = `
SELECT a.id, 0::bigint, p.id, r.id, a.digest, m.media_type, m.size, m.payload
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN artifact a ON a.repository_id = r.id AND a.digest = $3 AND a.deleted_at IS NULL
JOIN manifest m ON m.digest = a.digest
WHERE p.name = $1 AND p.deleted_at IS NULL`

	manifestPayload = `SELECT payload FROM manifest WHERE digest = $1`

	repositoryExists = `
SELECT EXISTS (SELECT 1 FROM project p JOIN repository r ON r.project_id = p.id
WHERE p.name = $1 AND r.name = $2 AND p.deleted_at IS NULL AND r.deleted_at IS NULL AND r.published_at IS NOT NULL)`

	// In this order: the blob, the repository, the link. OFFSET 0 keeps a plan from
	// beginning with all that the repository has.
	statBlob = `
SELECT b.id, b.size, least(b.lease_until, rb.lease_until)
FROM blob b CROSS JOIN LATERAL (
  SELECT lease_until FROM repository_blob WHERE blob_id = b.id AND repository_id = (
    SELECT r.id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
    WHERE p.name = $1 AND p.deleted_at IS NULL) OFFSET 0) rb
WHERE b.digest = $3 AND b.state = 'live'`
)

// lookup is a tag or a digest of a repository, by which answers are remembered.
type lookup struct{ repository, reference string }

// ResolveManifest finds a manifest by tag or digest: in memory, when nothing of it
// has changed (core/change), and else in one indexed query, which brings its payload.
// The error of a name that is not there says whether it is the repository or the
// reference.
func (s *Service) ResolveManifest(ctx context.Context, repository string, ref oci.Reference) (Resolved, error) {
	project, repo, err := split(repository)
	if err != nil {
		return Resolved{}, err
	}
	sql, what := resolveTag, ref.Tag
	if ref.Digest != "" {
		sql, what = resolveDigest, ref.Digest.String()
	}
	var payload []byte // for this caller: what is remembered of a name is small
	topics := func() []change.Topic { return topicsOf(repository, ref.Tag) }
	r, err := s.resolved.Get(ctx, lookup{repository, what}, topics, func(ctx context.Context) (r Resolved, err error) {
		err = s.db.Pool.QueryRow(ctx, sql, project, repo, what).
			Scan(&r.ArtifactID, &r.TagID, &r.ProjectID, &r.RepositoryID, &r.Digest, &r.MediaType, &r.Size, &payload)
		if errors.Is(err, pgx.ErrNoRows) {
			return r, s.unknown(ctx, project, repo, what)
		}
		if err != nil {
			return r, fmt.Errorf("resolve %s: %w", reference(repository, what), err)
		}
		return r, nil
	})
	r.Payload = payload
	return r, err
}

// ManifestPayload is the bytes of a manifest that was resolved.
func (s *Service) ManifestPayload(ctx context.Context, d digest.Digest) ([]byte, error) {
	var payload []byte
	err := s.db.Pool.QueryRow(ctx, manifestPayload, d.String()).Scan(&payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.NotFound("manifest %s not found", d)
	}
	if err != nil {
		return nil, fmt.Errorf("read manifest %s: %w", d, err)
	}
	return payload, nil
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

// StatBlob says whether the repository may serve the blob: from memory, when nothing
// of it has changed, and else by one query.
func (s *Service) StatBlob(ctx context.Context, repository string, d digest.Digest) (BlobStat, error) {
	project, repo, err := split(repository)
	if err != nil {
		return BlobStat{}, err
	}
	topics := func() []change.Topic { return topicsOf(repository, "") }
	b, err := s.served.Get(ctx, lookup{repository, d.String()}, topics, func(ctx context.Context) (b leased, err error) {
		err = s.db.Pool.QueryRow(ctx, statBlob, project, repo, d.String()).Scan(&b.ID, &b.Size, &b.until)
		if errors.Is(err, pgx.ErrNoRows) {
			return b, fault.NotFound("blob %s not found in repository %s", d, repository)
		}
		if err != nil {
			return b, fmt.Errorf("stat blob %s of %s: %w", d, repository, err)
		}
		return b, nil
	})
	if err != nil {
		return BlobStat{}, err
	}
	b.LeaseEnd = b.until.Sub(s.clock()) < Lease/2
	return b.BlobStat, nil
}

// leased is a blob with the end of its lease when it was looked up: it may have been
// put off since, never brought forward.
type leased struct {
	BlobStat
	until time.Time
}

const extendLease = `
WITH extended AS (UPDATE blob SET lease_until = $4 WHERE digest = $3 AND state = 'live' AND lease_until < $5)
UPDATE repository_blob rb SET lease_until = $4
FROM blob, repository r, project p
WHERE blob.digest = $3 AND rb.blob_id = blob.id AND rb.repository_id = r.id AND r.name = $2 AND r.deleted_at IS NULL
  AND p.id = r.project_id AND p.name = $1 AND p.deleted_at IS NULL AND rb.lease_until < $5`

// ExtendLease keeps a blob for a client that was just told it is there and will
// therefore not upload it. It writes only when less than half of the lease is
// left, however often clients ask. The blob may have gone since the client was about
// to be told: that is fault.NotFound, and it uploads.
func (s *Service) ExtendLease(ctx context.Context, repository string, d digest.Digest) error {
	project, repo, err := split(repository)
	if err != nil {
		return err
	}
	until := s.clock().Add(Lease)
	var extended pgconn.CommandTag
	err = store.Retried(ctx, func() (err error) {
		extended, err = s.db.Pool.Exec(ctx, extendLease, project, repo, d.String(), until, until.Add(-Lease/2))
		return err
	})
	if err != nil {
		return fmt.Errorf("extend the lease of %s in %s: %w", d, repository, err)
	}
	s.served.Forget(lookup{repository, d.String()})
	if extended.RowsAffected() == 0 { // somebody else has extended it, or it is gone
		_, err = s.StatBlob(ctx, repository, d)
	}
	return err
}
