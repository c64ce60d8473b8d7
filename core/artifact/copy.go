package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// maxCopied bounds what one copy takes along: an index of indexes with all that
// refers to each of them.
const maxCopied = 10_000

// Copy makes an artifact of one repository one of another too, with the children of
// an index and all that refers to them: signatures, SBOMs. No bytes move; the
// target's repository is linked to the blobs. Copied by tag it gets the tag. The
// target's quota and immutable tags hold as for a push, and what is refused has
// changed nothing. Whether by may read the source is the caller's to ask.
func (s *Service) Copy(ctx context.Context, by rbac.Subject, from Source, project, repository string) error {
	to := project + "/" + repository
	if !oci.ValidRepository(to) {
		return fault.Invalid("repository", "invalid repository name: %.300s; it has lowercase letters and digits, separated by one of / . _ -", to)
	}
	for range goneTries {
		err := s.copy(ctx, by, from, project, repository)
		if !errors.Is(err, errBlobGone) {
			return err
		}
	}
	return fault.Unavailable("what %s consists of is being deleted in %s at this moment; try again", from, to)
}

func (s *Service) copy(ctx context.Context, by rbac.Subject, from Source, project, repository string) error {
	to := project + "/" + repository
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		c := copying{Service: s, ctx: ctx, tx: store.PgxTx(tx), by: by, from: from, now: s.clock()}
		sql, what := findSQL(from.Reference.String())
		root, err := scanRow(ctx, c.tx, sql, from.Project, from.Repository, from.Reference.String(), what)
		if err != nil {
			return err
		}
		if c.target, err = lockTarget(ctx, c.tx, project, repository, from.Reference.Tag); err != nil {
			return err
		}
		if err := c.run(root); err != nil {
			return err
		}
		if err := c.record(tx, root, to); err != nil {
			return err
		}
		usage, err := c.charge() // last: with a limit it locks the project's quota until commit
		if err != nil {
			return err
		}
		return usage.record(tx, by, c.target.projectID, project)
	})
}

// copying is one attempt at the transaction of a copy. Its statements are as many
// for an image as for an index of a thousand.
type copying struct {
	*Service
	ctx    context.Context
	tx     pgx.Tx
	by     rbac.Subject
	from   Source
	now    time.Time
	target target

	sources []int64 // what is copied, in the source's repository
	fresh   []int64 // what is new to the target's repository
	revived []int64 // what was deleted there and is not any more
	root    int64   // the copy itself
}

