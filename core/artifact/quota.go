package artifact

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	// Existing rows are not touched, so that pushes sharing a base layer do not queue.
	countBlobs = `
WITH fresh AS (
  INSERT INTO project_blob (project_id, blob_id) SELECT $1, id FROM unnest($2::bigint[]) AS e(id) ORDER BY id
  ON CONFLICT DO NOTHING RETURNING blob_id)
SELECT coalesce(sum(b.size), 0)::bigint FROM fresh JOIN blob b ON b.id = fresh.blob_id`

	takeQuota = `
UPDATE quota SET used = used + $2, updated_at = now()
WHERE project_id = $1 AND (hard < 0 OR used + $2 + (SELECT coalesce(sum(bytes), 0) FROM quota_delta WHERE project_id = $1) <= hard)`

	noteQuota = `INSERT INTO quota_delta (project_id, bytes) VALUES ($1, $2)`

	quotaUsed = `
SELECT (q.used + coalesce((SELECT sum(bytes) FROM quota_delta WHERE project_id = $1), 0))::bigint, q.hard FROM quota q WHERE q.project_id = $1`
)

// charge counts the blobs that are new to the project against its quota.
func (w *pushing) charge() error {
	if !w.fresh {
		return nil
	}
	var added int64
	if err := w.tx.QueryRow(w.ctx, countBlobs, w.target.projectID, w.blobs).Scan(&added); err != nil {
		return fmt.Errorf("count new blobs: %w", err)
	}
	return chargeQuota(w.ctx, w.tx, w.target, added)
}

// chargeQuota adds bytes to what a project uses. With a limit it is one atomic
// statement; without one nothing is locked.
func chargeQuota(ctx context.Context, tx pgx.Tx, t target, bytes int64) error {
	if bytes == 0 {
		return nil
	}
	if t.hard < 0 {
		if _, err := tx.Exec(ctx, noteQuota, t.projectID, bytes); err != nil {
			return fmt.Errorf("note quota: %w", err)
		}
		return nil
	}
	tag, err := tx.Exec(ctx, takeQuota, t.projectID, bytes)
	if err != nil {
		return fmt.Errorf("charge quota: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	var used, hard int64
	if err := tx.QueryRow(ctx, quotaUsed, t.projectID).Scan(&used, &hard); err != nil {
		return fmt.Errorf("read quota: %w", err)
	}
	return fault.Denied("adding %s of storage resource, which when updated to current usage of %s will exceed the configured upper limit of %s.",
		inBinary(bytes), inBinary(used), inBinary(hard))
}

// inBinary writes bytes as Harbor's quota messages do: 63.4 KiB.
func inBinary(n int64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n)/1024, 0
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", value), ".0") + " " + units[unit:unit+1] + "iB"
}
