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

// ErrReferenced is in the chain of a refusal to delete what a living index
// consists of.
var ErrReferenced = errors.New("the deleting artifact is referenced by others")

type referencedError struct{ error }

func (e referencedError) Unwrap() []error { return []error{e.error, ErrReferenced} }

const (
	// KEY SHARE: pushes and deletions do not wait for each other, but who deletes or
	// restores the whole repository has it alone.
	holdRepository = `
SELECT r.id, r.project_id FROM project p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
WHERE p.name = $1 AND p.deleted_at IS NULL FOR KEY SHARE OF r`

	findLiving = `SELECT id FROM artifact WHERE repository_id = $1 AND digest = $2 AND deleted_at IS NULL`

	// Each artifact with its accessories, and theirs: a signature of an SBOM.
	accessoriesOf = `
WITH RECURSIVE gone AS (
  SELECT id AS root, id, digest FROM artifact WHERE id = ANY($2) AND repository_id = $1 AND deleted_at IS NULL
  UNION
  SELECT g.root, a.id, a.digest FROM gone g JOIN artifact a ON a.repository_id = $1 AND a.subject_digest = g.digest
  WHERE a.deleted_at IS NULL AND a.accessory_type <> '' AND a.parent_count = 0)
SELECT root, id FROM gone ORDER BY root, id`

	// Before their artifacts, as whoever moves them.
	lockTagsOf = `SELECT FROM tag WHERE artifact_id = ANY($1) ORDER BY name FOR UPDATE`

	// The children, too: they lose a parent.
	lockArtifacts = `
SELECT id, digest, parent_count, deleted_at FROM artifact
WHERE id IN (SELECT unnest($1::bigint[]) UNION SELECT child_id FROM artifact_child WHERE parent_id = ANY($1))
ORDER BY id FOR NO KEY UPDATE`

	tagsOf = `SELECT artifact_id, name FROM tag WHERE artifact_id = ANY($1) ORDER BY artifact_id, name`

	parentsAmong = `SELECT DISTINCT child_id, parent_id FROM artifact_child WHERE child_id = ANY($1) AND parent_id = ANY($1)`

	markDeleted = `
UPDATE artifact SET deleted_at = $2 WHERE id = ANY($1) AND deleted_at IS NULL`

	// An index may list a child twice, but parent_count counts indexes.
	orphanChildren = `
UPDATE artifact a SET parent_count = parent_count - c.n
FROM (SELECT child_id, count(DISTINCT parent_id)::integer AS n FROM artifact_child WHERE parent_id = ANY($1) GROUP BY child_id) c
WHERE a.id = c.child_id`

	noteArtifacts = `
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'artifact', unnest($1::bigint[]), $2
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`
)

// Delete removes the artifact that ref (a tag or a digest) names, with its tags
// and its accessories. Until the recovery window ends nothing is lost. An
// artifact that a living index lists is refused.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, project, repository, ref string) error {
	full := project + "/" + repository
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, causeDeleteArtifact)
		if errors.Is(err, fault.ErrNotFound) {
			return fault.NotFound("artifact %s not found", reference(full, ref))
		}
		if err != nil {
			return err
		}
		id, err := d.find(ref)
		if err == nil {
			err = d.lock([]int64{id})
		}
		if err != nil {
			return fmt.Errorf("delete artifact %s: %w", reference(full, ref), err)
		}
		a, found := d.found[id]
		switch {
		case !found:
			return fault.NotFound("artifact %s not found", reference(full, ref))
		case a.parents > 0:
			return referencedError{fault.Precondition("%s: %s is part of an index in %s; delete the index first", ErrReferenced, a.digest, full)}
		}
		if err := d.take([]int64{id}); err != nil {
			return fmt.Errorf("delete artifact %s: %w", reference(full, ref), err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &d.projectID, Operation: audit.Delete, ResourceType: audit.Artifact, Resource: reference(full, ref),
			Description: "delete artifact: " + full + "@" + a.digest,
		})
	})
}

// DeleteManifest is the registry protocol's delete: by digest the artifact, by
// tag the tag alone (OCI distribution-spec, end-9).
func (s *Service) DeleteManifest(ctx context.Context, by rbac.Subject, repository string, ref oci.Reference) error {
	project, name, err := split(repository)
	if err != nil {
		return err
	}
	if ref.IsDigest() {
		return s.Delete(ctx, by, project, name, ref.Digest.String())
	}
	return s.DeleteTag(ctx, by, project, name, ref.Tag, ref.Tag)
}

