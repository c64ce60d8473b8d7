package artifact

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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

// With says what to fetch along with each artifact, each in one query for the
// whole page.
type With struct {
	Tags        bool
	Accessories bool
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
	PushedAt       time.Time
	PulledAt       *time.Time
}

const artifactFields = `a.id, r.project_id, a.repository_id, p.name || '/' || r.name AS repository_name, a.digest, a.kind, a.media_type, a.config_type,
a.artifact_type, a.size, coalesce(a.subject_digest, '') AS subject_digest, a.accessory_type, a.annotations, a.platform, a.config, a.pushed_at, a.pulled_at`

func (r artifactRow) artifact() (Artifact, error) {
	a := Artifact{
		ID: r.ID, ProjectID: r.ProjectID, RepositoryID: r.RepositoryID, RepositoryName: r.RepositoryName, Digest: r.Digest, Kind: r.Kind,
		MediaType: r.MediaType, ConfigType: r.ConfigType, ArtifactType: r.ArtifactType, Size: r.Size, SubjectDigest: r.SubjectDigest,
		AccessoryType: r.AccessoryType, Config: r.Config, PushedAt: r.PushedAt, PulledAt: r.PulledAt,
	}
	if err := json.Unmarshal(r.Annotations, &a.Annotations); err != nil {
		return a, fmt.Errorf("annotations of artifact %d: %w", r.ID, err)
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

func (s *Service) artifacts(ctx context.Context) *gorm.DB {
	return s.db.Gorm.WithContext(ctx).Table("artifact a").
		Joins("JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NULL").
		Joins("JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL")
}

// List lists artifacts, the newest push first unless told otherwise, in at most
// five queries whatever the page's size. A repository that is not there has none.
func (s *Service) List(ctx context.Context, f Filter, p page.Page) (page.List[Artifact], error) {
	q := s.artifacts(ctx).Where("r.project_id = ?", f.ProjectID).Where(listed)
	if f.Repository != "" {
		q = q.Where("r.name = ?", f.Repository)
	}
	if f.LatestInRepository {
		q = q.Where("NOT EXISTS (SELECT 1 FROM artifact b WHERE b.repository_id = a.repository_id AND b.deleted_at IS NULL AND b.accessory_type = '' " +
			"AND (b.tag_count > 0 OR b.parent_count = 0) AND (b.pushed_at, b.id) > (a.pushed_at, a.id))")
	}
	q, p = withTags(q, p)
	q, err := p.Apply(q, artifactColumns(), "a.pushed_at DESC, a.id DESC")
	if err != nil {
		return page.List[Artifact]{}, err
	}
	var out page.List[Artifact]
	if err := q.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count artifacts: %w", err)
	}
	var rows []artifactRow
	if err := p.Window(q).Select(artifactFields).Find(&rows).Error; err != nil {
		return out, fmt.Errorf("list artifacts: %w", err)
	}
	out.Items, err = s.complete(ctx, rows, f.With)
	return out, err
}

// withTags takes the q terms about tags, which are rows of another table, out of
// the page: tags=* tagged, tags=nil untagged, tags=v exactly, tags=~v part of it.
func withTags(q *gorm.DB, p page.Page) (*gorm.DB, page.Page) {
	const has = "EXISTS (SELECT 1 FROM tag t WHERE t.artifact_id = a.id AND "
	rest := make([]page.Term, 0, len(p.Query.Terms))
	for _, term := range p.Query.Terms {
		switch {
		case term.Key != "tags" && term.Key != "tag":
			rest = append(rest, term)
		case term.Op == page.Fuzzy:
			q = q.Where(has+"strpos(t.name, ?) > 0)", term.Values[0])
		case term.Op == page.Equal && term.Values[0] == "*":
			q = q.Where("a.tag_count > 0")
		case term.Op == page.Equal && term.Values[0] == "nil":
			q = q.Where("a.tag_count = 0")
		default:
			q = q.Where(has+"t.name IN ?)", term.Values)
		}
	}
	p.Query.Terms = rest
	return q, p
}

// Get returns the artifact that ref (a tag or a digest) names, with its tags,
// children and accessories.
func (s *Service) Get(ctx context.Context, project, repository, ref string) (Artifact, error) {
	found, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return Artifact{}, err
	}
	var rows []artifactRow
	if err := s.artifacts(ctx).Where("a.id = ?", found.id).Select(artifactFields).Find(&rows).Error; err != nil {
		return Artifact{}, fmt.Errorf("get artifact %s: %w", reference(project+"/"+repository, ref), err)
	}
	all, err := s.complete(ctx, rows, With{Tags: true, Accessories: true})
	if err != nil {
		return Artifact{}, err
	}
	if len(all) == 0 { // deleted between the two queries
		return Artifact{}, s.unknown(ctx, project, repository, ref)
	}
	return all[0], nil
}

