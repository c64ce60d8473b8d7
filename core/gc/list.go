package gc

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// mostListed is how many blobs a dry run names; it counts all.
const mostListed = 10_000

// What the steps would do one after the other, in one statement: artifacts whose time
// is over (or all of the recycle bin, $2), but for the parts of indexes that stay; the
// links that nothing uses then; and the blobs that nothing needs then.
const listGarbage = `
WITH RECURSIVE due AS MATERIALIZED (
  SELECT a.id FROM gc_candidate c JOIN artifact a ON a.id = c.id AND a.deleted_at IS NOT NULL
  WHERE c.kind = 'artifact' AND ($2 OR c.not_before <= $1)),
kept AS (
  SELECT d.id FROM due d JOIN artifact_child c ON c.child_id = d.id WHERE NOT EXISTS (SELECT FROM due p WHERE p.id = c.parent_id)
  UNION
  SELECT d.id FROM kept k JOIN artifact_child c ON c.parent_id = k.id JOIN due d ON d.id = c.child_id),
artifacts AS MATERIALIZED (
  SELECT a.id, a.repository_id FROM artifact a JOIN due d ON d.id = a.id WHERE NOT EXISTS (SELECT FROM kept k WHERE k.id = d.id)),
looked AS (
  SELECT id AS blob_id, scope_id AS repository_id FROM gc_candidate WHERE kind = 'repository_blob' AND not_before <= $1
  UNION
  SELECT e.blob_id, a.repository_id FROM artifacts a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest'),
links AS MATERIALIZED (
  SELECT l.blob_id, l.repository_id FROM looked l JOIN repository_blob rb ON rb.blob_id = l.blob_id AND rb.repository_id = l.repository_id AND rb.lease_until <= $1
  WHERE NOT EXISTS (SELECT FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id
    WHERE e.blob_id = l.blob_id AND a.repository_id = l.repository_id AND NOT EXISTS (SELECT FROM artifacts g WHERE g.id = a.id))),
blobs AS (
  SELECT id FROM gc_candidate WHERE kind = 'blob' AND not_before <= $1
  UNION SELECT blob_id FROM links
  UNION SELECT e.blob_id FROM artifacts a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role = 'manifest')
SELECT b.digest, b.size, EXISTS (SELECT FROM manifest m WHERE m.digest = b.digest),
  (SELECT count(*) FROM artifacts), (SELECT count(*) FROM links)
FROM blobs JOIN blob b ON b.id = blobs.id AND (b.state = 'deleting' OR (b.lease_until <= $1
  AND NOT EXISTS (SELECT FROM repository_blob rb WHERE rb.blob_id = b.id AND NOT EXISTS (SELECT FROM links l WHERE l.blob_id = b.id AND l.repository_id = rb.repository_id))
  AND NOT EXISTS (SELECT FROM artifact_blob e WHERE e.blob_id = b.id AND NOT EXISTS (SELECT FROM artifacts a WHERE a.id = e.artifact_id))))
UNION ALL
SELECT '', 0, false, (SELECT count(*) FROM artifacts), (SELECT count(*) FROM links)
ORDER BY 2 DESC, 1`

// List tells what a collection would take away now, and writes a line for each of up to
// most blobs, the largest first. With bin the recycle bin goes too. It changes nothing.
func (s *Service) List(ctx context.Context, bin bool, most int, line func(format string, a ...any)) (f Freed, err error) {
	rows, err := s.DB.Pool.Query(ctx, listGarbage, s.Clock(), bin)
	if err != nil {
		return f, fmt.Errorf("list garbage: %w", err)
	}
	var digest string
	var size int64
	var manifest bool
	listed := 0
	_, err = pgx.ForEachRow(rows, []any{&digest, &size, &manifest, &f.Artifacts, &f.Links}, func() error {
		if digest == "" {
			return nil
		}
		what := "blob"
		if manifest {
			what = "manifest"
			f.Manifests++
		} else {
			f.Blobs++
		}
		f.Bytes += size
		if listed++; listed <= most {
			line("%s eligible for deletion: %s, %d bytes", what, digest, size)
		} else if listed == most+1 {
			line("and others, which are counted and not listed")
		}
		return nil
	})
	if err != nil {
		return f, fmt.Errorf("list garbage: %w", err)
	}
	return f, nil
}
