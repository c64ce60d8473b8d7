package artifact

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
)

// Deletion is who deleted something, when and why, and until when it can be restored.
type Deletion struct {
	At    time.Time
	By    string
	Cause Cause
	Until time.Time
}

// BinnedArtifact is one in the recycle bin. What refers to it and was deleted with it
// is part of it; what was deleted with its whole repository is part of that.
type BinnedArtifact struct {
	Deletion
	ID         int64
	ProjectID  int64
	Repository string // project/name
	Digest     string
	Kind       oci.Kind
	Size       int64    // bytes, as lists of artifacts tell it
	Tags       []string `gorm:"-"` // that the deletion removed, at most 100
	Kept       int64    // bytes that only the recycle bin keeps
}

// BinnedRepository is one in the recycle bin.
type BinnedRepository struct {
	Deletion
	ID        int64
	ProjectID int64
	Name      string // project/name
	NameTaken bool   // another repository has it now: this one is restored under another name
	Artifacts int64  // that come back with it
	Tags      int64  // that the deletion removed
	Kept      int64  // bytes that only the recycle bin keeps
}

const (
	// A blob b that no living artifact of the project %s has.
	onlyInBin = `NOT EXISTS (SELECT FROM artifact_blob o JOIN artifact y ON y.id = o.artifact_id
  WHERE o.blob_id = b.id AND y.project_id = %s AND y.deleted_at IS NULL)`

	// What is due for garbage collection is in the bin no more. A child of an index in
	// the bin may have no candidate of its own.
	binnedUntil = `coalesce(c.not_before, d.until, 'infinity')`

	// Not what refers to something that the same deletion took.
	binnedRoot = `NOT (a.accessory_type <> '' AND EXISTS (SELECT FROM (SELECT s.deleted_at FROM artifact s
  WHERE s.repository_id = a.repository_id AND s.digest = a.subject_digest OFFSET 0) s WHERE s.deleted_at = a.deleted_at))`

	joinDeletion  = `LEFT JOIN deletion d ON d.repository_id = a.repository_id AND d.at = a.deleted_at`
	joinCandidate = `LEFT JOIN gc_candidate c ON c.kind = 'artifact' AND c.id = a.id AND c.scope_id = 0`

	removedTag = `SELECT e.name FROM tag_event e WHERE e.from_artifact_id = a.id AND e.at = a.deleted_at AND e.to_artifact_id IS NULL`

	newestArtifactDeletion   = `a.deleted_at DESC, a.id DESC` // the order of artifact_deleted_idx
	newestRepositoryDeletion = `r.deleted_at DESC, r.id DESC` // the order of repository_bin_idx
)

func binnedArtifactFields() string {
	return `a.id, a.project_id, r.full_name AS repository, a.digest, a.kind, a.size, a.deleted_at AS at, coalesce(d.by_name, '') AS by,
coalesce(d.cause, '') AS cause, least(` + binnedUntil + `, a.deleted_at + interval '365 days') AS until,
coalesce((SELECT jsonb_agg(t.name) FROM (` + removedTag + ` ORDER BY e.name LIMIT 100) t), '[]') AS tag_names,
(SELECT coalesce(sum(b.size), 0)::bigint FROM blob b WHERE b.id IN (
  SELECT e.blob_id FROM artifact_blob e WHERE e.artifact_id = a.id
  UNION ALL
  SELECT e.blob_id FROM (SELECT x.id, x.deleted_at FROM artifact x
    WHERE x.repository_id = a.repository_id AND x.subject_digest = a.digest OFFSET 0) x JOIN artifact_blob e ON e.artifact_id = x.id
  WHERE x.deleted_at = a.deleted_at)
 AND ` + fmt.Sprintf(onlyInBin, "a.project_id") + `) AS kept`
}

func binnedRepositoryFields() string {
	return `r.id, r.project_id, r.full_name AS name, r.deleted_at AS at, d.by_name AS by, d.cause, d.until,
EXISTS (SELECT FROM repository o WHERE o.project_id = r.project_id AND o.name = r.name AND o.deleted_at IS NULL AND o.published_at IS NOT NULL) AS name_taken,
(SELECT count(*) FROM artifact a WHERE a.repository_id = r.id AND a.deleted_at = r.deleted_at) AS artifacts,
(SELECT count(*) FROM tag_event e WHERE e.repository_id = r.id AND e.at = r.deleted_at AND e.to_artifact_id IS NULL) AS tags,
(SELECT coalesce(sum(b.size), 0)::bigint FROM blob b WHERE b.id IN (
  SELECT e.blob_id FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id WHERE a.repository_id = r.id AND a.deleted_at IS NOT NULL)
 AND ` + fmt.Sprintf(onlyInBin, "r.project_id") + `) AS kept`
}

type binnedArtifactRow struct {
	BinnedArtifact
	TagNames []byte
}

// BinFilter says whose recycle bin to list.
type BinFilter struct {
	ProjectID *int64 // nil: of all projects
}

// BinnedArtifacts lists the artifacts in the recycle bin, the last deleted first
// unless told otherwise.
func (s *Service) BinnedArtifacts(ctx context.Context, f BinFilter, p page.Page) (page.List[BinnedArtifact], error) {
	all, rows, err := s.binnedArtifacts(ctx, f, p)
	if err != nil {
		return page.List[BinnedArtifact]{}, err
	}
	var out page.List[BinnedArtifact]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count deleted artifacts: %w", err)
	}
	var found []binnedArtifactRow
	if err := rows.Find(&found).Error; err != nil {
		return out, fmt.Errorf("list deleted artifacts: %w", err)
	}
	for _, r := range found {
		if err := json.Unmarshal(r.TagNames, &r.Tags); err != nil {
			return out, fmt.Errorf("tags of artifact %d: %w", r.ID, err)
		}
		out.Items = append(out.Items, r.BinnedArtifact)
	}
	return out, nil
}

