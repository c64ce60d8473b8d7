package artifact

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// Existing rows are not touched, so that pushes sharing a base layer do not queue.
	countBlobs = `
WITH fresh AS (
  INSERT INTO project_blob (project_id, blob_id) SELECT $1, id FROM unnest($2::bigint[]) AS e(id) ORDER BY id
  ON CONFLICT DO NOTHING RETURNING blob_id)
SELECT coalesce(sum(b.size), 0)::bigint FROM fresh JOIN blob b ON b.id = fresh.blob_id`

	// Both at once, for a project without a limit: counted is whether it still had none.
	countAndNote = `
WITH fresh AS (
  INSERT INTO project_blob (project_id, blob_id) SELECT $1, id FROM unnest($2::bigint[]) AS e(id) ORDER BY id
  ON CONFLICT DO NOTHING RETURNING blob_id),
added AS (SELECT coalesce(sum(b.size), 0)::bigint AS bytes FROM fresh JOIN blob b ON b.id = fresh.blob_id),
noted AS (
  INSERT INTO quota_delta (project_id, bytes)
  SELECT $1, bytes FROM added WHERE bytes <> 0 AND NOT EXISTS (SELECT FROM quota WHERE project_id = $1 AND hard >= 0) RETURNING id)
SELECT bytes, bytes = 0 OR EXISTS (SELECT FROM noted) AS counted FROM added`

	// With a limit there is nothing noted: project.SetLimit has counted all of it.
	takeQuota = `
UPDATE quota SET used = used + $2
WHERE project_id = $1 AND (hard < 0 OR $2 <= 0 OR used + $2 <= hard) RETURNING used, hard`

	noteQuota = `
INSERT INTO quota_delta (project_id, bytes)
SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM quota WHERE project_id = $1 AND hard >= 0)`

	quotaUsed = `SELECT used, hard FROM quota WHERE project_id = $1`
)

// nearlyFull is the part of its limit, in percent, from which on a project's people
// are warned.
const nearlyFull = 85

// Usage is what a project stored of its limit after a push.
type Usage struct {
	Used  int64 // bytes; known only with a limit
	Hard  int64 // bytes; -1: no limit
	added int64
}

// Percent is the part of the limit that is used, 0 without one.
func (u Usage) Percent() int64 {
	if u.Hard <= 0 {
		return 0
	}
	return u.Used * 100 / u.Hard
}

// NearlyFull says whether it is time to warn.
func (u Usage) NearlyFull() bool { return u.Percent() >= nearlyFull }

// crossed says whether it was not time before the push.
func (u Usage) crossed() bool {
	return u.NearlyFull() && !Usage{Used: u.Used - u.added, Hard: u.Hard}.NearlyFull()
}

// String is the usage as people are told: 8.7 GiB of 10 GiB (87 %).
func (u Usage) String() string {
	return fmt.Sprintf("%s of %s (%d %%)", inBinary(u.Used), inBinary(u.Hard), u.Percent())
}

// record writes the one audit entry of a project that becomes nearly full.
func (u Usage) record(tx store.Tx, by rbac.Subject, projectID int64, project string) error {
	if !u.crossed() {
		return nil
	}
	return audit.Record(tx, by, audit.Entry{
		ProjectID: &projectID, Operation: audit.Update, ResourceType: audit.Quota, Resource: project,
		Description: fmt.Sprintf("quota of project %s is nearly full: it uses %s", project, u),
	})
}

// charge sends rest, the end of the transaction, and with it counts the blobs that are
// new to the project against its quota. With a limit that is last, for it locks the
// project's quota until commit.
func (w *pushing) charge(rest *pgx.Batch) (Usage, error) {
	n := rest.Len()
	if w.fresh {
		rest.Queue(countAndNote, w.target.projectID, w.blobs)
	}
	answers := w.tx.SendBatch(w.ctx, rest)
	for range n {
		if _, err := answers.Exec(); err != nil {
			return Usage{}, fmt.Errorf("record the push of %s: %w", w.push.Digest, errors.Join(err, answers.Close()))
		}
	}
	if !w.fresh {
		return w.target.usage(), answers.Close()
	}
	var added int64
	var counted bool
	err := answers.QueryRow().Scan(&added, &counted)
	if err = errors.Join(err, answers.Close()); err != nil {
		return Usage{}, fmt.Errorf("count new blobs: %w", err)
	}
	if counted {
		return w.target.usage(), nil
	}
	return takeQuotaOf(w.ctx, w.tx, w.target, added)
}

func (t target) usage() Usage { return Usage{Used: t.used, Hard: t.hard} }

// chargeQuota adds bytes to what a project uses. With a limit it is one atomic
// statement; without one nothing is locked. The limit may have changed since the
// target was found, so both statements look again.
func chargeQuota(ctx context.Context, tx pgx.Tx, t target, bytes int64) (Usage, error) {
	if bytes == 0 {
		return t.usage(), nil
	}
	if t.hard < 0 {
		noted, err := tx.Exec(ctx, noteQuota, t.projectID, bytes)
		if err != nil {
			return Usage{}, fmt.Errorf("note quota: %w", err)
		}
		if noted.RowsAffected() == 1 {
			return Usage{Hard: -1}, nil
		}
	}
	return takeQuotaOf(ctx, tx, t, bytes)
}

// takeQuotaOf is chargeQuota for a project with a limit.
func takeQuotaOf(ctx context.Context, tx pgx.Tx, t target, bytes int64) (Usage, error) {
	out := Usage{added: bytes}
	err := tx.QueryRow(ctx, takeQuota, t.projectID, bytes).Scan(&out.Used, &out.Hard)
	if !errors.Is(err, pgx.ErrNoRows) {
		if err != nil {
			err = fmt.Errorf("charge quota: %w", err)
		}
		return out, err
	}
	if err := tx.QueryRow(ctx, quotaUsed, t.projectID).Scan(&out.Used, &out.Hard); err != nil {
		return Usage{}, fmt.Errorf("read quota: %w", err)
	}
	return Usage{}, fault.Denied("adding %s of storage resource, which when updated to current usage of %s will exceed the configured upper limit of %s.",
		inBinary(bytes), inBinary(out.Used), inBinary(out.Hard))
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