const (
	// Everything that an artifact consists of and everything that refers to it, and
	// so on. KEY SHARE: deleting it does not wait, removing its rows for good does.
	lockWhole = `
WITH RECURSIVE whole AS (
  SELECT id, digest FROM artifact WHERE id = $1
  UNION
  SELECT x.id, x.digest FROM whole w CROSS JOIN LATERAL (
    SELECT a.id, a.digest FROM artifact_child c JOIN artifact a ON a.id = c.child_id WHERE c.parent_id = w.id
    UNION ALL
    SELECT a.id, a.digest FROM artifact a WHERE a.repository_id = $2 AND a.subject_digest = w.digest AND a.deleted_at IS NULL) x)
SELECT id FROM artifact WHERE id IN (SELECT id FROM whole LIMIT $3) ORDER BY id FOR KEY SHARE`

	// In the order of pushes, so that they and garbage collection cannot deadlock.
	lockBlobsOf = `
SELECT b.state = 'live' FROM blob b WHERE b.id IN (SELECT blob_id FROM artifact_blob WHERE artifact_id = ANY($1))
ORDER BY b.digest FOR KEY SHARE`

	copyLinks = `
INSERT INTO repository_blob (repository_id, blob_id, lease_until)
SELECT DISTINCT $1::bigint, blob_id, $3::timestamptz FROM artifact_blob WHERE artifact_id = ANY($2) AND role <> 'manifest' ORDER BY blob_id
ON CONFLICT (repository_id, blob_id) DO UPDATE SET lease_until = greatest(repository_blob.lease_until, excluded.lease_until)`

	copyArtifacts = `
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, artifact_type, size, subject_digest,
                      refers, accessory_type, annotations, platform, config, pushed_by, pushed_at)
SELECT $1, $2, digest, kind, media_type, config_type, artifact_type, size, subject_digest,
       refers, accessory_type, annotations, platform, config, $4, $5
FROM artifact WHERE id = ANY($3) ORDER BY digest
ON CONFLICT (repository_id, digest) DO NOTHING RETURNING id`

	lockCopies = `
SELECT id, digest, deleted_at IS NOT NULL FROM artifact
WHERE repository_id = $1 AND digest IN (SELECT digest FROM artifact WHERE id = ANY($2)) ORDER BY id FOR NO KEY UPDATE`

	copyEdges = `
INSERT INTO artifact_blob (artifact_id, blob_id, role)
SELECT t.id, e.blob_id, e.role FROM artifact t
JOIN artifact s ON s.digest = t.digest AND s.id = ANY($2)
JOIN artifact_blob e ON e.artifact_id = s.id
WHERE t.id = ANY($1)`

	copyChildren = `
INSERT INTO artifact_child (parent_id, child_id, position, platform)
SELECT t.id, child.id, e.position, e.platform FROM artifact t
JOIN artifact s ON s.digest = t.digest AND s.id = ANY($2)
JOIN artifact_child e ON e.parent_id = s.id
JOIN artifact original ON original.id = e.child_id
JOIN artifact child ON child.repository_id = t.repository_id AND child.digest = original.digest
WHERE t.id = ANY($1)`

	reviveArtifacts = `UPDATE artifact SET deleted_at = NULL, pushed_at = $2, pushed_by = $3 WHERE id = ANY($1)`

	dropLabelsOf = `DELETE FROM artifact_label WHERE artifact_id = ANY($1)` // they were put on what was deleted

	unnoteArtifacts = `DELETE FROM gc_candidate WHERE kind = 'artifact' AND id = ANY($1)`

	adoptCopies = `
UPDATE artifact a SET parent_count = parent_count + c.n
FROM (SELECT child_id, count(DISTINCT parent_id)::integer AS n FROM artifact_child WHERE parent_id = ANY($1) GROUP BY child_id) c
WHERE a.id = c.child_id`

	// cosign finds a signature by a tag that spells the subject's digest. One that
	// the target has already stays: it may name more signatures than the source's.
	copyFallbackTags = `
WITH made AS (
  INSERT INTO tag (repository_id, name, artifact_id, since, by_name)
  SELECT $1::bigint, t.name, copy.id, $3::timestamptz, $4::text FROM tag t
  JOIN artifact a ON a.id = t.artifact_id
  JOIN artifact copy ON copy.repository_id = $1 AND copy.digest = a.digest
  WHERE t.artifact_id = ANY($2) AND a.subject_digest IS NOT NULL AND starts_with(t.name, replace(a.subject_digest, ':', '-') || '.')
  ORDER BY t.name
  ON CONFLICT (repository_id, name) DO NOTHING RETURNING name, artifact_id),
counted AS (
  UPDATE artifact a SET tag_count = tag_count + m.n
  FROM (SELECT artifact_id, count(*)::integer AS n FROM made GROUP BY artifact_id) m WHERE a.id = m.artifact_id)
INSERT INTO tag_event (repository_id, name, to_artifact_id, at, by_name, cause)
SELECT $1, name, artifact_id, $3, $4, $5 FROM made ORDER BY name`
)

func (c *copying) run(root row) error {
	if err := c.gather(root); err != nil {
		return err
	}
	if err := c.putArtifacts(root); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(copyEdges, c.fresh, c.sources)
	batch.Queue(copyChildren, c.fresh, c.sources)
	batch.Queue(reviveArtifacts, c.revived, c.now, c.by.Name)
	batch.Queue(dropLabelsOf, c.revived)
	batch.Queue(unnoteArtifacts, c.revived)
	batch.Queue(adoptCopies, append(append([]int64{}, c.fresh...), c.revived...))
	batch.Queue(copyFallbackTags, c.target.repositoryID, c.sources, c.now, c.by.Name, causeCopy)
	batch.Queue(touchRepository, c.target.repositoryID, c.now, c.now.Add(-time.Second))
	batch.Queue(notePush, c.target.projectID, c.now)
	if c.from.Reference.IsDigest() {
		event.Queue(batch, event.Change{Kind: event.Push, RepositoryID: c.target.repositoryID, ArtifactID: c.root, ByName: c.by.Name, At: c.now})
	}
	if err := c.tx.SendBatch(c.ctx, batch).Close(); err != nil {
		return fmt.Errorf("copy the edges of %s: %w", c.from, err)
	}
	if c.from.Reference.IsDigest() {
		return nil
	}
	return moveTag(c.ctx, c.tx, tagMove{target: c.target, name: c.from.Reference.Tag, to: c.root, by: c.by.Name, cause: causeCopy, at: c.now,
		until: c.target.expiry.of(c.from.Reference.Tag, c.now)})
}

