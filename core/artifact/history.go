package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Move is one change of a tag: made, pointed elsewhere, removed.
type Move struct {
	ID    int64
	Tag   string
	At    time.Time
	By    string
	Cause Cause
	From  *Past // nil: it was made
	To    *Past // nil: it was removed
}

// Past is an artifact that a tag has pointed at, and whether it still can.
type Past struct {
	ArtifactID int64
	Digest     string // '' when not even that is known any more
	State      State
	Until      *time.Time // in the bin: when it can be restored no more
}

// State is what has become of an artifact.
type State string

// The states.
const (
	Alive  State = "alive"
	Binned State = "bin"    // deleted, and can be restored
	Purged State = "purged" // gone, or about to be
)

// binned says what a deletion means now. A child of an index in the bin may have no
// time of its own: garbage collection comes to it with its index.
func binned(deletedAt, until *time.Time, now time.Time) State {
	switch {
	case deletedAt == nil:
		return Alive
	case until == nil || until.After(now):
		return Binned
	}
	return Purged
}

type moveRow struct {
	ID      int64
	Name    string
	At      time.Time
	ByName  string
	Cause   Cause
	FromID  *int64
	ToID    *int64
	FromNow pastRow `gorm:"embedded;embeddedPrefix:from_"`
	ToNow   pastRow `gorm:"embedded;embeddedPrefix:to_"`
}

type pastRow struct {
	Digest    string
	There     bool
	DeletedAt *time.Time
	Until     *time.Time
}

func (r pastRow) past(id *int64, now time.Time) *Past {
	if id == nil {
		return nil
	}
	out := &Past{ArtifactID: *id, Digest: r.Digest, State: Purged}
	if r.There {
		out.State = binned(r.DeletedAt, r.Until, now)
	}
	if out.State == Binned {
		out.Until = r.Until
	}
	return out
}

func (r moveRow) move(now time.Time) Move {
	return Move{
		ID: r.ID, Tag: r.Name, At: r.At, By: r.ByName, Cause: r.Cause, From: r.FromNow.past(r.FromID, now), To: r.ToNow.past(r.ToID, now),
	}
}

const (
	publishedRepository = `
SELECT r.id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL AND r.published_at IS NOT NULL
WHERE p.name = $1 AND p.deleted_at IS NULL`

	newestMove = `e.id DESC` // the order of tag_event_repository_idx and, for one tag, of tag_event_tag_idx

	moveFields = `e.id, e.name, e.at, e.by_name, e.cause, e.from_artifact_id AS from_id, e.to_artifact_id AS to_id,
coalesce(f.digest, fp.digest, '') AS from_digest, f.id IS NOT NULL AS from_there, f.deleted_at AS from_deleted_at, coalesce(fc.not_before, fd.until) AS from_until,
coalesce(t.digest, tp.digest, '') AS to_digest, t.id IS NOT NULL AS to_there, t.deleted_at AS to_deleted_at, coalesce(tc.not_before, td.until) AS to_until`

	// %[1]s is the side of the move, %[2]s its column.
	movePast = `
LEFT JOIN artifact %[1]s ON %[1]s.id = e.%[2]s
LEFT JOIN purged_artifact %[1]sp ON %[1]sp.id = e.%[2]s
LEFT JOIN deletion %[1]sd ON %[1]sd.repository_id = %[1]s.repository_id AND %[1]sd.at = %[1]s.deleted_at
LEFT JOIN gc_candidate %[1]sc ON %[1]sc.kind = 'artifact' AND %[1]sc.id = %[1]s.id AND %[1]sc.scope_id = 0`
)

func moveColumns() page.Columns {
	return page.Columns{
		"id": {SQL: "e.id", Kind: page.Int}, "tag": {SQL: "e.name", Kind: page.Text}, "op_time": {SQL: "e.at", Kind: page.Time},
		"operator": {SQL: "e.by_name", Kind: page.Text}, "cause": {SQL: "e.cause", Kind: page.Text},
	}
}

// History lists how the tags of a repository have moved, or one of them, the newest
// first unless told otherwise. A tag that is gone has its history still.
func (s *Service) History(ctx context.Context, project, repository, tag string, p page.Page) (page.List[Move], error) {
	id, err := s.publishedRepository(ctx, project, repository)
	if err != nil {
		return page.List[Move]{}, err
	}
	all, rows, err := s.moves(ctx, id, tag, p)
	if err != nil {
		return page.List[Move]{}, err
	}
	var out page.List[Move]
	if err := all.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count the history of %s/%s: %w", project, repository, err)
	}
	var found []moveRow
	if err := rows.Find(&found).Error; err != nil {
		return out, fmt.Errorf("list the history of %s/%s: %w", project, repository, err)
	}
	now := s.clock()
	for _, r := range found {
		out.Items = append(out.Items, r.move(now))
	}
	return out, nil
}

// moves is two statements, as listing is.
func (s *Service) moves(ctx context.Context, repositoryID int64, tag string, p page.Page) (all, rows *gorm.DB, err error) {
	db := s.db.Gorm.WithContext(ctx)
	q := db.Table("tag_event e").Where("e.repository_id = ?", repositoryID)
	if tag != "" {
		q = q.Where("e.name = ?", tag)
	}
	columns := moveColumns()
	if all, err = (page.Page{Query: p.Query}).Apply(q, columns, ""); err != nil {
		return nil, nil, err
	}
	all = all.Session(&gorm.Session{}) // both statements start from it
	order := page.Page{Sort: p.Sort}
	window, err := order.Apply(p.Window(all), columns, newestMove)
	if err != nil {
		return nil, nil, err
	}
	rows = db.Table("(?) AS page", window.Select("e.id")).Joins("JOIN tag_event e ON e.id = page.id").
		Joins(fmt.Sprintf(movePast, "f", "from_artifact_id")).Joins(fmt.Sprintf(movePast, "t", "to_artifact_id")).Select(moveFields)
	rows, err = order.Apply(rows, columns, newestMove)
	return all, rows, err
}

func (s *Service) publishedRepository(ctx context.Context, project, repository string) (id int64, err error) {
	err = s.db.Pool.QueryRow(ctx, publishedRepository, project, repository).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, repositoryUnknown(project, repository)
	}
	if err != nil {
		return 0, fmt.Errorf("find repository %s/%s: %w", project, repository, err)
	}
	return id, nil
}
