package project

import (
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Limit is how much a project may store, from a time on.
type Limit struct {
	Hard  int64 // bytes; -1: no limit
	At    time.Time
	Since *time.Time // when the limit was changed last, as the caller knows; another time refuses
}

// SetLimit changes how much a project may store; less than it stores is allowed and
// only keeps more from coming.
//
// Pushes hold the project's policies until they commit. So once this has them alone,
// all that was noted without a limit is committed and can be counted, and the next
// push reads the new limit: none slips in between.
func SetLimit(tx store.Tx, by rbac.Subject, id ID, l Limit) error {
	if err := checkStorage(l.Hard); err != nil {
		return err
	}
	if err := tx.Exec(HoldPolicies, id).Error; err != nil {
		return fmt.Errorf("hold the project's policies: %w", err)
	}
	name, err := Hold(tx, id)
	if err != nil {
		return err
	}
	var noted int64
	const fold = "WITH gone AS (DELETE FROM quota_delta WHERE project_id = ? RETURNING bytes) SELECT coalesce(sum(bytes), 0)::bigint FROM gone"
	if err := tx.Raw(fold, id).Scan(&noted).Error; err != nil {
		return fmt.Errorf("count what was noted: %w", err)
	}
	var have struct {
		Hard      int64
		UpdatedAt time.Time
	}
	const add = "UPDATE quota SET used = used + ? WHERE project_id = ? RETURNING hard, updated_at"
	if err := tx.Raw(add, noted, id).Scan(&have).Error; err != nil {
		return fmt.Errorf("lock quota: %w", err)
	}
	if err := store.Unchanged(l.Since, have.UpdatedAt); err != nil {
		return err
	}
	if have.Hard == l.Hard {
		return nil
	}
	if err := tx.Exec("UPDATE quota SET hard = ?, updated_at = ? WHERE project_id = ?", l.Hard, l.At, id).Error; err != nil {
		return fmt.Errorf("change quota: %w", err)
	}
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &id, Operation: audit.Update, ResourceType: audit.Quota, Resource: name,
		Description: fmt.Sprintf("update quota: storage of project %s from %d to %d bytes", name, have.Hard, l.Hard),
		Payload:     map[string]int64{"old": have.Hard, "new": l.Hard},
	})
}
