package artifact

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// MostDeleted is how many tags or artifacts one call deletes: a transaction that
// others do not wait long for.
const MostDeleted = 1_000

// Deleted is what a deletion of many took, and what it left and why. What was not
// there any more is in none of them.
type Deleted struct {
	Artifacts []int64  // of those asked for; what refers to them went along
	Tags      []string // with them, or asked for
	Immutable []string // tags that a rule keeps, and with them their artifacts
	Listed    []int64  // what a living index consists of
	Changed   []int64  // pushed, tagged or pulled since it was planned: only DeletePlanned looks
}

const (
	lockTagsNamed = `SELECT name FROM tag WHERE repository_id = $1 AND name = ANY($2) ORDER BY name FOR UPDATE`

	lockTagged = `
SELECT FROM artifact WHERE id IN (SELECT artifact_id FROM tag WHERE repository_id = $1 AND name = ANY($2)) ORDER BY id FOR NO KEY UPDATE`
)

// DeleteTags removes up to MostDeleted tags of a repository; their artifacts stay.
// It is for rules: an immutable tag stays and is told of, and so called again it
// does nothing twice.
func (s *Service) DeleteTags(ctx context.Context, by rbac.Subject, project, repository string, names []string, cause Cause) (Deleted, error) {
	if len(names) > MostDeleted {
		return Deleted{}, fault.Invalid("tags", "%d tags are too many for one deletion; delete at most %d at a time", len(names), MostDeleted)
	}
	var out Deleted
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, cause)
		if err != nil {
			return err
		}
		out, err = d.takeTags(names)
		if err != nil {
			return fmt.Errorf("delete tags of %s/%s: %w", project, repository, err)
		}
		batch := &pgx.Batch{}
		for _, name := range out.Tags {
			full := project + "/" + repository + ":" + name
			err := audit.Queue(ctx, batch, by, audit.Entry{
				ProjectID: &d.projectID, Operation: audit.Delete, ResourceType: audit.Tag, Resource: full,
				Description: fmt.Sprintf("delete tag: %s (%s)", full, cause),
			})
			if err != nil {
				return err
			}
		}
		return d.send(batch)
	})
	return out, err
}

func (d *deletion) takeTags(names []string) (Deleted, error) {
	rows, err := d.tx.Query(d.ctx, lockTagsNamed, d.repositoryID, names)
	if err != nil {
		return Deleted{}, err
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return Deleted{}, err
	}
	var out Deleted
	for _, name := range there {
		if _, immutable := d.rules.Match(d.repository, name); immutable {
			out.Immutable = append(out.Immutable, name)
		} else {
			out.Tags = append(out.Tags, name)
		}
	}
	if len(out.Tags) == 0 {
		return out, nil
	}
	if _, err := d.tx.Exec(d.ctx, lockTagged, d.repositoryID, out.Tags); err != nil {
		return Deleted{}, err
	}
	return out, removeTags(d.ctx, d.tx, d.removal, "name = ANY($2)", out.Tags)
}

// DeleteArtifacts removes up to MostDeleted artifacts of a repository with their tags
// and what refers to them. It is for rules: an artifact with an immutable tag, or on
// what refers to it, stays with all its tags, and so does what a living index lists,
// unless that index goes too. Called again it does nothing twice.
func (s *Service) DeleteArtifacts(ctx context.Context, by rbac.Subject, project, repository string, ids []int64, cause Cause) (Deleted, error) {
	var out Deleted
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) (err error) {
		out, err = s.deleteMany(tx, by, project, repository, ids, cause, nil, nil)
		return err
	})
	return out, err
}

// DeletePlanned is DeleteArtifacts in a transaction of the caller's, for what was
// chosen at some time: what anybody has pushed, tagged or pulled since stays.
func (s *Service) DeletePlanned(tx store.Tx, by rbac.Subject, project, repository string, ids []int64, cause Cause, planned time.Time) (Deleted, error) {
	return s.deleteMany(tx, by, project, repository, ids, cause, &planned, nil)
}

const changedSince = `
SELECT a.id FROM artifact a WHERE a.id = ANY($1) AND (a.pushed_at > $2 OR a.pulled_at > $2
  OR EXISTS (SELECT FROM tag t WHERE t.artifact_id = a.id AND (t.since > $2 OR t.pulled_at > $2)))`

