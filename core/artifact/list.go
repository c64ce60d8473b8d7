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

// Filter says which artifacts to list: those that people see, so neither
// accessories nor untagged children of an index.
type Filter struct {
	ProjectID          int64
	Repository         string // name without the project; '' for the whole project
	LatestInRepository bool   // only the newest of each repository
	With               With
}

type artifactRow struct {
	ID             int64
	ProjectID      int64
	RepositoryID   int64
	RepositoryName string
	Digest         string
	Kind           oci.Kind
	MediaType      string
	ConfigType     string
	ArtifactType   string
	Size           int64
	SubjectDigest  string
	AccessoryType  string
	Annotations    []byte
	Platform       []byte
	Config         []byte
	History        bool
	PushedAt       time.Time
	PulledAt       *time.Time
}

const (
	// listed is the condition under which an artifact is one that people see in
	// lists; artifact_listed_idx and artifact_project_idx have the same.
	listed = `a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)`

	newestPush = `a.pushed_at DESC, a.id DESC` // the order of both indexes

	artifactFields = `a.id, a.project_id, a.repository_id, r.full_name AS repository_name, a.digest, a.kind, a.media_type, a.config_type,
a.artifact_type, a.size, coalesce(a.subject_digest, '') AS subject_digest, a.accessory_type, a.annotations, a.platform, a.pushed_at, a.pulled_at,
coalesce(a.config -> 'history', '[]') NOT IN ('[]', 'null') AS history, `

	wholeConfig  = `a.config`
	configInList = `a.config - 'history' AS config` // most of it, and no list shows it

	inRepository = `a.repository_id = (SELECT r.id FROM repository r WHERE r.project_id = ? AND r.name = ? AND r.deleted_at IS NULL)`

	// One step in artifact_listed_idx for each repository.
	latest = `a.id IN (SELECT newest.id FROM repository r CROSS JOIN LATERAL (
	SELECT a.id FROM artifact a WHERE a.repository_id = r.id AND ` + listed + ` ORDER BY ` + newestPush + ` LIMIT 1) newest
	WHERE r.project_id = ? AND r.deleted_at IS NULL AND r.published_at IS NOT NULL)`
)

func (r artifactRow) artifact() (Artifact, error) {
	a := Artifact{
		ID: r.ID, ProjectID: r.ProjectID, RepositoryID: r.RepositoryID, RepositoryName: r.RepositoryName, Digest: r.Digest, Kind: r.Kind,
		MediaType: r.MediaType, ConfigType: r.ConfigType, ArtifactType: r.ArtifactType, Size: r.Size, SubjectDigest: r.SubjectDigest,
		AccessoryType: r.AccessoryType, Config: r.Config, History: r.History, PushedAt: r.PushedAt, PulledAt: r.PulledAt,
	}
	if len(r.Annotations) > len("{}") {
		if err := json.Unmarshal(r.Annotations, &a.Annotations); err != nil {
			return a, fmt.Errorf("annotations of artifact %d: %w", r.ID, err)
		}
	}
	if r.Platform != nil {
		if err := json.Unmarshal(r.Platform, &a.Platform); err != nil {
			return a, fmt.Errorf("platform of artifact %d: %w", r.ID, err)
		}
	}
	return a, nil
}

func artifactColumns() page.Columns {
	return page.Columns{
		"id": {SQL: "a.id", Kind: page.Int}, "digest": {SQL: "a.digest", Kind: page.Text}, "type": {SQL: "upper(a.kind)", Kind: page.Text},
		"media_type": {SQL: "a.config_type", Kind: page.Text}, "manifest_media_type": {SQL: "a.media_type", Kind: page.Text},
		"artifact_type": {SQL: "a.artifact_type", Kind: page.Text}, "size": {SQL: "a.size", Kind: page.Int},
		"repository_id": {SQL: "a.repository_id", Kind: page.Int},
		"push_time":     {SQL: "a.pushed_at", Kind: page.Time}, "pull_time": {SQL: "a.pulled_at", Kind: page.Time},
	}
}

// List lists artifacts, the newest push first unless told otherwise, in at most
// four queries whatever the page's size. A repository that is not there has none.
func (s *Service) List(ctx context.Context, f Filter, p page.Page) (page.List[Artifact], error) {
	all, rows, err := s.listing(ctx, f, p)
	if err != nil {
		return page.List[Artifact]{}, err
	}
	// Counted, not estimated: clients page by it. It reads artifact_listed_idx alone, 8 ms
	// of Postgres for 100,000 artifacts once autovacuum has been there, for which the table's
	// settings call it early; a counter would make the pushes to a repository queue.
	var out page.List[Artifact]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count artifacts: %w", err)
	}
	var found []artifactRow
	if err := rows.Find(&found).Error; err != nil {
		return out, fmt.Errorf("list artifacts: %w", err)
	}
	out.Items, err = s.complete(ctx, f.ProjectID, found, f.With, mostInList)
	return out, err
}

// listing is two statements: all artifacts that the filter lets through, and the
// rows of one page of them. A page is found by ids alone, which an index has in
// their order, and only its rows are read: far pages cost little more than near ones.
func (s *Service) listing(ctx context.Context, f Filter, p page.Page) (all, rows *gorm.DB, err error) {
	db := s.db.Gorm.WithContext(ctx)
	q := db.Table("artifact a").Where(listed)
	if f.Repository != "" {
		q = q.Where(inRepository, f.ProjectID, f.Repository)
	} else {
		q = q.Where("a.project_id = ?", f.ProjectID)
	}
	if f.LatestInRepository {
		q = q.Where(latest, f.ProjectID)
	}
	q, p.Query, err = f.where(q, p.Query)
	if err != nil {
		return nil, nil, err
	}
	columns := artifactColumns()
	if all, err = (page.Page{Query: p.Query}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestPush)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("a.id")).Joins("JOIN artifact a ON a.id = page.id").
		Joins("JOIN repository r ON r.id = a.repository_id").Select(artifactFields + configInList)
	rows, err = order.Apply(rows, columns, newestPush)
	return all, rows, err
}

// Get returns the artifact that ref (a tag or a digest) names, with all that
// belongs to it.
func (s *Service) Get(ctx context.Context, project, repository, ref string) (Artifact, error) {
	found, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return Artifact{}, err
	}
	var rows []artifactRow
	err = s.db.Gorm.WithContext(ctx).Table("artifact a").Joins("JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NULL").
		Where("a.id = ?", found.id).Select(artifactFields + wholeConfig).Find(&rows).Error
	if err != nil {
		return Artifact{}, fmt.Errorf("get artifact %s: %w", reference(project+"/"+repository, ref), err)
	}
	all, err := s.complete(ctx, found.projectID, rows, With{Tags: true, Labels: true, Accessories: true, Immutable: true}, mostOfOne)
	if err != nil {
		return Artifact{}, err
	}
	if len(all) == 0 { // deleted between the two queries
		return Artifact{}, s.unknown(ctx, project, repository, ref)
	}
	return all[0], nil
}

// Manifest returns the bytes of the manifest that ref names.
func (s *Service) Manifest(ctx context.Context, project, repository, ref string) (mediaType string, payload []byte, err error) {
	found, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return "", nil, err
	}
	err = s.db.Pool.QueryRow(ctx, `SELECT media_type, payload FROM manifest WHERE digest = $1`, found.digest).Scan(&mediaType, &payload)
	if err != nil {
		return "", nil, fmt.Errorf("read manifest %s: %w", found.digest, err)
	}
	return mediaType, payload, nil
}
