package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Cause is why a tag moved or went, as tag_event.cause has it.
type Cause string

// What people and clients do.
const (
	causePush             Cause = "push"
	causeRetag            Cause = "retag"
	causeCopy             Cause = "copy"
	causeDelete           Cause = "delete"
	causeDeleteArtifact   Cause = "delete-artifact"
	causeDeleteRepository Cause = "delete-repository"
	causeRestore          Cause = "restore"
)

// What rules do in somebody's name, with DeleteTags and DeleteArtifacts.
const (
	CauseRetention   Cause = "retention"
	CauseReplication Cause = "replication"
	CauseUntagged    Cause = "untagged" // garbage collection with delete_untagged
	CauseExpire      Cause = "expire"
)

// tagMove is one change of a tag: to an artifact.
type tagMove struct {
	target target
	name   string
	to     int64
	by     string
	cause  Cause
	at     time.Time
	until  *time.Time // when the tag expires; nil: never

	replicated bool // another registry's replication moves it
}

const (
	lockTag = `SELECT id, artifact_id FROM tag WHERE repository_id = $1 AND name = $2 FOR NO KEY UPDATE`

	addTag = `
INSERT INTO tag (repository_id, name, artifact_id, since, by_name, expires_at, expiry_due) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (repository_id, name) DO NOTHING RETURNING id`

	setTag = `UPDATE tag SET artifact_id = $2, since = $3, by_name = $4, expires_at = $5, expiry_due = $6 WHERE id = $1`

	addTagEvent = `
INSERT INTO tag_event (repository_id, name, from_artifact_id, to_artifact_id, at, by_name, cause) VALUES ($1, $2, $3, $4, $5, $6, $7)`

	countTags = `UPDATE artifact SET tag_count = tag_count + $2 WHERE id = $1`
)

// moveTag points a tag at an artifact, making it if need be, and writes its
// history in the same transaction. A tag that a rule makes immutable is made, but
// not moved; pointing it where it points already changes nothing and is allowed.
func moveTag(ctx context.Context, tx pgx.Tx, m tagMove) error {
	batch := &pgx.Batch{}
	if err := m.queue(ctx, tx, tx.QueryRow(ctx, addTag, m.arguments()...), batch); err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("move tag %s: %w", m.name, err)
	}
	return nil
}

func (m tagMove) arguments() []any {
	return []any{m.target.repositoryID, m.name, m.to, m.at, m.by, m.until, firstLook(m.until, m.at)}
}

// queue adds to batch what is left of a move when addTag has been tried, whose answer
// added is.
func (m tagMove) queue(ctx context.Context, tx pgx.Tx, added pgx.Row, batch *pgx.Batch) error {
	var id, from int64
	err := added.Scan(&id)
	created := err == nil
	for range 5 { // between the two somebody may have deleted the tag, or made it
		if !errors.Is(err, pgx.ErrNoRows) {
			break
		}
		if err = tx.QueryRow(ctx, lockTag, m.target.repositoryID, m.name).Scan(&id, &from); errors.Is(err, pgx.ErrNoRows) {
			err = tx.QueryRow(ctx, addTag, m.arguments()...).Scan(&id)
			created = err == nil
		}
	}
	if err != nil {
		return fmt.Errorf("find tag %s: %w", m.name, err)
	}
	if created {
		batch.Queue(addTagEvent, m.target.repositoryID, m.name, nil, m.to, m.at, m.by, m.cause)
		batch.Queue(countTags, m.to, 1)
		event.Queue(batch, m.news(0))
		return nil
	}
	if from != m.to {
		if err := mayMove(ctx, tx, m); err != nil {
			return err
		}
	}
	batch.Queue(setTag, id, m.to, m.at, m.by, m.until, firstLook(m.until, m.at))
	batch.Queue(noteTags, m.target.repositoryID, []string{m.name})
	batch.Queue(addTagEvent, m.target.repositoryID, m.name, from, m.to, m.at, m.by, m.cause)
	if from != m.to {
		batch.Queue(countTags, min(from, m.to), sign(from > m.to)) // in the order of ids, against deadlocks
		batch.Queue(countTags, max(from, m.to), sign(from < m.to))
		event.Queue(batch, m.news(from))
	}
	return nil
}