// complete turns rows into artifacts with what belongs to them.
func (s *Service) complete(ctx context.Context, rows []artifactRow, with With) ([]Artifact, error) {
	out := make([]Artifact, len(rows))
	at := make(map[int64]*Artifact, len(rows))
	ids := make([]int64, len(rows))
	for i, r := range rows {
		a, err := r.artifact()
		if err != nil {
			return nil, err
		}
		out[i] = a
		at[a.ID], ids[i] = &out[i], a.ID
	}
	if len(rows) == 0 {
		return out, nil
	}
	if err := s.addChildren(ctx, ids, at); err != nil {
		return nil, err
	}
	if with.Tags {
		if err := s.addTags(ctx, ids, at); err != nil {
			return nil, err
		}
	}
	if with.Accessories {
		if err := s.addAccessories(ctx, ids, at); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) addTags(ctx context.Context, ids []int64, at map[int64]*Artifact) error {
	var rows []tagRow
	if err := s.db.Gorm.WithContext(ctx).Table("tag").Where("artifact_id IN ?", ids).Order("since DESC, id DESC").Find(&rows).Error; err != nil {
		return fmt.Errorf("list tags: %w", err)
	}
	for _, r := range rows {
		at[r.ArtifactID].Tags = append(at[r.ArtifactID].Tags, r.tag())
	}
	return nil
}

const childrenOf = `
SELECT c.parent_id, c.child_id, a.digest, c.platform FROM artifact_child c JOIN artifact a ON a.id = c.child_id
WHERE c.parent_id = ANY($1) ORDER BY c.parent_id, c.position`

func (s *Service) addChildren(ctx context.Context, ids []int64, at map[int64]*Artifact) error {
	rows, err := s.db.Pool.Query(ctx, childrenOf, ids)
	if err != nil {
		return fmt.Errorf("list children: %w", err)
	}
	children, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Child])
	if err != nil {
		return fmt.Errorf("list children: %w", err)
	}
	for _, c := range children {
		at[c.ParentID].Children = append(at[c.ParentID].Children, c)
	}
	return nil
}

const accessoriesFor = `
SELECT x.id, a.id, a.digest, p.name || '/' || r.name, x.digest, x.accessory_type, x.size, x.pushed_at
FROM artifact a
JOIN repository r ON r.id = a.repository_id
JOIN project p ON p.id = r.project_id
JOIN artifact x ON x.repository_id = a.repository_id AND x.subject_digest = a.digest AND x.deleted_at IS NULL AND x.accessory_type <> ''
WHERE a.id = ANY($1) ORDER BY x.id`

func (s *Service) accessories(ctx context.Context, ids []int64) ([]Accessory, error) {
	rows, err := s.db.Pool.Query(ctx, accessoriesFor, ids)
	if err != nil {
		return nil, fmt.Errorf("list accessories: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Accessory])
	if err != nil {
		return nil, fmt.Errorf("list accessories: %w", err)
	}
	return out, nil
}

func (s *Service) addAccessories(ctx context.Context, ids []int64, at map[int64]*Artifact) error {
	all, err := s.accessories(ctx, ids)
	if err != nil {
		return err
	}
	for _, x := range all {
		at[x.SubjectArtifactID].Accessories = append(at[x.SubjectArtifactID].Accessories, x)
	}
	return nil
}

// Accessories lists what refers to the artifact that ref names: signatures,
// SBOMs and others.
func (s *Service) Accessories(ctx context.Context, project, repository, ref string, p page.Page) (page.List[Accessory], error) {
	a, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return page.List[Accessory]{}, err
	}
	q := s.db.Gorm.WithContext(ctx).Table("artifact x").
		Joins("JOIN artifact a ON a.id = ? AND x.repository_id = a.repository_id AND x.subject_digest = a.digest", a.id).
		Joins("JOIN repository r ON r.id = a.repository_id").Joins("JOIN project p ON p.id = r.project_id").
		Where("x.deleted_at IS NULL AND x.accessory_type <> ''")
	q, err = p.Apply(q, page.Columns{
		"id": {SQL: "x.id", Kind: page.Int}, "digest": {SQL: "x.digest", Kind: page.Text}, "type": {SQL: "x.accessory_type", Kind: page.Text},
		"size": {SQL: "x.size", Kind: page.Int}, "creation_time": {SQL: "x.pushed_at", Kind: page.Time},
	}, "x.id")
	if err != nil {
		return page.List[Accessory]{}, err
	}
	var out page.List[Accessory]
	if err := q.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count accessories: %w", err)
	}
	err = p.Window(q).Select(`x.id, a.id AS subject_artifact_id, a.digest AS subject_digest, p.name || '/' || r.name AS subject_repository,
x.digest, x.accessory_type AS type, x.size, x.pushed_at AS created_at`).Scan(&out.Items).Error
	if err != nil {
		return out, fmt.Errorf("list accessories: %w", err)
	}
	return out, nil
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
