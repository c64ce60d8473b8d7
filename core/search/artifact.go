package search

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// maxCopies is how many repositories with one and the same digest are looked at.
const maxCopies = 10_000

const artifactsFound = `SELECT a.id, r.project_id, a.repository_id, r.full_name AS repository_name, a.digest, a.kind, a.media_type, a.config_type,
  a.artifact_type, a.annotations, a.pushed_at,
  array_to_json(ARRAY(SELECT t.name FROM tag t WHERE t.artifact_id = a.id ORDER BY t.since DESC, t.id DESC LIMIT 10)) AS tags
FROM (SELECT * FROM artifact a WHERE a.digest >= ? AND a.digest < ? AND a.deleted_at IS NULL ORDER BY a.digest LIMIT ?) a
JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NULL AND r.published_at IS NOT NULL
JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL
WHERE %s ORDER BY a.digest, r.full_name LIMIT ?`

func (s *Service) artifacts(ctx context.Context, who rbac.Subject, q Query, limit int) ([]artifact.Artifact, error) {
	q.Words = nil // the digest is one of them
	c := q.about("r", "p")
	seen := visible(who, rbac.On(rbac.Repository, rbac.List))
	c.and(seen.sql, seen.args...)
	var rows []struct {
		ID, ProjectID, RepositoryID         int64
		RepositoryName, Digest              string
		Kind                                oci.Kind
		MediaType, ConfigType, ArtifactType string
		Annotations, Tags                   []byte
		PushedAt                            time.Time
	}
	args := append([]any{q.Digest, after(q.Digest), maxCopies}, c.args...)
	if err := s.db.WithContext(ctx).Raw(fmt.Sprintf(artifactsFound, c.sql), append(args, limit)...).Scan(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]artifact.Artifact, 0, len(rows))
	for _, r := range rows {
		a := artifact.Artifact{
			ID: r.ID, ProjectID: r.ProjectID, RepositoryID: r.RepositoryID, RepositoryName: r.RepositoryName, Digest: r.Digest, Kind: r.Kind,
			MediaType: r.MediaType, ConfigType: r.ConfigType, ArtifactType: r.ArtifactType, PushedAt: r.PushedAt,
		}
		var names []string
		if err := json.Unmarshal(r.Annotations, &a.Annotations); err != nil {
			return nil, fmt.Errorf("annotations of artifact %d: %w", r.ID, err)
		}
		if err := json.Unmarshal(r.Tags, &names); err != nil {
			return nil, fmt.Errorf("tags of artifact %d: %w", r.ID, err)
		}
		for _, name := range names {
			a.Tags = append(a.Tags, artifact.Tag{Name: name})
		}
		out = append(out, a)
	}
	return out, nil
}
