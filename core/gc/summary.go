package gc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Summary is the state of what is to be freed and of what was, for people.
type Summary struct {
	Bin    Amount     // deleted artifacts that can still be restored; what they share is counted for each
	Links  Amount     // of repositories to blobs, that wait to be looked at; they have no bytes of their own
	Blobs  Amount     // that wait for the end of a lease or for their turn
	Due    Amount     // of those blobs, what is due
	Oldest *time.Time // since when the first of all that is due waits
	Today  Freed
	Month  Freed // the last 30 days, today among them

	Missing, Damaged int64 // findings
}

// Amount is how many, and of how many bytes.
type Amount struct{ Count, Bytes int64 }

const (
	sumBin = `
SELECT count(*), coalesce(sum(a.size), 0)::bigint FROM gc_candidate c JOIN artifact a ON a.id = c.id AND a.deleted_at IS NOT NULL WHERE c.kind = 'artifact'`

	sumLinks = `SELECT count(*), 0::bigint FROM gc_candidate WHERE kind = 'repository_blob'`

	sumBlobs = `
SELECT count(*), coalesce(sum(b.size), 0)::bigint, count(*) FILTER (WHERE c.not_before <= $1), coalesce(sum(b.size) FILTER (WHERE c.not_before <= $1), 0)::bigint
FROM gc_candidate c JOIN blob b ON b.id = c.id WHERE c.kind = 'blob'`

	oldestDue = `
SELECT min(first) FROM unnest(ARRAY['artifact', 'repository_blob', 'blob', 'repository']) k (kind)
CROSS JOIN LATERAL (SELECT min(c.not_before) AS first FROM gc_candidate c WHERE c.kind = k.kind AND c.not_before <= $1) d`

	sumFreed = `
SELECT coalesce(sum(repositories), 0)::bigint, coalesce(sum(artifacts), 0)::bigint, coalesce(sum(links), 0)::bigint,
  coalesce(sum(blobs), 0)::bigint, coalesce(sum(manifests), 0)::bigint, coalesce(sum(bytes), 0)::bigint FROM gc_tally WHERE day > $1::date`

	// What was pushed again since it was found is stored.
	unresolved = `EXISTS (SELECT FROM blob b WHERE b.digest = storage_finding.digest AND NOT b.stored)`

	countFindings = `SELECT count(*) FILTER (WHERE kind = 'missing'), count(*) FILTER (WHERE kind = 'damaged') FROM storage_finding WHERE ` + unresolved
)

// Summary reads the state, in one round trip.
func (s *Service) Summary(ctx context.Context) (out Summary, err error) {
	now := s.Clock().UTC()
	batch := &pgx.Batch{}
	read := func(sql string, into []any, args ...any) {
		batch.Queue(sql, args...).QueryRow(func(row pgx.Row) error { return row.Scan(into...) })
	}
	freed := func(f *Freed) []any {
		return []any{&f.Repositories, &f.Artifacts, &f.Links, &f.Blobs, &f.Manifests, &f.Bytes}
	}
	read(sumBin, []any{&out.Bin.Count, &out.Bin.Bytes})
	read(sumLinks, []any{&out.Links.Count, &out.Links.Bytes})
	read(sumBlobs, []any{&out.Blobs.Count, &out.Blobs.Bytes, &out.Due.Count, &out.Due.Bytes}, now)
	read(oldestDue, []any{&out.Oldest}, now)
	read(sumFreed, freed(&out.Today), now.AddDate(0, 0, -1))
	read(sumFreed, freed(&out.Month), now.AddDate(0, 0, -30))
	read(countFindings, []any{&out.Missing, &out.Damaged})
	if err := s.DB.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return out, fmt.Errorf("read the state of garbage collection: %w", err)
	}
	return out, nil
}

// Finding is a blob of the index that the storage has not, or has with other bytes.
type Finding struct {
	Digest    string
	Kind      string // missing or damaged
	Size      int64  // that it should have
	Detail    string
	FoundAt   time.Time
	SeenAt    time.Time
	Artifacts int64    // that cannot be pulled because of it
	Broken    []Broken // the first of them
}

