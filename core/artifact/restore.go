package artifact

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Selection is what of a project's recycle bin to restore or to delete for ever.
type Selection struct {
	Repositories []int64
	Artifacts    []int64
	Names        map[int64]string // of repositories that are restored under another name, without the project
}

func (s Selection) check(project string) error {
	if n := len(s.Repositories) + len(s.Artifacts); n == 0 || n > MostDeleted {
		return fault.Invalid("selection", "name 1 to %d repositories or artifacts of the recycle bin, not %d", MostDeleted, n)
	}
	for id, name := range s.Names {
		if !slices.Contains(s.Repositories, id) {
			return fault.Invalid("names", "repository %d has a name to be restored under and is not among the repositories to restore", id)
		}
		if full := project + "/" + name; name == "" || !oci.ValidRepository(full) {
			return fault.Invalid("names", "invalid repository name: %.300s; it has lower-case letters and digits with '.', '_', '-' and '/' between them, at most %d characters with the project",
				full, oci.MaxRepositoryLength)
		}
	}
	return nil
}

// Restored is what came back.
type Restored struct {
	Repositories []string // project/name
	Artifacts    []RestoredArtifact
	Tags         []RestoredTag
	Taken        []RestoredTag // tags that did not come back: their names are used again
}

// RestoredArtifact is one that was asked for; what it consists of, and what refers to
// it, came back with it.
type RestoredArtifact struct {
	ID         int64
	Repository string // project/name
	Digest     string
}

// RestoredTag is a tag that the deletion had removed.
type RestoredTag struct {
	Repository string // project/name
	Name       string
	Digest     string
}

const (
	holdProject = `SELECT id FROM project WHERE name = $1 AND deleted_at IS NULL FOR KEY SHARE`

	// Repositories that live, in their order: an artifact of one in the bin comes back
	// with it.
	holdRepositoriesOf = `
SELECT id FROM repository WHERE id IN (SELECT repository_id FROM artifact WHERE id = ANY($1)) AND project_id = $2 AND deleted_at IS NULL
ORDER BY id FOR KEY SHARE`

	// What comes back with artifacts: what an index lists, whenever it was deleted, and
	// the accessories that the same deletion took. OFFSET 0 keeps plans from beginning
	// with all that was deleted then, which may be a whole repository.
	comesBack = `
WITH RECURSIVE back AS (
  SELECT a.* FROM unnest($1::bigint[]) AS r(id)
  CROSS JOIN LATERAL (SELECT id, repository_id, digest, deleted_at FROM artifact WHERE id = r.id OFFSET 0) a WHERE a.deleted_at IS NOT NULL
  UNION
  SELECT x.id, x.repository_id, x.digest, x.deleted_at FROM back b CROSS JOIN LATERAL (
    SELECT * FROM (SELECT a.id, a.repository_id, a.digest, a.deleted_at FROM artifact_child c JOIN artifact a ON a.id = c.child_id
      WHERE c.parent_id = b.id OFFSET 0) child WHERE child.deleted_at IS NOT NULL
    UNION ALL
    SELECT * FROM (SELECT a.id, a.repository_id, a.digest, a.deleted_at FROM artifact a
      WHERE a.repository_id = b.repository_id AND a.subject_digest = b.digest AND a.accessory_type <> '' OFFSET 0) accessory
    WHERE accessory.deleted_at = b.deleted_at) x)
SELECT id FROM back`

	// FOR UPDATE: garbage collection takes rows with the same lock and looks again, too.
	lockBack = `
SELECT id, repository_id, digest, deleted_at FROM artifact
WHERE id IN (SELECT unnest($1::bigint[]) UNION SELECT child_id FROM artifact_child WHERE parent_id = ANY($1))
ORDER BY id FOR UPDATE`

	overdue = `SELECT id FROM gc_candidate WHERE kind = 'artifact' AND scope_id = 0 AND id = ANY($1) AND not_before <= $2`

	// The names that the deletion of each artifact took. In this order, whatever the
	// statistics say: right after a large deletion they know of nothing deleted.
	tagsOfDeletion = `
SELECT e.repository_id, e.name, a.id FROM unnest($1::bigint[]) AS r(id)
CROSS JOIN LATERAL (SELECT id, deleted_at FROM artifact WHERE id = r.id OFFSET 0) a
CROSS JOIN LATERAL (SELECT repository_id, name FROM tag_event WHERE from_artifact_id = a.id AND at = a.deleted_at AND to_artifact_id IS NULL OFFSET 0) e`

	unmarkDeleted = `UPDATE artifact SET deleted_at = NULL WHERE id = ANY($1)`

	// While they were in the bin somebody may have unlinked a blob; its row is kept by
	// the artifact's edge.
	relinkBlobs = `
INSERT INTO repository_blob (repository_id, blob_id, lease_until)
SELECT DISTINCT a.repository_id, e.blob_id, $2::timestamptz FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest'
WHERE a.id = ANY($1) ORDER BY 1, 2
ON CONFLICT (repository_id, blob_id) DO NOTHING`

	bringTags = `
WITH made AS (
  INSERT INTO tag (repository_id, name, artifact_id, since, by_name)
  SELECT w.repository_id, w.name, w.artifact_id, $4::timestamptz, $5::text
  FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w(repository_id, name, artifact_id) ORDER BY w.repository_id, w.name
  ON CONFLICT (repository_id, name) DO NOTHING RETURNING repository_id, name, artifact_id),
counted AS (
  UPDATE artifact a SET tag_count = tag_count + m.n
  FROM (SELECT artifact_id, count(*)::integer AS n FROM made GROUP BY artifact_id) m WHERE a.id = m.artifact_id),
told AS (` + event.TagsMade + `)
INSERT INTO tag_event (repository_id, name, to_artifact_id, at, by_name, cause)
SELECT repository_id, name, artifact_id, $4, $5, $6 FROM made ORDER BY repository_id, name
RETURNING repository_id, name`

	namesOfRepositories = `SELECT id, full_name FROM repository WHERE id = ANY($1)`
)

