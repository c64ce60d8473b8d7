package artifact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/label"
)

// With says what to fetch along with each artifact, besides its children.
type With struct {
	Tags        bool
	Labels      bool
	Accessories bool
	Immutable   bool // whether each tag is immutable
}

// How many tags, and how many accessories, come along with an artifact: in a list
// the newest, of a single one all that anybody could want.
const (
	mostInList = 100
	mostOfOne  = 100_000
)

// belonging is a row of one statement that fetches all that belongs to the
// artifacts of a page. Its columns mean for each kind what its query says.
type belonging struct {
	Kind   belongingKind
	Owner  int64 // the artifact
	ID     int64
	Number int64
	Name   string
	Detail string
	More   string
	At     *time.Time
	Last   *time.Time
	End    *time.Time
}

type belongingKind int32

const (
	childKind belongingKind = iota
	tagKind
	labelKind
	accessoryKind
)

// $1 is the artifacts and $2 how many tags and accessories of each.
const (
	selectChildren = `
SELECT 0, c.parent_id, c.child_id, c.position::bigint, a.digest, coalesce(c.platform::text, ''), '', NULL::timestamptz, NULL::timestamptz, NULL::timestamptz
FROM artifact_child c JOIN artifact a ON a.id = c.child_id WHERE c.parent_id = ANY($1)`

	selectTags = `
SELECT 1, t.artifact_id, t.id, t.repository_id, t.name, '', '', t.since, t.pulled_at, t.expires_at
FROM unnest($1::bigint[]) AS owner(id)
CROSS JOIN LATERAL (SELECT * FROM tag WHERE artifact_id = owner.id ORDER BY since DESC, id DESC LIMIT $2) t`

	selectLabels = `
SELECT 2, al.artifact_id, l.id, coalesce(l.project_id, 0), l.name, l.description, l.color, l.created_at, l.updated_at, NULL
FROM artifact_label al JOIN label l ON l.id = al.label_id WHERE al.artifact_id = ANY($1)`

	selectAccessories = `
SELECT 3, a.id, x.id, x.size, x.digest, x.accessory_type, '', x.pushed_at, NULL, NULL
FROM artifact a CROSS JOIN LATERAL (
  SELECT * FROM artifact x WHERE x.repository_id = a.repository_id AND x.subject_digest = a.digest AND x.deleted_at IS NULL AND x.accessory_type <> ''
  ORDER BY x.id DESC LIMIT $2) x
WHERE a.id = ANY($1)`
)

// belongings is the statement for what is asked for.
func (w With) belongings() string {
	parts := []string{selectChildren + " AND $2 > 0"} // so that there always is a $2
	if w.Tags {
		parts = append(parts, selectTags)
	}
	if w.Labels {
		parts = append(parts, selectLabels)
	}
	if w.Accessories {
		parts = append(parts, selectAccessories)
	}
	return strings.Join(parts, "\nUNION ALL")
}

// complete turns rows of a project into artifacts with what belongs to them, in
// one statement, and one more for the rules when it is asked which tags are immutable.
func (s *Service) complete(ctx context.Context, projectID int64, rows []artifactRow, with With, most int) ([]Artifact, error) {
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
	found, err := s.db.Pool.Query(ctx, with.belongings(), ids, most)
	if err != nil {
		return nil, fmt.Errorf("list what belongs to artifacts: %w", err)
	}
	all, err := pgx.CollectRows(found, pgx.RowToStructByPos[belonging])
	if err != nil {
		return nil, fmt.Errorf("list what belongs to artifacts: %w", err)
	}
	slices.SortFunc(all, belonging.compare)
	for _, b := range all {
		if err := b.addTo(at[b.Owner]); err != nil {
			return nil, err
		}
	}
	if with.Tags && with.Immutable {
		return out, s.markImmutable(ctx, projectID, out)
	}
	return out, nil
}

// compare sorts tags by the newest, labels by name, children by their place.
func (b belonging) compare(c belonging) int {
	if b.Kind == tagKind && c.Kind == tagKind && !b.At.Equal(*c.At) {
		return c.At.Compare(*b.At)
	}
	switch {
	case b.Kind != c.Kind:
		return cmp.Compare(b.Kind, c.Kind)
	case b.Kind == tagKind:
		return cmp.Compare(c.ID, b.ID)
	case b.Kind == labelKind:
		return cmp.Or(cmp.Compare(b.Name, c.Name), cmp.Compare(b.ID, c.ID))
	case b.Kind == childKind:
		return cmp.Compare(b.Number, c.Number)
	}
	return cmp.Compare(b.ID, c.ID)
}

func (b belonging) addTo(a *Artifact) error {
	switch b.Kind {
	case childKind:
		c := Child{ParentID: b.Owner, ChildID: b.ID, ChildDigest: b.Name}
		if b.Detail != "" {
			if err := json.Unmarshal([]byte(b.Detail), &c.Platform); err != nil {
				return fmt.Errorf("platform of child %d of artifact %d: %w", b.ID, b.Owner, err)
			}
		}
		a.Children = append(a.Children, c)
	case tagKind:
		a.Tags = append(a.Tags, Tag{ID: b.ID, RepositoryID: b.Number, ArtifactID: b.Owner, Name: b.Name, PushedAt: *b.At, PulledAt: b.Last, ExpiresAt: b.End})
	case labelKind:
		l := label.Label{ID: b.ID, Name: b.Name, Description: b.Detail, Color: b.More, CreatedAt: *b.At, UpdatedAt: *b.Last}
		if b.Number != 0 {
			l.ProjectID = &b.Number
		}
		a.Labels = append(a.Labels, l)
	case accessoryKind:
		a.Accessories = append(a.Accessories, Accessory{
			ID: b.ID, SubjectArtifactID: a.ID, SubjectDigest: a.Digest, SubjectRepository: a.RepositoryName,
			Digest: b.Name, Type: b.Detail, Size: b.Number, CreatedAt: *b.At,
		})
	}
	return nil
}

func (s *Service) markImmutable(ctx context.Context, projectID int64, all []Artifact) error {
	rules, err := immutable.Load(ctx, s.db.Pool, projectID)
	if err != nil || len(rules) == 0 {
		return err
	}
	for _, a := range all {
		_, repository, _ := strings.Cut(a.RepositoryName, "/")
		for i := range a.Tags {
			_, a.Tags[i].Immutable = rules.Match(repository, a.Tags[i].Name)
		}
	}
	return nil
}
