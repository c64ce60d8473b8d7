package artifact

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// mostRestored bounds the tags that one restore changes: the repository is locked
	// meanwhile, which at 100,000 takes some seconds.
	mostRestored = 250_000

	// MostPlanned is how many changes a plan spells out; it counts them all.
	MostPlanned = 1_000
)

// Effect is what restoring a repository does to a tag.
type Effect string

// The effects.
const (
	Moves     Effect = "move"
	ComesBack Effect = "create"
	Goes      Effect = "delete"
	Lost      Effect = "purged"    // it stays as it is: what it pointed at was deleted for ever
	Kept      Effect = "immutable" // it stays as it is: a rule keeps it
)

// Planned is what restoring a repository to a time does, or has done.
type Planned struct {
	At      time.Time
	Counts  map[Effect]int64
	Revived int64           // artifacts that come back from the recycle bin for it
	Changes []PlannedChange // the first MostPlanned, by name
}

// PlannedChange is what happens to one tag.
type PlannedChange struct {
	Tag    string
	Effect Effect
	From   string // digest now; '' when there is no such tag
	To     string // digest then; '' when there was no such tag
}

// The history up to then, folded, against the tags of now; only what differs.
const differences = `
WITH past AS (
  SELECT DISTINCT ON (name) name, to_artifact_id AS id FROM tag_event WHERE repository_id = $1 AND at <= $2 ORDER BY name, id DESC),
differ AS (
  SELECT coalesce(p.name, t.name) AS name, t.artifact_id AS now_id, p.id AS then_id
  FROM past p FULL JOIN (SELECT name, artifact_id FROM tag WHERE repository_id = $1) t ON t.name = p.name
  WHERE p.id IS DISTINCT FROM t.artifact_id)
SELECT d.name, coalesce(d.now_id, 0), coalesce(d.then_id, 0), coalesce(n.digest, ''), coalesce(a.digest, g.digest, ''),
       a.id IS NOT NULL, a.deleted_at, coalesce(c.not_before, x.until)
FROM differ d
LEFT JOIN artifact n ON n.id = d.now_id
LEFT JOIN artifact a ON a.id = d.then_id
LEFT JOIN purged_artifact g ON g.id = d.then_id
LEFT JOIN deletion x ON x.repository_id = a.repository_id AND x.at = a.deleted_at
LEFT JOIN gc_candidate c ON c.kind = 'artifact' AND c.id = a.id AND c.scope_id = 0
ORDER BY d.name LIMIT $3`

type differenceRow struct {
	Name      string
	NowID     int64
	ThenID    int64
	Now       string
	Then      string
	There     bool
	DeletedAt *time.Time
	Until     *time.Time
}

// plan is what is to be done, as arrays that one statement takes.
type plan struct {
	Planned
	gone               []string
	moved, made        []string
	movedFrom, movedTo []int64
	madeTo             []int64
	revive             []int64 // deleted artifacts that tags need
	reviving           map[int64]bool
}