// restoring is one attempt at the transaction that brings back what was deleted.
type restoring struct {
	*Service
	ctx       context.Context
	tx        pgx.Tx
	by        rbac.Subject
	projectID int64
	now       time.Time

	whole   []binnedRow       // repositories that come back
	renamed map[string]string // full names that they come back under, and those that they had

	back []int64                    // all that comes back
	seen map[int64]RestoredArtifact // of it, with its repository's id for the name
	home map[int64]int64            // the repository of each
}

// Restore brings back repositories and artifacts from a project's recycle bin, all of
// them or, with a reason, none. A repository whose name is used again needs another one
// (what.Names), under which its tags, their history and its artifacts are found.
// Artifacts come with what refers to them and what an index lists; tags that the same
// deletion removed come back unless their names are used again.
func (s *Service) Restore(ctx context.Context, by rbac.Subject, project string, what Selection) (Restored, error) {
	if err := what.check(project); err != nil {
		return Restored{}, err
	}
	var out Restored
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		out = Restored{}
		r := restoring{Service: s, ctx: ctx, tx: store.PgxTx(tx), by: by, now: s.now(), renamed: map[string]string{}}
		err := r.tx.QueryRow(ctx, holdProject, project).Scan(&r.projectID)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.NotFound("project %s not found", project)
		}
		if err != nil {
			return fmt.Errorf("hold project %s: %w", project, err)
		}
		roots, err := r.repositories(project, what, &out)
		if err != nil {
			return err
		}
		if err := r.hold(what.Artifacts); err != nil {
			return err
		}
		if err := r.lock(append(roots, what.Artifacts...), what.Artifacts); err != nil {
			return err
		}
		if err := r.inTime(); err != nil {
			return err
		}
		if err := r.bring(&out); err != nil {
			return fmt.Errorf("restore in project %s: %w", project, err)
		}
		for _, id := range what.Artifacts {
			if a, here := r.seen[id]; here {
				out.Artifacts = append(out.Artifacts, a)
			}
		}
		return r.record(tx, out)
	})
	return out, err
}

// hold keeps the repositories of artifacts from being deleted. What is of another
// project, or of a repository in the bin, is not found.
func (r *restoring) hold(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := r.tx.Query(r.ctx, holdRepositoriesOf, ids, r.projectID)
	if err != nil {
		return fmt.Errorf("hold repositories: %w", err)
	}
	held, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("hold repositories: %w", err)
	}
	var inHeld int
	const count = `SELECT count(*) FROM artifact WHERE id = ANY($1) AND repository_id = ANY($2)`
	if err := r.tx.QueryRow(r.ctx, count, ids, held).Scan(&inHeld); err != nil {
		return fmt.Errorf("hold repositories: %w", err)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(ids)))
	if inHeld != len(distinct) {
		return fault.NotFound("an artifact of those is not in the recycle bin of the project: it was deleted for ever, or its whole repository was deleted; restore that")
	}
	return nil
}

// lock locks what comes back with roots, by id, and looks then whether it still can.
// Of those in asked it is an error when not.
func (r *restoring) lock(roots, asked []int64) error {
	r.seen, r.home = map[int64]RestoredArtifact{}, map[int64]int64{}
	locked := map[int64]bool{}
	for {
		rows, err := r.tx.Query(r.ctx, comesBack, roots)
		if err != nil {
			return fmt.Errorf("list what is restored: %w", err)
		}
		if r.back, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
			return fmt.Errorf("list what is restored: %w", err)
		}
		if !slices.ContainsFunc(r.back, func(id int64) bool { return !locked[id] }) {
			return r.refuse(asked)
		}
		if err := r.lockRows(locked); err != nil {
			return fmt.Errorf("lock what is restored: %w", err)
		}
	}
}

