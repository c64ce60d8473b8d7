// Package event is news of the registry for those who act on it later:
// replication, webhooks. Who changes something queues the fact in the transaction of
// the change; a row is written for each listener, and none when nobody listens. Who
// listens takes it in the transaction that acts on it, so that whatever dies in
// between, each fact is acted on once. The package must not know what anybody does.
package event

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
)

// Kind is what happened.
type Kind string

// The kinds.
const (
	// Push: an artifact came to be or came back, or a tag names it from now on.
	Push Kind = "push"
	// DeleteTag: a name went, whether or not its artifact went with it.
	DeleteTag Kind = "delete_tag"
	// DeleteArtifact: an artifact went. Its tags are DeleteTag facts of the same time.
	DeleteArtifact Kind = "delete_artifact"
)

// Fact is something that happened, as one listener is told it.
type Fact struct {
	ID         int64
	SubjectID  int64 // whom of the listener it is for; 0: everybody
	Kind       Kind
	Repository string // project/name
	ArtifactID int64
	Digest     string
	Tag        string // '': the artifact itself
	Before     string // the digest that the tag named before
	Replicated bool   // another registry's replication did it
	ByName     string
	At         time.Time
}

// Change is what a Fact is made from: rows that the transaction has locked or made.
type Change struct {
	Kind         Kind
	RepositoryID int64
	ArtifactID   int64
	Tag          string
	BeforeID     int64 // the artifact that the tag named before; 0: none
	Replicated   bool
	ByName       string
	At           time.Time
}

// queued reads the artifact only when somebody listens.
const queued = `
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, before, replicated, by_name, at)
SELECT told.listener, $1::text, r.full_name, a.id, a.digest, $4::text, coalesce((SELECT digest FROM artifact WHERE id = $5), ''), $6::boolean, $7::text, $8::timestamptz
FROM (SELECT DISTINCT listener FROM event_subscription WHERE kind = $1) told JOIN repository r ON r.id = $2 JOIN artifact a ON a.id = $3`

// TagsGone is for a statement that has removed tags: gone has the tags' name and artifact_id, $1 is
// the repository's id, $3 when and $4 who.
const TagsGone = `
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, by_name, at)
SELECT told.listener, 'delete_tag', r.full_name, a.id, a.digest, g.name, $4::text, $3::timestamptz
FROM (SELECT DISTINCT listener FROM event_subscription WHERE kind = 'delete_tag') told
JOIN repository r ON r.id = $1 CROSS JOIN gone g JOIN artifact a ON a.id = g.artifact_id`

// TagsMade is for a statement that has pointed tags somewhere: made has the tags'
// repository_id, name and artifact_id, $4 is when and $5 who.
const TagsMade = `
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, by_name, at)
SELECT told.listener, 'push', r.full_name, a.id, a.digest, m.name, $5::text, $4::timestamptz
FROM (SELECT DISTINCT listener FROM event_subscription WHERE kind = 'push') told
CROSS JOIN made m JOIN repository r ON r.id = m.repository_id JOIN artifact a ON a.id = m.artifact_id`

// ArtifactsGone is for a statement of its own, before they are marked deleted: $1 is
// the artifacts' ids, $2 when and $3 who.
const ArtifactsGone = `
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, by_name, at)
SELECT told.listener, 'delete_artifact', r.full_name, a.id, a.digest, '', $3::text, $2::timestamptz
FROM (SELECT DISTINCT listener FROM event_subscription WHERE kind = 'delete_artifact') told
CROSS JOIN artifact a JOIN repository r ON r.id = a.repository_id
WHERE a.id = ANY($1) AND a.deleted_at IS NULL ORDER BY a.id`

// ArtifactsBack is for a statement of its own, when artifacts were restored and their tags
// are made: $1 is their ids, $2 when and $3 who. What has a tag is told by that; what an
// index lists, by the index.
const ArtifactsBack = `
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, by_name, at)
SELECT told.listener, 'push', r.full_name, a.id, a.digest, '', $3::text, $2::timestamptz
FROM (SELECT DISTINCT listener FROM event_subscription WHERE kind = 'push') told
CROSS JOIN artifact a JOIN repository r ON r.id = a.repository_id
WHERE a.id = ANY($1) AND a.tag_count = 0 AND a.parent_count = 0 ORDER BY a.id`

// Queue adds a fact to a batch of the transaction that makes it true.
func Queue(batch *pgx.Batch, c Change) {
	batch.Queue(queued, c.Kind, c.RepositoryID, c.ArtifactID, c.Tag, c.BeforeID, c.Replicated, c.ByName, c.At)
}

// Subscribe lets a subject of a listener hear of some kinds, and of no others.
func Subscribe(tx store.Tx, listener string, subject int64, kinds ...Kind) error {
	if err := Unsubscribe(tx, listener, subject); err != nil {
		return err
	}
	for _, k := range kinds {
		if err := tx.Exec("INSERT INTO event_subscription (kind, listener, subject_id) VALUES (?, ?, ?)", k, listener, subject).Error; err != nil {
			return fmt.Errorf("subscribe to events: %w", err)
		}
	}
	return nil
}

// Unsubscribe lets it hear of nothing.
func Unsubscribe(tx store.Tx, listener string, subject int64) error {
	if err := tx.Exec("DELETE FROM event_subscription WHERE listener = ? AND subject_id = ?", listener, subject).Error; err != nil {
		return fmt.Errorf("unsubscribe from events: %w", err)
	}
	return nil
}

// Rows that another process holds are its to act on.
const take = `
DELETE FROM event WHERE id IN (
  SELECT id FROM event WHERE listener = ? AND due_at <= now() ORDER BY due_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, kind, repository, artifact_id, digest, tag, before, replicated, by_name, at`

// Take removes up to n facts that a listener has not acted on, and returns them in
// the order in which they were queued.
func Take(tx store.Tx, listener string, n int) ([]Fact, error) {
	var out []Fact
	if err := tx.Raw("WITH taken AS ("+take+") SELECT * FROM taken ORDER BY id", listener, n).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("take events: %w", err)
	}
	return out, nil
}

// Defer gives facts back for one subject of the listener, to be taken after a pause.
func Defer(tx store.Tx, listener string, subject int64, pause time.Duration, facts []Fact) error {
	for _, f := range facts {
		err := tx.Exec(`INSERT INTO event (listener, subject_id, kind, repository, artifact_id, digest, tag, before, replicated, by_name, at, due_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now() + ?::interval)`,
			listener, subject, f.Kind, f.Repository, f.ArtifactID, f.Digest, f.Tag, f.Before, f.Replicated, f.ByName, f.At,
			fmt.Sprintf("%d milliseconds", pause.Milliseconds())).Error
		if err != nil {
			return fmt.Errorf("give events back: %w", err)
		}
	}
	return nil
}
