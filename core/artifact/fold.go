package artifact

import (
	"context"
	"fmt"
)

// What requests only append is added here to the rows that people read. Each
// statement takes rows and counts them in one, so that a process that is killed
// in between has neither; rows that another process is folding are skipped. All
// write project_day in the order of its key, against deadlocks.
const (
	foldPulls = `
WITH taken AS (DELETE FROM pull_delta WHERE id IN (SELECT id FROM pull_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
               RETURNING artifact_id, tag_id, count, last_at),
     tagged AS (UPDATE tag t SET pulled_at = greatest(t.pulled_at, x.last_at)
                FROM (SELECT tag_id, max(last_at) AS last_at FROM taken GROUP BY tag_id) x WHERE t.id = x.tag_id),
     pulled AS (UPDATE artifact a SET pulled_at = greatest(a.pulled_at, x.last_at)
                FROM (SELECT artifact_id, max(last_at) AS last_at FROM taken GROUP BY artifact_id) x WHERE a.id = x.artifact_id),
     placed AS (SELECT r.id AS repository_id, r.project_id, (t.last_at AT TIME ZONE 'UTC')::date AS day, t.count
                FROM taken t JOIN artifact a ON a.id = t.artifact_id JOIN repository r ON r.id = a.repository_id),
     counted AS (UPDATE repository r SET pull_count = r.pull_count + x.n
                 FROM (SELECT repository_id, sum(count) AS n FROM placed GROUP BY repository_id) x WHERE r.id = x.repository_id),
     lived AS (INSERT INTO project_day (project_id, day, pulls)
               SELECT project_id, day, sum(count) FROM placed GROUP BY project_id, day ORDER BY project_id, day
               ON CONFLICT (project_id, day) DO UPDATE SET pulls = project_day.pulls + excluded.pulls)
SELECT count(*) FROM taken`

	notePush = `INSERT INTO push_delta (project_id, at) VALUES ($1, $2)`

	foldPushes = `
WITH taken AS (DELETE FROM push_delta WHERE id IN (SELECT id FROM push_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
               RETURNING project_id, at),
     lived AS (INSERT INTO project_day (project_id, day, pushes)
               SELECT project_id, (at AT TIME ZONE 'UTC')::date AS day, count(*) FROM taken GROUP BY 1, 2 ORDER BY 1, 2
               ON CONFLICT (project_id, day) DO UPDATE SET pushes = project_day.pushes + excluded.pushes)
SELECT count(*) FROM taken`

	foldQuota = `
WITH taken AS (DELETE FROM quota_delta WHERE id IN (SELECT id FROM quota_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
               RETURNING project_id, bytes)
UPDATE quota q SET used = q.used + x.n
FROM (SELECT project_id, sum(bytes)::bigint AS n FROM taken GROUP BY project_id) x WHERE q.project_id = x.project_id`

	// A day's row says what the project held when it ended; days on which that did
	// not change have none. Nothing is written when nothing changed.
	noteStored = `
INSERT INTO project_day (project_id, day, stored)
SELECT q.project_id, $1::date, q.used FROM quota q
LEFT JOIN LATERAL (SELECT d.stored FROM project_day d
  WHERE d.project_id = q.project_id AND d.day <= $1::date AND d.stored IS NOT NULL ORDER BY d.day DESC LIMIT 1) last ON true
WHERE q.used <> coalesce(last.stored, 0)
ORDER BY q.project_id
ON CONFLICT (project_id, day) DO UPDATE SET stored = excluded.stored`
)

// foldBatch is how many rows one fold takes.
const foldBatch = 10_000

// Fold adds what was noted of pulls, pushes and unlimited quotas to the rows that
// people read, and says how many pulls and pushes it took: call it again until
// there are none. It may run anywhere, any number of times.
func (s *Service) Fold(ctx context.Context) (int64, error) {
	var pulls, pushes int64
	if err := s.db.Pool.QueryRow(ctx, foldPulls, foldBatch).Scan(&pulls); err != nil {
		return 0, fmt.Errorf("fold pulls: %w", err)
	}
	if err := s.db.Pool.QueryRow(ctx, foldPushes, foldBatch).Scan(&pushes); err != nil {
		return pulls, fmt.Errorf("fold pushes: %w", err)
	}
	if _, err := s.db.Pool.Exec(ctx, foldQuota, foldBatch); err != nil {
		return pulls + pushes, fmt.Errorf("fold quota: %w", err)
	}
	if _, err := s.db.Pool.Exec(ctx, noteStored, s.clock().UTC()); err != nil {
		return pulls + pushes, fmt.Errorf("note what projects hold: %w", err)
	}
	return pulls + pushes, nil
}