func (r *restoring) lockRows(locked map[int64]bool) error {
	rows, err := r.tx.Query(r.ctx, lockBack, r.back)
	if err != nil {
		return err
	}
	var id, repository int64
	var digest string
	var deletedAt *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &repository, &digest, &deletedAt}, func() error {
		locked[id] = true
		if deletedAt != nil {
			r.seen[id], r.home[id] = RestoredArtifact{ID: id, Digest: digest}, repository
		}
		return nil
	})
	return err
}

// refuse says which of the artifacts that were asked for cannot come back.
func (r *restoring) refuse(asked []int64) error {
	rows, err := r.tx.Query(r.ctx, overdue, asked, r.Service.now()) // the time may have ended while this waited
	if err != nil {
		return fmt.Errorf("look until when artifacts can be restored: %w", err)
	}
	late, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("look until when artifacts can be restored: %w", err)
	}
	for _, id := range asked {
		if !slices.Contains(r.back, id) || slices.Contains(late, id) {
			return fault.NotFound("artifact %d is not in the recycle bin: it was restored, its time has passed, or it was deleted for ever", id)
		}
	}
	return nil
}

// bring makes what is locked visible, with its tags.
func (r *restoring) bring(out *Restored) error {
	if len(r.back) == 0 {
		return nil
	}
	rows, err := r.tx.Query(r.ctx, tagsOfDeletion, r.back)
	if err != nil {
		return err
	}
	tags, err := pgx.CollectRows(rows, pgx.RowToStructByPos[nameOf])
	if err != nil {
		return err
	}
	if err := r.revive(); err != nil {
		return err
	}
	names, err := r.names(tags)
	if err != nil {
		return err
	}
	for id, a := range r.seen {
		a.Repository = names[r.home[id]]
		r.seen[id] = a
	}
	made, err := r.name(tags)
	if err != nil {
		return err
	}
	if _, err := r.tx.Exec(r.ctx, event.ArtifactsBack, r.back, r.now, r.by.Name); err != nil {
		return err
	}
	for _, t := range tags {
		shown := RestoredTag{Repository: names[t.RepositoryID], Name: t.Name, Digest: r.seen[t.ArtifactID].Digest}
		if made[nameOf{RepositoryID: t.RepositoryID, Name: t.Name}] {
			out.Tags = append(out.Tags, shown)
		} else {
			out.Taken = append(out.Taken, shown)
		}
	}
	return nil
}

type nameOf struct {
	RepositoryID int64
	Name         string
	ArtifactID   int64
}

// revive is the opposite of hide.
func (r *restoring) revive() error {
	batch := &pgx.Batch{}
	batch.Queue(unnoteArtifacts, r.back)
	batch.Queue(adoptCopies, r.back)
	batch.Queue(unmarkDeleted, r.back)
	batch.Queue(relinkBlobs, r.back, r.now.Add(Lease))
	return r.tx.SendBatch(r.ctx, batch).Close()
}

func (r *restoring) names(tags []nameOf) (map[int64]string, error) {
	var ids []int64
	for _, id := range r.home {
		ids = append(ids, id)
	}
	for _, t := range tags {
		ids = append(ids, t.RepositoryID)
	}
	slices.Sort(ids)
	rows, err := r.tx.Query(r.ctx, namesOfRepositories, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := map[int64]string{}
	var id int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		out[id] = name
		return nil
	})
	return out, err
}

// name makes tags whose names are free and says which those were.
func (r *restoring) name(tags []nameOf) (map[nameOf]bool, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	var repositories, artifacts []int64
	var names []string
	for _, t := range tags {
		repositories, names, artifacts = append(repositories, t.RepositoryID), append(names, t.Name), append(artifacts, t.ArtifactID)
	}
	rows, err := r.tx.Query(r.ctx, bringTags, repositories, names, artifacts, r.now, r.by.Name, causeRestore)
	if err != nil {
		return nil, err
	}
	made := map[nameOf]bool{}
	var n nameOf
	_, err = pgx.ForEachRow(rows, []any{&n.RepositoryID, &n.Name}, func() error {
		made[n] = true
		return nil
	})
	return made, err
}

func (r *restoring) record(tx store.Tx, out Restored) error {
	batch := &pgx.Batch{}
	for _, name := range out.Repositories {
		what := "restore repository: " + name
		if before, renamed := r.renamed[name]; renamed {
			what = "restore repository: " + before + " as " + name
		}
		err := audit.Queue(r.ctx, batch, r.by, audit.Entry{
			ProjectID: &r.projectID, Operation: audit.Restore, ResourceType: audit.Repository, Resource: name, Description: what,
		})
		if err != nil {
			return err
		}
	}
	for _, a := range out.Artifacts {
		err := audit.Queue(r.ctx, batch, r.by, audit.Entry{
			ProjectID: &r.projectID, Operation: audit.Restore, ResourceType: audit.Artifact, Resource: a.Repository + "@" + a.Digest,
		})
		if err != nil {
			return err
		}
	}
	return store.PgxTx(tx).SendBatch(r.ctx, batch).Close()
}