// deletion is one attempt at the transaction that takes artifacts of a repository,
// and what refers to them, out of sight: their tags go into the history, their
// children lose a parent.
type deletion struct {
	*Service
	removal
	ctx       context.Context
	tx        pgx.Tx
	projectID int64

	families map[int64][]int64 // of each artifact, it and its accessories
	found    map[int64]doomed  // what is locked and living
	tags     map[int64][]string
}

type doomed struct {
	digest  string
	parents int
}

// deleteFrom holds a project's rules and the repository until the transaction ends.
func (s *Service) deleteFrom(ctx context.Context, tx pgx.Tx, by rbac.Subject, project, repository string, cause Cause) (*deletion, error) {
	rules, err := holdRules(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	d := &deletion{Service: s, ctx: ctx, tx: tx}
	d.removal = removal{rules: rules, repository: repository, by: by.Name, cause: cause, at: s.now()}
	err = tx.QueryRow(ctx, holdRepository, project, repository).Scan(&d.repositoryID, &d.projectID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, repositoryUnknown(project, repository)
	}
	if err != nil {
		return nil, fmt.Errorf("find repository %s/%s: %w", project, repository, err)
	}
	return d, nil
}

// find is the artifact that a tag or a digest names; a tag stays where it is.
func (d *deletion) find(ref string) (id int64, err error) {
	if r, parsed := oci.ParseReference(ref); parsed == nil && r.IsDigest() {
		err = d.tx.QueryRow(d.ctx, findLiving, d.repositoryID, r.Digest.String()).Scan(&id)
	} else {
		err = d.tx.QueryRow(d.ctx, lockTag, d.repositoryID, ref).Scan(nil, &id)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil // nothing has this id
	}
	return id, err
}

// lock locks artifacts and all that goes with them, tags first, and looks at what
// is still there then.
func (d *deletion) lock(ids []int64) error {
	rows, err := d.tx.Query(d.ctx, accessoriesOf, d.repositoryID, ids)
	if err != nil {
		return err
	}
	d.families, d.found, d.tags = map[int64][]int64{}, map[int64]doomed{}, map[int64][]string{}
	all := []int64{}
	var root, id int64
	if _, err = pgx.ForEachRow(rows, []any{&root, &id}, func() error {
		d.families[root], all = append(d.families[root], id), append(all, id)
		return nil
	}); err != nil {
		return err
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if _, err := d.tx.Exec(d.ctx, lockTagsOf, all); err != nil {
		return err
	}
	if rows, err = d.tx.Query(d.ctx, lockArtifacts, all); err != nil {
		return err
	}
	var a doomed
	var deletedAt *time.Time
	if _, err = pgx.ForEachRow(rows, []any{&id, &a.digest, &a.parents, &deletedAt}, func() error {
		if deletedAt == nil {
			d.found[id] = a
		}
		return nil
	}); err != nil {
		return err
	}
	if rows, err = d.tx.Query(d.ctx, tagsOf, all); err != nil {
		return err
	}
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		d.tags[id] = append(d.tags[id], name)
		return nil
	})
	return err
}

// members are what goes when roots go: what refers to them, unless it has become
// part of an index meanwhile.
func (d *deletion) members(roots []int64) []int64 {
	all := slices.Clone(roots)
	for _, root := range roots {
		for _, id := range d.families[root] {
			if a, living := d.found[id]; living && a.parents == 0 {
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// take deletes locked artifacts with what refers to them. An immutable tag refuses.
func (d *deletion) take(roots []int64) error {
	window, err := d.window(d.ctx, d.tx, d.projectID)
	if err != nil {
		return err
	}
	if err := d.open(d.ctx, d.tx, window); err != nil {
		return err
	}
	all := d.members(roots)
	if err := removeTags(d.ctx, d.tx, d.removal, "artifact_id = ANY($2)", all); err != nil {
		return err
	}
	return hide(d.ctx, d.tx, d.removal, all)
}

func hide(ctx context.Context, tx pgx.Tx, r removal, ids []int64) error {
	batch := &pgx.Batch{}
	batch.Queue(noteRepository, r.repositoryID)
	batch.Queue(event.ArtifactsGone, ids, r.at, r.by)
	batch.Queue(orphanChildren, ids)
	batch.Queue(markDeleted, ids, r.at)
	batch.Queue(noteArtifacts, ids, r.until)
	return tx.SendBatch(ctx, batch).Close()
}

func compact(some ...[]int64) []int64 {
	all := slices.Concat(some...)
	slices.Sort(all)
	return slices.Compact(all)
}
