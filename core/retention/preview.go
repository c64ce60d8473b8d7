package retention

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Preview is what a policy would do at this moment.
type Preview struct {
	Repositories int64 // that its rules are about
	Artifacts    int64 // that are looked at, in these repositories
	Deleted      int64 // of them
	Immutable    int64 // of them, which stay for an immutable tag
	Listed       int64 // of them, which stay because an index that stays consists of them
	Along        int64 // besides: what refers to what is deleted, and what only deleted indexes consist of
	Bytes        int64 // of blobs that no artifact of the project has any more then
	Items        []Doomed
}

// Doomed is an artifact that would be deleted.
type Doomed struct {
	Repository string     `json:"repository"` // without the project
	Digest     string     `json:"digest"`
	Kind       string     `json:"kind"`
	Size       int64      `json:"size"`
	Tags       []string   `json:"tags"` // the newest
	TagCount   int64      `json:"tag_count"`
	PushedAt   time.Time  `json:"pushed"`
	PulledAt   *time.Time `json:"pulled"`
	Looked     int        `json:"looked"` // a bit for each rule of the policy that took it into account, and did not keep it
}

// shownTags is how many tags of an artifact a preview shows.
const shownTags = 20

const (
	// Blobs of which every edge in the project is one of what goes: the three kinds have nothing in common.
	previewTotals = `,
gone AS MATERIALIZED (SELECT id FROM doomed UNION ALL SELECT id FROM children UNION ALL SELECT id FROM referring),
freed AS (
  SELECT coalesce(sum(b.size), 0)::bigint AS bytes FROM blob b WHERE b.id = ANY(ARRAY(
    SELECT e.blob_id FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id LEFT JOIN gone g ON g.id = a.id
    WHERE a.repository_id = ANY(ARRAY(SELECT r.id FROM repository r WHERE r.project_id = %[1]s AND r.deleted_at IS NULL)) AND a.deleted_at IS NULL
    GROUP BY e.blob_id HAVING count(*) = count(g.id))))`

	previewPage = `
SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM doomed), (SELECT count(*) FROM judged WHERE NOT kept) - (SELECT count(*) FROM wanted),
  (SELECT count(*) FROM blocked), (SELECT count(*) FROM gone) - (SELECT count(*) FROM doomed), (SELECT bytes FROM freed),
  (SELECT coalesce(json_agg(x), '[]') FROM (
    SELECT r.name AS repository, a.digest, a.kind, a.size, a.tag_count, j.pushed, j.pulled, j.looked,
      ARRAY(SELECT t.name FROM tag t WHERE t.artifact_id = a.id ORDER BY t.since DESC, t.id DESC LIMIT %[1]s) AS tags
    FROM (SELECT j.id, j.pushed, j.pulled, j.looked, r.name FROM judged j JOIN doomed d ON d.id = j.id JOIN repository r ON r.id = j.repository_id
      ORDER BY r.name, j.pushed DESC, j.id DESC LIMIT %[2]s OFFSET %[3]s) j
    JOIN artifact a ON a.id = j.id JOIN repository r ON r.id = a.repository_id ORDER BY r.name, j.pushed DESC, j.id DESC) x)`
)

// previewLimits bound what one preview may take of the database.
// It reads whole tables where a policy is about most of them, which other statements never do. Each recursive part clears as much
// memory as a hash may have before it begins, so it is no more than 100,000 tags need. Remembering what was looked up (memoize) only
// costs here, where each artifact is looked up once, and so do parallel workers, which have to make the same pages theirs each time.
const previewLimits = `SET LOCAL statement_timeout = '20s'; SET LOCAL work_mem = '24MB'; SET LOCAL hash_mem_multiplier = 1; SET LOCAL enable_seqscan = on; SET LOCAL enable_memoize = off; SET LOCAL max_parallel_workers_per_gather = 0`

// Preview says what rules would delete in a project if they were its policy and ran
// now, and one page of it. Nothing is changed or kept.
func (s *Service) Preview(ctx context.Context, projectID int64, rules []Rule, p page.Page) (Preview, error) {
	if err := CheckRules(rules); err != nil {
		return Preview{}, err
	}
	var out Preview
	err := s.reading(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, previewLimits); err != nil {
			return fmt.Errorf("preview retention: %w", err)
		}
		c, err := summon(ctx, tx, projectID, rules, s.now())
		if err != nil {
			return err
		}
		out = Preview{Repositories: int64(len(c.repositories))}
		if len(c.repositories) == 0 {
			return nil
		}
		sql, args := c.preview(p)
		var items []byte
		err = tx.QueryRow(ctx, sql, args...).Scan(&out.Artifacts, &out.Deleted, &out.Immutable, &out.Listed, &out.Along, &out.Bytes, &items)
		if store.IsCanceled(err) {
			return fault.Unavailable("the preview takes more than 20 seconds here: let the rules be about fewer repositories, or make a dry run, which may take its time")
		}
		if err != nil {
			return fmt.Errorf("preview retention: %w", err)
		}
		if err := json.Unmarshal(items, &out.Items); err != nil {
			return fmt.Errorf("preview retention: %w", err)
		}
		return nil
	})
	return out, err
}

func (c court) preview(p page.Page) (string, []any) {
	sql, v := c.judge()
	size := min(max(p.Size, 1), page.AllSize)
	sql += fmt.Sprintf(previewTotals, v.arg(c.projectID))
	sql += fmt.Sprintf(previewPage, v.arg(shownTags), v.arg(size), v.arg((max(p.Number, 1)-1)*size))
	return sql, v.args
}

// reading is a transaction that sees one moment and changes nothing.
func (s *Service) reading(ctx context.Context, read func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.db.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, read)
}
