package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
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
	// accessories of an artifact, and theirs: a signature of an SBOM.
	accessoriesOf = `
WITH RECURSIVE gone AS (
  SELECT id, digest FROM artifact WHERE id = ANY($2)
  UNION
  SELECT a.id, a.digest FROM artifact a JOIN gone g ON a.subject_digest = g.digest
  WHERE a.repository_id = $1 AND a.deleted_at IS NULL AND a.accessory_type <> '' AND a.parent_count = 0)
SELECT id FROM gone ORDER BY id`

	markDeleted = `
UPDATE artifact SET deleted_at = $2 WHERE id = ANY($1) AND deleted_at IS NULL`

	// $2 is how often each child loses a parent: an index may list it twice, but
	// parent_count counts indexes.
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
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		rules, err := holdRules(ctx, conn, project)
		if err != nil {
			return err
		}
		a, err := lockLiving(ctx, conn, project, repository, ref)
		if err != nil {
			return err
		}
		full := project + "/" + repository
		if a.parents > 0 {
			return referencedError{fault.Precondition("%s: %s is part of an index in %s; delete the index first", ErrReferenced, a.digest, full)}
		}
		r := removal{rules: rules, repositoryID: a.repositoryID, repository: repository, by: by.Name, cause: causeDeleteArtifact, at: s.clock()}
		if err := s.deleteArtifacts(ctx, conn, r, []int64{a.id}); err != nil {
			return fmt.Errorf("delete artifact %s: %w", reference(full, ref), err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &a.projectID, Operation: audit.Delete, ResourceType: audit.Artifact, Resource: reference(full, ref),
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

// deleteArtifacts takes artifacts of one repository, and what refers to them,
// out of sight: their tags go into the history, their children lose a parent.
func (s *Service) deleteArtifacts(ctx context.Context, tx pgx.Tx, r removal, ids []int64) error {
	rows, err := tx.Query(ctx, accessoriesOf, r.repositoryID, ids)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if err := removeTags(ctx, tx, r, "artifact_id = ANY($2)", all); err != nil {
		return err
	}
	return s.hide(ctx, tx, r.repositoryID, all, r.at)
}

func (s *Service) hide(ctx context.Context, tx pgx.Tx, repositoryID int64, ids []int64, now time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(noteRepository, repositoryID)
	batch.Queue(orphanChildren, ids)
	batch.Queue(markDeleted, ids, now)
	batch.Queue(noteArtifacts, ids, now.Add(s.recovery))
	return tx.SendBatch(ctx, batch).Close()
}