// gather locks what is to be copied, and its blobs.
func (c *copying) gather(root row) error {
	var accessory string
	if err := c.tx.QueryRow(c.ctx, `SELECT accessory_type FROM artifact WHERE id = $1`, root.id).Scan(&accessory); err != nil {
		return fmt.Errorf("look at %s: %w", c.from, err)
	}
	if accessory != "" {
		return fault.Denied("the operation isn't supported for an artifact accessory: copy the artifact that it refers to, and it comes along")
	}
	rows, err := c.tx.Query(c.ctx, lockWhole, root.id, root.repositoryID, maxCopied+1)
	if err != nil {
		return fmt.Errorf("list what %s consists of: %w", c.from, err)
	}
	if c.sources, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return fmt.Errorf("list what %s consists of: %w", c.from, err)
	}
	if len(c.sources) > maxCopied {
		return fault.Invalid("from", "%s consists of more than %d artifacts with all that refers to them; copy its parts one by one", c.from, maxCopied)
	}
	if rows, err = c.tx.Query(c.ctx, lockBlobsOf, c.sources); err != nil {
		return fmt.Errorf("lock the blobs of %s: %w", c.from, err)
	}
	var live bool
	_, err = pgx.ForEachRow(rows, []any{&live}, func() error {
		if !live {
			return fault.Unavailable("a blob of %s is being deleted at this moment; try again", c.from)
		}
		return nil
	})
	return err
}

// putArtifacts inserts what the target does not have and finds what it has.
func (c *copying) putArtifacts(root row) error {
	if _, err := c.tx.Exec(c.ctx, copyLinks, c.target.repositoryID, c.sources, c.now.Add(Lease)); err != nil {
		return fmt.Errorf("link the blobs of %s: %w", c.from, err)
	}
	rows, err := c.tx.Query(c.ctx, copyArtifacts, c.target.projectID, c.target.repositoryID, c.sources, c.by.Name, c.now)
	if err != nil {
		return fmt.Errorf("copy %s: %w", c.from, err)
	}
	if c.fresh, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return fmt.Errorf("copy %s: %w", c.from, err)
	}
	if rows, err = c.tx.Query(c.ctx, lockCopies, c.target.repositoryID, c.sources); err != nil {
		return fmt.Errorf("find the copies of %s: %w", c.from, err)
	}
	c.revived = []int64{}
	found := 0
	var id int64
	var digest string
	var deleted bool
	_, err = pgx.ForEachRow(rows, []any{&id, &digest, &deleted}, func() error {
		found++
		if deleted {
			c.revived = append(c.revived, id)
		}
		if digest == root.digest {
			c.root = id
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("find the copies of %s: %w", c.from, err)
	}
	if found < len(c.sources) {
		return errBlobGone // one was in the target's recycle bin, and has been purged since
	}
	return nil
}

// charge counts the blobs that are new to the target's project.
func (c *copying) charge() (Usage, error) {
	if len(c.fresh) == 0 {
		return c.target.usage(), nil
	}
	rows, err := c.tx.Query(c.ctx, `SELECT DISTINCT blob_id FROM artifact_blob WHERE artifact_id = ANY($1) ORDER BY blob_id`, c.fresh)
	if err != nil {
		return Usage{}, fmt.Errorf("list the blobs of %s: %w", c.from, err)
	}
	blobs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return Usage{}, fmt.Errorf("list the blobs of %s: %w", c.from, err)
	}
	var added int64
	if err := c.tx.QueryRow(c.ctx, countBlobs, c.target.projectID, blobs).Scan(&added); err != nil {
		return Usage{}, fmt.Errorf("count new blobs: %w", err)
	}
	return chargeQuota(c.ctx, c.tx, c.target, added)
}

// record tells the people of both projects: what left theirs is a pull.
func (c *copying) record(tx store.Tx, root row, to string) error {
	spoken := c.from.Reference.String()
	err := audit.Record(tx, c.by, audit.Entry{
		ProjectID: &c.target.projectID, Operation: audit.Create, ResourceType: audit.Artifact, Resource: reference(to, spoken),
		Description: fmt.Sprintf("copy artifact: %s to %s", c.from, reference(to, root.digest)),
	})
	if err != nil || root.projectID == c.target.projectID {
		return err
	}
	return audit.Record(tx, c.by, audit.Entry{
		ProjectID: &root.projectID, Operation: audit.Pull, ResourceType: audit.Artifact, Resource: c.from.String(),
		Description: fmt.Sprintf("copy artifact: %s to %s", c.from, reference(to, root.digest)),
	})
}