// news is the move as others hear of it. Naming again what a tag names is none.
func (m tagMove) news(from int64) event.Change {
	return event.Change{
		Kind: event.Push, RepositoryID: m.target.repositoryID, ArtifactID: m.to, Tag: m.name, BeforeID: from, Replicated: m.replicated, ByName: m.by, At: m.at,
	}
}

func sign(plus bool) int {
	if plus {
		return 1
	}
	return -1
}

// removal is who takes tags of one repository away, when and why.
type removal struct {
	rules        immutable.Rules
	repositoryID int64
	repository   string // without the project
	by           string
	cause        Cause
	at           time.Time
	until        time.Time // the end of the recovery window, once open has been called
}

// removeTags deletes tags and writes their history. which is a condition on tag
// with $1 the repository and $2 its argument. The rules are asked about what was
// deleted, so that no tag can come in between; a refusal undoes the transaction.
func removeTags(ctx context.Context, tx pgx.Tx, r removal, which string, arg any) error {
	sql := `
WITH gone AS (DELETE FROM tag WHERE repository_id = $1 AND ` + which + ` RETURNING name, artifact_id),
     counted AS (UPDATE artifact a SET tag_count = tag_count - g.n
                 FROM (SELECT artifact_id, count(*)::integer AS n FROM gone GROUP BY artifact_id) g WHERE a.id = g.artifact_id),
     told AS (` + event.TagsGone + `)
INSERT INTO tag_event (repository_id, name, from_artifact_id, at, by_name, cause)
SELECT $1, name, artifact_id, $3, $4, $5 FROM gone ORDER BY name RETURNING name`
	rows, err := tx.Query(ctx, sql, r.repositoryID, arg, r.at, r.by, r.cause)
	if err != nil {
		return fmt.Errorf("remove tags: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("remove tags: %w", err)
	}
	if _, err := tx.Exec(ctx, noteTags, r.repositoryID, names); err != nil {
		return fmt.Errorf("note the removal of tags: %w", err)
	}
	return mayDelete(r.rules, r.repository, names)
}

// Tags lists the tags of the artifact that reference (a tag or a digest) names, and
// says which of them are immutable if asked to.
func (s *Service) Tags(ctx context.Context, project, repository, ref string, immutability bool, p page.Page) (page.List[Tag], error) {
	a, err := s.findRow(ctx, project, repository, ref)
	if err != nil {
		return page.List[Tag]{}, err
	}
	q := s.db.Gorm.WithContext(ctx).Table("tag").Where("artifact_id = ?", a.id)
	q, err = p.Apply(q, tagColumns(), "since DESC, id DESC")
	if err != nil {
		return page.List[Tag]{}, err
	}
	q = q.Session(&gorm.Session{}) // both queries below start from it
	var out page.List[Tag]
	if err := q.Count(&out.Total).Error; err != nil {
		return out, fmt.Errorf("count tags: %w", err)
	}
	rows := []tagRow{}
	if err := p.Window(q).Find(&rows).Error; err != nil {
		return out, fmt.Errorf("list tags: %w", err)
	}
	var rules immutable.Rules
	if immutability {
		if rules, err = immutable.Load(ctx, s.db.Pool, a.projectID); err != nil {
			return out, err
		}
	}
	for _, r := range rows {
		t := r.tag()
		_, t.Immutable = rules.Match(repository, t.Name)
		out.Items = append(out.Items, t)
	}
	return out, nil
}

func tagColumns() page.Columns {
	return page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "name": {SQL: "name", Kind: page.Text}, "artifact_id": {SQL: "artifact_id", Kind: page.Int},
		"push_time": {SQL: "since", Kind: page.Time}, "pull_time": {SQL: "pulled_at", Kind: page.Time},
		"expire_time": {SQL: "expires_at", Kind: page.Time},
	}
}