// Broken is an artifact that a finding breaks.
type Broken struct {
	Blob       string // the finding's digest
	Repository string // project/name
	Digest     string // the artifact's
	Tag        string // one of its tags, '' without any
}

// brokenListed is how many artifacts of a finding are named.
const brokenListed = 20

const brokenBy = `
SELECT f.digest, r.full_name, a.digest, coalesce((SELECT min(t.name) FROM tag t WHERE t.artifact_id = a.id), '')
FROM unnest($1::text[]) f (digest) JOIN blob b ON b.digest = f.digest
CROSS JOIN LATERAL (SELECT artifact_id FROM artifact_blob WHERE blob_id = b.id ORDER BY artifact_id DESC LIMIT $2) e
JOIN artifact a ON a.id = e.artifact_id AND a.deleted_at IS NULL JOIN repository r ON r.id = a.repository_id
ORDER BY f.digest, r.full_name, a.id`

const countBroken = `
SELECT f.digest, count(*) FROM unnest($1::text[]) f (digest) JOIN blob b ON b.digest = f.digest
JOIN artifact_blob e ON e.blob_id = b.id JOIN artifact a ON a.id = e.artifact_id AND a.deleted_at IS NULL GROUP BY f.digest`

// Findings lists what is wrong, the newest first, in four queries.
func (s *Service) Findings(ctx context.Context, p page.Page) (page.List[Finding], error) {
	db, err := p.Apply(s.DB.Gorm.WithContext(ctx).Table("storage_finding").Where(unresolved), page.Columns{
		"digest": {SQL: "digest"}, "kind": {SQL: "kind"}, "size": {SQL: "size", Kind: page.Int},
		"found_at": {SQL: "found_at", Kind: page.Time}, "seen_at": {SQL: "seen_at", Kind: page.Time},
	}, "found_at DESC, digest")
	if err != nil {
		return page.List[Finding]{}, err
	}
	rows, err := page.Fetch[findingRow](db, p, "", "findings")
	if err != nil {
		return page.List[Finding]{}, err
	}
	out := page.List[Finding]{Total: rows.Total}
	digests, at := []string{}, map[string]int{}
	for i, r := range rows.Items {
		out.Items = append(out.Items, Finding{Digest: r.Digest, Kind: r.Kind, Size: r.Size, Detail: r.Detail, FoundAt: r.FoundAt, SeenAt: r.SeenAt, Broken: []Broken{}})
		digests, at[r.Digest] = append(digests, r.Digest), i
	}
	if len(digests) == 0 {
		return out, nil
	}
	return out, errors.Join(s.addBroken(ctx, digests, func(b Broken) {
		f := &out.Items[at[b.Blob]]
		f.Broken = append(f.Broken, b)
	}), s.countBroken(ctx, digests, func(digest string, n int64) { out.Items[at[digest]].Artifacts = n }))
}

type findingRow struct {
	Digest  string
	Kind    string
	Size    int64
	Detail  string
	FoundAt time.Time
	SeenAt  time.Time
}

func (s *Service) addBroken(ctx context.Context, digests []string, add func(Broken)) error {
	rows, err := s.DB.Pool.Query(ctx, brokenBy, digests, brokenListed)
	if err != nil {
		return fmt.Errorf("list what findings break: %w", err)
	}
	var b Broken
	if _, err = pgx.ForEachRow(rows, []any{&b.Blob, &b.Repository, &b.Digest, &b.Tag}, func() error { add(b); return nil }); err != nil {
		return fmt.Errorf("list what findings break: %w", err)
	}
	return nil
}

func (s *Service) countBroken(ctx context.Context, digests []string, tell func(string, int64)) error {
	rows, err := s.DB.Pool.Query(ctx, countBroken, digests)
	if err != nil {
		return fmt.Errorf("count what findings break: %w", err)
	}
	var digest string
	var n int64
	if _, err = pgx.ForEachRow(rows, []any{&digest, &n}, func() error { tell(digest, n); return nil }); err != nil {
		return fmt.Errorf("count what findings break: %w", err)
	}
	return nil
}