// differ compares a repository with a moment of its past. rules keep tags where they are.
func (s *Service) differ(ctx context.Context, q rowsQuerier, repositoryID int64, at time.Time, kept func(tag string) bool) (*plan, error) {
	rows, err := q.Query(ctx, differences, repositoryID, at, mostRestored+1)
	if err != nil {
		return nil, fmt.Errorf("compare with the past: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[differenceRow])
	if err != nil {
		return nil, fmt.Errorf("compare with the past: %w", err)
	}
	if len(all) > mostRestored {
		return nil, fault.Invalid("at", "more than %d tags have changed since then, which is too much for one restore; choose a later time, or restore tag by tag", mostRestored)
	}
	p := &plan{Planned: Planned{At: at, Counts: map[Effect]int64{}}, reviving: map[int64]bool{}}
	now := s.clock()
	for _, r := range all {
		effect := p.add(r, now, kept)
		p.Counts[effect]++
		if len(p.Changes) < MostPlanned {
			p.Changes = append(p.Changes, PlannedChange{Tag: r.Name, Effect: effect, From: r.Now, To: r.Then})
		}
	}
	return p, nil
}

type rowsQuerier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func (p *plan) add(r differenceRow, now time.Time, kept func(tag string) bool) Effect {
	switch {
	case r.ThenID != 0 && (!r.There || binned(r.DeletedAt, r.Until, now) == Purged):
		return Lost
	case r.NowID != 0 && kept(r.Name):
		return Kept
	case r.ThenID == 0:
		p.gone = append(p.gone, r.Name)
		return Goes
	}
	if r.DeletedAt != nil && !p.reviving[r.ThenID] {
		p.reviving[r.ThenID], p.revive = true, append(p.revive, r.ThenID)
		p.Revived++
	}
	if r.NowID == 0 {
		p.made, p.madeTo = append(p.made, r.Name), append(p.madeTo, r.ThenID)
		return ComesBack
	}
	p.moved, p.movedFrom, p.movedTo = append(p.moved, r.Name), append(p.movedFrom, r.NowID), append(p.movedTo, r.ThenID)
	return Moves
}

// PlanRestore says what RestoreRepository would do now, and changes nothing.
func (s *Service) PlanRestore(ctx context.Context, project, repository string, at time.Time) (Planned, error) {
	at, err := s.pastTime(at)
	if err != nil {
		return Planned{}, err
	}
	id, err := s.publishedRepository(ctx, project, repository)
	if err != nil {
		return Planned{}, err
	}
	rules, err := s.rulesOf(ctx, project)
	if err != nil {
		return Planned{}, err
	}
	p, err := s.differ(ctx, s.db.Pool, id, at, func(tag string) bool {
		_, found := rules.Match(repository, tag)
		return found
	})
	if err != nil {
		return Planned{}, fmt.Errorf("plan to restore %s/%s: %w", project, repository, err)
	}
	return p.Planned, nil
}

func (s *Service) pastTime(at time.Time) (time.Time, error) {
	if at.IsZero() || at.After(s.clock()) {
		return at, fault.Invalid("at", "at must be a time in the past, as 2026-01-31T12:00:00Z")
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

const (
	// Nobody else has the repository: where the tags are is known.
	moveTags = `
WITH made AS (UPDATE tag t SET artifact_id = w.id, since = $4, by_name = $5, expires_at = NULL, expiry_due = NULL
FROM unnest($2::text[], $3::bigint[]) AS w(name, id) WHERE t.repository_id = $1 AND t.name = w.name
RETURNING t.repository_id, t.name, t.artifact_id)` + event.TagsMade

	addMoves = `
INSERT INTO tag_event (repository_id, name, from_artifact_id, to_artifact_id, at, by_name, cause)
SELECT $1, w.name, w.was, w.id, $5, $6, $7 FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS w(name, was, id) ORDER BY w.name`

	countMoves = `
UPDATE artifact a SET tag_count = tag_count + x.n
FROM (SELECT id, sum(n)::integer AS n FROM (
  SELECT unnest($1::bigint[]) AS id, -1 AS n UNION ALL SELECT unnest($2::bigint[]), 1) e GROUP BY id) x
WHERE a.id = x.id AND x.n <> 0`

	lockMoved = `SELECT FROM artifact WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE`
)

// RestoreRepository puts the tags of a repository back to where they were at a time, in
// one transaction: moves them, brings them back, removes those that were not there.
// What cannot be done (PlanRestore) stays as it is. Artifacts that have no tag after it
// stay, too.
func (s *Service) RestoreRepository(ctx context.Context, by rbac.Subject, project, repository string, at time.Time) (Planned, error) {
	at, err := s.pastTime(at)
	if err != nil {
		return Planned{}, err
	}
	var out Planned
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		rules, err := holdRules(ctx, conn, project)
		if err != nil {
			return err
		}
		held, err := lockRepositoryRow(ctx, conn, project, repository)
		if err != nil {
			return err
		}
		p, err := s.differ(ctx, conn, held.id, at, func(tag string) bool {
			_, found := rules.Match(repository, tag)
			return found
		})
		if err != nil {
			return err
		}
		out = p.Planned
		r := removal{rules: rules, repositoryID: held.id, repository: repository, by: by.Name, cause: causeRestore, at: s.now()}
		if err := s.carryOut(ctx, conn, by, held, p, r); err != nil {
			return fmt.Errorf("restore %s/%s: %w", project, repository, err)
		}
		full := project + "/" + repository
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &held.projectID, Operation: audit.Restore, ResourceType: audit.Repository, Resource: full,
			Description: fmt.Sprintf("restore repository: %s to %s: %d tags moved, %d made, %d removed, %d kept by a rule, %d lost",
				full, at.Format(time.RFC3339), out.Counts[Moves], out.Counts[ComesBack], out.Counts[Goes], out.Counts[Kept], out.Counts[Lost]),
		})
	})
	return out, err
}

func (s *Service) carryOut(ctx context.Context, tx pgx.Tx, by rbac.Subject, held lockedRepository, p *plan, r removal) error {
	back := restoring{Service: s, ctx: ctx, tx: tx, by: by, projectID: held.projectID, now: r.at}
	if len(p.revive) > 0 {
		if err := back.lock(p.revive, p.revive); err != nil {
			return err
		}
		if err := back.revive(); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, lockMoved, append(append([]int64{}, p.movedFrom...), p.movedTo...)); err != nil {
		return err
	}
	if len(p.gone) > 0 {
		if err := removeTags(ctx, tx, r, "name = ANY($2)", p.gone); err != nil {
			return err
		}
	}
	batch := &pgx.Batch{}
	if len(p.moved) > 0 {
		batch.Queue(moveTags, held.id, p.moved, p.movedTo, r.at, r.by)
		batch.Queue(addMoves, held.id, p.moved, p.movedFrom, p.movedTo, r.at, r.by, r.cause)
		batch.Queue(countMoves, p.movedFrom, p.movedTo)
	}
	if len(p.made) > 0 {
		repositories := make([]int64, len(p.made))
		for i := range repositories {
			repositories[i] = held.id
		}
		batch.Queue(bringTags, repositories, p.made, p.madeTo, r.at, r.by, r.cause)
	}
	batch.Queue(noteRepository, held.id)
	return tx.SendBatch(ctx, batch).Close()
}
