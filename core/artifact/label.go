package artifact

import (
	"context"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	putLabel  = `INSERT INTO artifact_label (artifact_id, label_id, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	takeLabel = `DELETE FROM artifact_label WHERE artifact_id = $1 AND label_id = $2`

	dropLabels = `DELETE FROM artifact_label WHERE artifact_id = $1`
)

// AddLabel puts a label on the artifact that ref names. A label of another project
// is as unknown as one that is not there.
func (s *Service) AddLabel(ctx context.Context, by rbac.Subject, project, repository, ref string, id int64) error {
	return s.relabel(ctx, "add", by, project, repository, ref, id, func(tx store.Tx, a row, l label.Label) error {
		if !l.FitsIn(a.projectID) {
			return fault.NotFound("label %d not found", id)
		}
		done, err := store.PgxTx(tx).Exec(ctx, putLabel, a.id, id, s.clock())
		if err != nil {
			return fmt.Errorf("add label: %w", err)
		}
		if done.RowsAffected() == 0 {
			return fault.Conflict("label %d is already added to the artifact %d", id, a.id)
		}
		return nil
	})
}

// RemoveLabel takes a label off the artifact that ref names.
func (s *Service) RemoveLabel(ctx context.Context, by rbac.Subject, project, repository, ref string, id int64) error {
	return s.relabel(ctx, "remove", by, project, repository, ref, id, func(tx store.Tx, a row, _ label.Label) error {
		done, err := store.PgxTx(tx).Exec(ctx, takeLabel, a.id, id)
		if err != nil {
			return fmt.Errorf("remove label: %w", err)
		}
		if done.RowsAffected() == 0 {
			return fault.NotFound("label %d not found", id)
		}
		return nil
	})
}

func (s *Service) relabel(ctx context.Context, what string, by rbac.Subject, project, repository, ref string, id int64, change func(store.Tx, row, label.Label) error) error {
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		a, err := lockLiving(ctx, store.PgxTx(tx), project, repository, ref)
		if err != nil {
			return err
		}
		l, err := label.Find(tx, id)
		if err != nil {
			return err
		}
		if err := change(tx, a, l); err != nil {
			return err
		}
		full := reference(project+"/"+repository, ref)
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &a.projectID, Operation: audit.Update, ResourceType: audit.Artifact, Resource: full,
			Description: fmt.Sprintf("%s label %s: %s", what, l.Name, full),
		})
	})
}