// binnedArtifacts is two statements, as listing is.
func (s *Service) binnedArtifacts(ctx context.Context, f BinFilter, p page.Page) (all, rows *gorm.DB, err error) {
	db := s.db.Gorm.WithContext(ctx)
	q := db.Table("artifact a").Joins("JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NULL").
		Joins(joinDeletion).Joins(joinCandidate).
		Where("a.deleted_at IS NOT NULL AND "+binnedRoot+" AND "+binnedUntil+" > ?", s.clock())
	if f.ProjectID != nil {
		q = q.Where("a.project_id = ?", *f.ProjectID)
	}
	var rest page.Query
	for _, t := range p.Query.Terms {
		if t.Key == "tag" || t.Key == "tags" {
			q = whereRemovedTag(q, t)
		} else {
			rest.Terms = append(rest.Terms, t)
		}
	}
	columns := page.Columns{
		"id": {SQL: "a.id", Kind: page.Int}, "repository": {SQL: "r.full_name", Kind: page.Text}, "digest": {SQL: "a.digest", Kind: page.Text},
		"project_id": {SQL: "a.project_id", Kind: page.Int}, "operator": {SQL: "d.by_name", Kind: page.Text}, "cause": {SQL: "d.cause", Kind: page.Text},
		"delete_time": {SQL: "a.deleted_at", Kind: page.Time}, "size": {SQL: "a.size", Kind: page.Int},
	}
	if all, err = (page.Page{Query: rest}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestArtifactDeletion)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("a.id")).Joins("JOIN artifact a ON a.id = page.id").
		Joins("JOIN repository r ON r.id = a.repository_id").Joins(joinDeletion).Joins(joinCandidate).Select(binnedArtifactFields())
	rows, err = order.Apply(rows, columns, newestArtifactDeletion)
	return all, rows, err
}

func whereRemovedTag(q *gorm.DB, t page.Term) *gorm.DB {
	if t.Op == page.Fuzzy {
		return q.Where("EXISTS ("+removedTag+" AND strpos(e.name, ?) > 0)", t.Values[0])
	}
	return q.Where("EXISTS ("+removedTag+" AND e.name IN ?)", t.Values)
}

// BinnedRepositories lists the repositories in the recycle bin, the last deleted first
// unless told otherwise.
func (s *Service) BinnedRepositories(ctx context.Context, f BinFilter, p page.Page) (page.List[BinnedRepository], error) {
	all, rows, err := s.binnedRepositories(ctx, f, p)
	if err != nil {
		return page.List[BinnedRepository]{}, err
	}
	var out page.List[BinnedRepository]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count deleted repositories: %w", err)
	}
	if err := rows.Find(&out.Items).Error; err != nil {
		return out, fmt.Errorf("list deleted repositories: %w", err)
	}
	return out, nil
}

func (s *Service) binnedRepositories(ctx context.Context, f BinFilter, p page.Page) (all, rows *gorm.DB, err error) {
	const joinOwn = "JOIN deletion d ON d.repository_id = r.id AND d.at = r.deleted_at"
	db := s.db.Gorm.WithContext(ctx)
	q := db.Table("repository r").Joins(joinOwn).Joins("JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL").
		Where("r.deleted_at IS NOT NULL AND d.until > ?", s.clock())
	if f.ProjectID != nil {
		q = q.Where("r.project_id = ?", *f.ProjectID)
	}
	columns := page.Columns{
		"id": {SQL: "r.id", Kind: page.Int}, "name": {SQL: "r.full_name", Kind: page.Text}, "repository": {SQL: "r.full_name", Kind: page.Text},
		"project_id": {SQL: "r.project_id", Kind: page.Int}, "operator": {SQL: "d.by_name", Kind: page.Text},
		"delete_time": {SQL: "r.deleted_at", Kind: page.Time},
	}
	if all, err = (page.Page{Query: p.Query}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestRepositoryDeletion)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("r.id")).Joins("JOIN repository r ON r.id = page.id").Joins(joinOwn).Select(binnedRepositoryFields())
	rows, err = order.Apply(rows, columns, newestRepositoryDeletion)
	return all, rows, err
}

const sweepDeletions = `
DELETE FROM deletion d WHERE (d.repository_id, d.at) IN (
  SELECT d.repository_id, d.at FROM deletion d WHERE d.until < $1
  AND NOT EXISTS (SELECT FROM artifact a WHERE a.repository_id = d.repository_id AND a.deleted_at = d.at)
  AND NOT EXISTS (SELECT FROM repository r WHERE r.id = d.repository_id AND r.deleted_at = d.at)
  ORDER BY d.until LIMIT 10000)`

// SweepDeletions forgets deletions whose time has passed and of which nothing is left.
func (s *Service) SweepDeletions(ctx context.Context) (int64, error) {
	done, err := s.db.Pool.Exec(ctx, sweepDeletions, s.clock())
	if err != nil {
		return 0, fmt.Errorf("sweep deletions: %w", err)
	}
	return done.RowsAffected(), nil
}
