package artifact

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"
)

// Referrer is an artifact that refers to a subject, as the referrers endpoint
// tells it (OCI distribution-spec, end-12a).
type Referrer struct {
	MediaType    string
	ArtifactType string
	Digest       string
	Size         int64 // of the manifest, bytes
	Annotations  map[string]string
}

const (
	listReferrers = `
SELECT a.media_type, a.artifact_type, a.digest, m.size, a.annotations
FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
LEFT JOIN artifact last ON last.repository_id = r.id AND last.digest = $5
JOIN artifact a ON a.repository_id = r.id AND a.subject_digest = $3 AND a.deleted_at IS NULL AND a.id > coalesce(last.id, 0)
JOIN manifest m ON m.digest = a.digest
WHERE p.name = $1 AND p.deleted_at IS NULL AND ($4 = '' OR a.artifact_type = $4) AND a.refers
ORDER BY a.id LIMIT $6`

	// The repository first and by itself, so that tags are read in the order of
	// tag_repository_name_key and no further than asked for.
	listTagNames = `
SELECT name FROM tag WHERE repository_id = (
  SELECT r.id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
  WHERE p.name = $1 AND p.deleted_at IS NULL)
AND name > $3 ORDER BY name LIMIT $4`

	listCatalog = `
SELECT r.full_name FROM repository r
WHERE r.deleted_at IS NULL AND r.published_at IS NOT NULL AND r.full_name > $1
  AND EXISTS (SELECT 1 FROM artifact a WHERE a.repository_id = r.id AND a.deleted_at IS NULL)
ORDER BY r.full_name LIMIT $2`
)

// Referrers lists up to n that refer to subject in a repository, optionally only
// those of one artifact type, in the order of their pushes after the one with the
// digest last. A subject or repository that is not there has none.
func (s *Service) Referrers(ctx context.Context, repository string, subject digest.Digest, artifactType, last string, n int) ([]Referrer, error) {
	project, name, err := split(repository)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Pool.Query(ctx, listReferrers, project, name, subject.String(), artifactType, last, n)
	if err != nil {
		return nil, fmt.Errorf("list referrers of %s in %s: %w", subject, repository, err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Referrer])
	if err != nil {
		return nil, fmt.Errorf("list referrers of %s in %s: %w", subject, repository, err)
	}
	return out, nil
}

// TagNames lists up to n tags of a repository after last, in lexical order.
func (s *Service) TagNames(ctx context.Context, repository, last string, n int) ([]string, error) {
	project, name, err := split(repository)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Pool.Query(ctx, listTagNames, project, name, last, n)
	if err != nil {
		return nil, fmt.Errorf("list tags of %s: %w", repository, err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list tags of %s: %w", repository, err)
	}
	if len(names) > 0 {
		return names, nil
	}
	var exists bool
	if err := s.db.Pool.QueryRow(ctx, repositoryExists, project, name).Scan(&exists); err != nil {
		return nil, fmt.Errorf("look for repository %s: %w", repository, err)
	}
	if !exists {
		return nil, repositoryUnknown(project, name)
	}
	return names, nil
}

// Catalog lists up to n repositories after last, in lexical order.
func (s *Service) Catalog(ctx context.Context, last string, n int) ([]string, error) {
	rows, err := s.db.Pool.Query(ctx, listCatalog, last, n)
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	return names, nil
}