// deleteMany deletes those that only, if there is one, lets through once they are locked.
func (s *Service) deleteMany(tx store.Tx, by rbac.Subject, project, repository string, ids []int64, cause Cause, planned *time.Time, only func(*deletion, []int64) ([]int64, error)) (Deleted, error) {
	if len(ids) > MostDeleted {
		return Deleted{}, fault.Invalid("artifacts", "%d artifacts are too many for one deletion; delete at most %d at a time", len(ids), MostDeleted)
	}
	ctx := tx.Statement.Context
	d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, cause)
	if err != nil {
		return Deleted{}, err
	}
	var out Deleted
	var changed []int64
	if err = d.lock(ids); err == nil && planned != nil {
		ids, changed, err = d.unchanged(ids, *planned)
	}
	if err == nil && only != nil {
		ids, err = only(d, ids)
	}
	if err == nil {
		out, err = d.choose(ids)
	}
	if err == nil && len(out.Artifacts) > 0 {
		err = d.take(out.Artifacts)
	}
	if err != nil {
		return Deleted{}, fmt.Errorf("delete artifacts of %s/%s: %w", project, repository, err)
	}
	out.Changed = changed
	batch := &pgx.Batch{}
	for _, id := range out.Artifacts {
		full := project + "/" + repository + "@" + d.found[id].digest
		what := "delete artifact: " + full
		if tags := d.tags[id]; len(tags) > 0 {
			what += ", tagged " + strings.Join(tags, " ")
		}
		err := audit.Queue(ctx, batch, by, audit.Entry{
			ProjectID: &d.projectID, Operation: audit.Delete, ResourceType: audit.Artifact, Resource: full,
			Description: fmt.Sprintf("%s (%s)", what, cause),
		})
		if err != nil {
			return Deleted{}, err
		}
	}
	return out, d.send(batch)
}

// unchanged parts locked artifacts from those that somebody has used since a time.
func (d *deletion) unchanged(ids []int64, since time.Time) (same, changed []int64, err error) {
	rows, err := d.tx.Query(d.ctx, changedSince, ids, since)
	if err != nil {
		return nil, nil, err
	}
	if changed, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return nil, nil, err
	}
	same = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(changed, id) })
	return same, changed, nil
}

// choose says which of the locked artifacts can go.
func (d *deletion) choose(ids []int64) (Deleted, error) {
	var out Deleted
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if _, living := d.found[id]; !living {
			continue
		}
		if kept := d.immutableOf(id); len(kept) > 0 {
			out.Immutable = append(out.Immutable, kept...)
		} else {
			out.Artifacts = append(out.Artifacts, id)
		}
	}
	slices.Sort(out.Immutable)
	out.Immutable = slices.Compact(out.Immutable)
	if err := d.leaveListed(&out); err != nil {
		return Deleted{}, err
	}
	for _, id := range d.members(out.Artifacts) {
		out.Tags = append(out.Tags, d.tags[id]...)
	}
	return out, nil
}

// immutableOf are the immutable tags of an artifact and of what refers to it.
func (d *deletion) immutableOf(root int64) (out []string) {
	for _, id := range d.families[root] {
		for _, tag := range d.tags[id] {
			if _, immutable := d.rules.Match(d.repository, tag); immutable {
				out = append(out, tag)
			}
		}
	}
	return out
}

// leaveListed takes out what an index lists that stays; that may be an index itself.
func (d *deletion) leaveListed(out *Deleted) error {
	rows, err := d.tx.Query(d.ctx, parentsAmong, out.Artifacts)
	if err != nil {
		return err
	}
	parents := map[int64][]int64{}
	var child, parent int64
	if _, err = pgx.ForEachRow(rows, []any{&child, &parent}, func() error {
		parents[child] = append(parents[child], parent)
		return nil
	}); err != nil {
		return err
	}
	going := map[int64]bool{}
	for _, id := range out.Artifacts {
		going[id] = true
	}
	for changed := true; changed; {
		changed = false
		for id := range going {
			n := 0
			for _, p := range parents[id] {
				if going[p] {
					n++
				}
			}
			if d.found[id].parents > n {
				out.Listed, changed = append(out.Listed, id), true
				delete(going, id)
			}
		}
	}
	slices.Sort(out.Listed)
	out.Artifacts = slices.DeleteFunc(out.Artifacts, func(id int64) bool { return !going[id] })
	return nil
}

// send is for a batch that may have nothing in it.
func (d *deletion) send(batch *pgx.Batch) error {
	if batch.Len() == 0 {
		return nil
	}
	return d.tx.SendBatch(d.ctx, batch).Close()
}
