package artifact

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// TagRestored is what restoring a tag has done.
type TagRestored struct {
	From    string // digest that the tag pointed at; '' when it was not there
	To      string // digest
	Revived bool   // the artifact came back from the recycle bin
}

const pastOfTag = `
SELECT a.id, a.deleted_at IS NOT NULL FROM artifact a WHERE a.repository_id = $1 AND a.digest = $3
AND EXISTS (SELECT FROM tag_event e WHERE e.repository_id = $1 AND e.name = $2 AND (e.from_artifact_id = a.id OR e.to_artifact_id = a.id))`

// RestoreTag points a tag at an artifact that it has pointed at before. From the
// recycle bin that comes back with what belongs to it, if fromBin allows it; other
// tags do not. Like a push it does not move an immutable tag.
func (s *Service) RestoreTag(ctx context.Context, by rbac.Subject, project, repository, tag string, to digest.Digest, fromBin bool) (TagRestored, error) {
	if !oci.ValidTag(tag) {
		return TagRestored{}, fault.Invalid("tag_name", "%.200q is no tag", tag)
	}
	full := project + "/" + repository
	var out TagRestored
	err := store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		out = TagRestored{To: to.String()}
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, causeRestore)
		if err != nil {
			return err
		}
		if err := d.findTag(tag, &out); err != nil {
			return err
		}
		id, err := d.revivePast(by, tag, to, fromBin, &out)
		if err != nil {
			return err
		}
		if out.From == out.To {
			return nil
		}
		target := target{projectID: d.projectID, repositoryID: d.repositoryID, repository: repository}
		if err := moveTag(ctx, d.tx, tagMove{target: target, name: tag, to: id, by: by.Name, cause: causeRestore, at: d.at}); err != nil {
			return err
		}
		what := fmt.Sprintf("restore tag: %s:%s to %s", full, tag, out.To)
		if out.From != "" {
			what += ", from " + out.From
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &d.projectID, Operation: audit.Restore, ResourceType: audit.Tag, Resource: full + ":" + tag, Description: what,
		})
	})
	return out, err
}

// findTag keeps the tag where it is until the transaction ends.
func (d *deletion) findTag(tag string, out *TagRestored) error {
	var holder int64
	err := d.tx.QueryRow(d.ctx, lockTag, d.repositoryID, tag).Scan(nil, &holder)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = d.tx.QueryRow(d.ctx, `SELECT digest FROM artifact WHERE id = $1`, holder).Scan(&out.From)
	}
	if err != nil {
		return fmt.Errorf("find tag %s: %w", tag, err)
	}
	return nil
}

// revivePast finds the artifact that a tag has pointed at, and takes it out of the
// bin if it is there.
func (d *deletion) revivePast(by rbac.Subject, tag string, to digest.Digest, fromBin bool, out *TagRestored) (id int64, err error) {
	gone := fault.NotFound("tag %s cannot be restored to %s: it never pointed there, or the artifact was deleted for ever", tag, to)
	var deleted bool
	err = d.tx.QueryRow(d.ctx, pastOfTag, d.repositoryID, tag, to.String()).Scan(&id, &deleted)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, gone
	}
	if err != nil {
		return 0, fmt.Errorf("look for the past of tag %s: %w", tag, err)
	}
	r := restoring{Service: d.Service, ctx: d.ctx, tx: d.tx, by: by, projectID: d.projectID, now: d.at}
	if !deleted {
		// It stays: who deletes it waits, and finds the tag.
		err = d.tx.QueryRow(d.ctx, `SELECT deleted_at IS NOT NULL FROM artifact WHERE id = $1 FOR NO KEY UPDATE`, id).Scan(&deleted)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return 0, fmt.Errorf("lock artifact %s: %w", to, err)
		}
		if err == nil && !deleted {
			return id, nil
		}
	}
	if !fromBin {
		return 0, fault.Forbidden("artifact %s is in the recycle bin, and restoring it needs a role that may do that; ask a maintainer of the project", to)
	}
	err = r.lock([]int64{id}, []int64{id})
	if errors.Is(err, fault.ErrNotFound) {
		return 0, gone
	}
	if err == nil {
		err = r.revive()
	}
	if err != nil {
		return 0, fmt.Errorf("restore artifact %s: %w", to, err)
	}
	out.Revived = true
	return id, nil
}
