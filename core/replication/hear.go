package replication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	heardAtOnce = 2_000

	// busyPause is how long events wait for a policy that runs one at a time.
	busyPause = 2 * time.Second
)

// Hear turns what has happened into executions, one for each policy that wants any of
// it, and says how many events that were. They are taken in the transaction that makes
// the executions, so that each makes one whichever process asks and whenever one dies.
func (s *Service) Hear(ctx context.Context) (n int, err error) {
	var any bool // the common case without a transaction
	err = s.DB.Pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM event WHERE listener = $1 AND due_at <= now())", listener).Scan(&any)
	if err != nil {
		return 0, fmt.Errorf("look for events: %w", err)
	}
	if !any {
		return 0, nil
	}
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		facts, err := event.Take(tx, listener, heardAtOnce)
		n = len(facts)
		if err != nil || n == 0 {
			return err
		}
		var policies []Policy
		if err := tx.Where("trigger = ? AND enabled", EventBased).Order("id").Find(&policies).Error; err != nil {
			return fmt.Errorf("list event policies: %w", err)
		}
		known, err := lookAt(ctx, store.PgxTx(tx), facts)
		if err != nil {
			return err
		}
		for _, p := range policies {
			if err := s.react(tx, p, facts, known); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// react starts an execution of what a policy wants of the facts.
func (s *Service) react(tx store.Tx, p Policy, facts []event.Fact, known knowledge) error {
	var mine []event.Fact
	for _, f := range facts {
		if f.SubjectID == 0 || f.SubjectID == p.ID {
			mine = append(mine, f)
		}
	}
	pieces := p.wants(mine, known)
	if len(pieces) == 0 {
		return nil
	}
	_, err := s.Jobs.StartIn(tx, job.Request{
		Args: planOf(p.ID, pieces), SubjectID: p.ID, Trigger: job.ByEvent, By: rbac.Subject{Name: mine[0].ByName}, Single: p.Single, Concurrency: p.Concurrency,
	})
	if errors.Is(err, fault.ErrConflict) { // it is under way, and may be past this already
		return event.Defer(tx, listener, p.ID, busyPause, mine)
	}
	return err
}

// knowledge is what the index says now of the artifacts that facts are about.
type knowledge map[int64][]root

// root is what people see of an artifact: itself, or what it belongs to.
type root struct {
	ID     int64
	Digest string
	Kind   oci.Kind
	Tags   []string
	Labels []string
	Self   bool

	Accessory bool // its kind says nothing: what it belongs to decides
}

// An accessory belongs to its subject, and what has no tag to the indexes that list it.
// Only what people see in lists is an answer.
const roots = `
WITH RECURSIVE up AS (
  SELECT a.id AS origin, a.id, a.repository_id, a.digest, a.subject_digest, a.accessory_type, a.tag_count, a.parent_count, a.kind, a.deleted_at, 0 AS depth
  FROM artifact a WHERE a.id = ANY($1)
  UNION
  SELECT u.origin, x.id, x.repository_id, x.digest, x.subject_digest, x.accessory_type, x.tag_count, x.parent_count, x.kind, x.deleted_at, u.depth + 1
  FROM up u CROSS JOIN LATERAL (
    SELECT s.* FROM artifact s WHERE u.accessory_type <> '' AND s.repository_id = u.repository_id AND s.digest = u.subject_digest AND s.deleted_at IS NULL
    UNION ALL
    SELECT p.* FROM artifact_child c JOIN artifact p ON p.id = c.parent_id WHERE c.child_id = u.id AND u.tag_count = 0 AND p.deleted_at IS NULL) x
  WHERE u.depth < 16)
SELECT DISTINCT up.origin, up.id, up.digest, up.kind, up.id = up.origin, up.accessory_type <> '',
  ARRAY(SELECT t.name FROM tag t WHERE t.artifact_id = up.id ORDER BY t.name LIMIT 1000),
  ARRAY(SELECT l.name FROM artifact_label al JOIN label l ON l.id = al.label_id WHERE al.artifact_id = up.id ORDER BY l.name)
FROM up WHERE up.id = up.origin AND up.deleted_at IS NOT NULL
  OR up.deleted_at IS NULL AND up.accessory_type = '' AND (up.tag_count > 0 OR up.parent_count = 0)
ORDER BY 1, 2`

func lookAt(ctx context.Context, tx pgx.Tx, facts []event.Fact) (knowledge, error) {
	ids := make([]int64, 0, len(facts))
	for _, f := range facts {
		ids = append(ids, f.ArtifactID)
	}
	slices.Sort(ids)
	rows, err := tx.Query(ctx, roots, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("look at what events are about: %w", err)
	}
	out := knowledge{}
	var origin int64
	var r root
	_, err = pgx.ForEachRow(rows, []any{&origin, &r.ID, &r.Digest, &r.Kind, &r.Self, &r.Accessory, &r.Tags, &r.Labels}, func() error {
		r.Tags, r.Labels = slices.Clone(r.Tags), slices.Clone(r.Labels)
		out[origin] = append(out[origin], r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at what events are about: %w", err)
	}
	return out, nil
}

// wants is what a policy does about the facts.
func (p Policy) wants(facts []event.Fact, known knowledge) []job.ReplicationPiece {
	w := wanting{matcher: p.Filters.compile(), at: map[string]int{}}
	gone := map[int64]bool{}
	for _, f := range facts {
		gone[f.ArtifactID] = gone[f.ArtifactID] || p.Deletion && f.Kind == event.DeleteArtifact
	}
	for _, f := range facts {
		if !w.name(f.Repository) {
			continue
		}
		switch {
		case f.Kind == event.Push:
			w.pushed(f, known[f.ArtifactID])
		case !p.Deletion:
		case f.Kind == event.DeleteArtifact:
			w.removed(f, facts, known[f.ArtifactID])
		case f.Kind == event.DeleteTag && !gone[f.ArtifactID]:
			w.untagged(f, known[f.ArtifactID])
		}
	}
	return w.pieces
}

// wanting collects pieces, one for each repository and what to do there.
type wanting struct {
	matcher
	pieces []job.ReplicationPiece
	at     map[string]int
}

func (w *wanting) add(do, repository, ref string, before *string) {
	key := do + " " + repository
	i, ok := w.at[key]
	if !ok {
		i = len(w.pieces)
		w.at[key], w.pieces = i, append(w.pieces, job.ReplicationPiece{Do: do, Source: repository})
	}
	piece := &w.pieces[i]
	if !slices.Contains(piece.References, ref) {
		piece.References = append(piece.References, ref)
	}
	if before == nil {
		delete(piece.Before, ref) // a person moved it: that counts
		return
	}
	if piece.Before == nil {
		piece.Before = map[string]string{}
	}
	piece.Before[ref] = *before
}

func (w *wanting) lets(r root) bool { return r.Accessory || w.kind(r.Kind) && w.labelled(r.Labels) }

func (w *wanting) pushed(f event.Fact, all []root) {
	var before *string
	if f.Replicated {
		before = &f.Before
	}
	for _, r := range all {
		switch {
		case !w.lets(r):
		case r.Self && f.Tag != "":
			if w.tag(f.Tag) && !isFallback(f.Tag) {
				w.add(job.CopyArtifacts, f.Repository, f.Tag, before)
			}
		case len(r.Tags) == 0:
			if w.tag("") {
				w.add(job.CopyArtifacts, f.Repository, r.Digest, nil)
			}
		case !r.Self: // it has come to something that has names
			for _, t := range r.Tags {
				if w.tag(t) && !isFallback(t) {
					w.add(job.CopyArtifacts, f.Repository, t, before)
				}
			}
		}
	}
}

func (w *wanting) untagged(f event.Fact, all []root) {
	if !w.tag(f.Tag) {
		return
	}
	for _, r := range all {
		if r.Self && !w.lets(r) {
			return
		}
	}
	w.add(job.DeleteTags, f.Repository, f.Tag, &f.Digest)
}

// removed wants an artifact to go when one of its names, or of what it belonged to, is
// let through.
func (w *wanting) removed(f event.Fact, facts []event.Fact, all []root) {
	names := []string{}
	for _, g := range facts {
		if g.Kind == event.DeleteTag && g.ArtifactID == f.ArtifactID {
			names = append(names, g.Tag)
		}
	}
	for _, r := range all {
		if !w.lets(r) {
			return
		}
		if !r.Self {
			names = append(names, r.Tags...)
		}
	}
	if len(names) == 0 {
		names = []string{""}
	}
	if slices.ContainsFunc(names, w.tag) {
		w.add(job.DeleteArtifacts, f.Repository, f.Digest, nil)
	}
}

// String writes a policy's filters for logs.
func (all Filters) String() string {
	text, _ := json.Marshal(all) // texts only
	return string(text)
}