type tagRow struct {
	ID           int64
	RepositoryID int64
	ArtifactID   int64
	Name         string
	Since        time.Time
	PulledAt     *time.Time
	ExpiresAt    *time.Time
}

func (r tagRow) tag() Tag {
	return Tag{ID: r.ID, RepositoryID: r.RepositoryID, ArtifactID: r.ArtifactID, Name: r.Name, PushedAt: r.Since, PulledAt: r.PulledAt, ExpiresAt: r.ExpiresAt}
}

// AddTag gives an artifact one more name. A name that is taken, by whatever
// artifact of the repository, is a conflict: moving a tag is what a push does.
func (s *Service) AddTag(ctx context.Context, by rbac.Subject, project, repository, ref, name string) (Tag, error) {
	if !oci.ValidTag(name) {
		return Tag{}, fault.Invalid("name", "bad request: invalid tag name: %s; a tag has at most 128 letters, digits, '_', '.' and '-', and starts with none of '.' and '-'", name)
	}
	var out Tag
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		a, err := lockLiving(ctx, conn, project, repository, ref)
		if err != nil {
			return err
		}
		out = Tag{RepositoryID: a.repositoryID, ArtifactID: a.id, Name: name, PushedAt: s.clock()}
		if out.ExpiresAt, err = s.ruledExpiry(ctx, conn, a.projectID, name, out.PushedAt); err != nil {
			return err
		}
		move := tagMove{target: target{repositoryID: a.repositoryID}, name: name, to: a.id, by: by.Name, at: out.PushedAt, until: out.ExpiresAt}
		err = conn.QueryRow(ctx, addTag, move.arguments()...).Scan(&out.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.Conflict("tag %s already exists under the repository %d", name, a.repositoryID)
		}
		if err != nil {
			return fmt.Errorf("add tag %s: %w", name, err)
		}
		batch := &pgx.Batch{}
		batch.Queue(addTagEvent, a.repositoryID, name, nil, a.id, out.PushedAt, by.Name, causeRetag)
		batch.Queue(countTags, a.id, 1)
		event.Queue(batch, event.Change{Kind: event.Push, RepositoryID: a.repositoryID, ArtifactID: a.id, Tag: name, ByName: by.Name, At: out.PushedAt})
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("add tag %s: %w", name, err)
		}
		full := project + "/" + repository
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &a.projectID, Operation: audit.Create, ResourceType: audit.Tag, Resource: full + ":" + name,
			Description: "create tag: " + full + ":" + name,
		})
	})
	return out, err
}

// DeleteTag removes a name from the artifact that ref names; the artifact stays.
func (s *Service) DeleteTag(ctx context.Context, by rbac.Subject, project, repository, ref, name string) error {
	full := project + "/" + repository
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, causeDelete)
		if errors.Is(err, fault.ErrNotFound) {
			return fault.NotFound("artifact %s not found", reference(full, ref))
		}
		if err != nil {
			return err
		}
		var holder int64 // the tag first, as whoever moves it
		err = d.tx.QueryRow(ctx, lockTag, d.repositoryID, name).Scan(nil, &holder)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("find tag %s: %w", name, err)
		}
		sql, what := findSQL(ref)
		a, err := scanRow(ctx, d.tx, sql, project, repository, ref, what)
		if err != nil {
			return err
		}
		if holder != a.id {
			return fault.NotFound("tag %s attached to artifact %d not found", name, a.id)
		}
		if err := removeTags(ctx, d.tx, d.removal, "name = $2", name); err != nil {
			return err
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &d.projectID, Operation: audit.Delete, ResourceType: audit.Tag, Resource: full + ":" + name,
			Description: "delete tag: " + full + ":" + name,
		})
	})
}
