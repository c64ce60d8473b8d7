package gc

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/store"
)

// purgeBatch is how many artifacts one transaction purges.
const purgeBatch = 200

const (
	// One at a time in the whole installation: of two artifacts that share a project's
	// last reference to a blob, purged at the same time, each would keep it for the other.
	purgeAlone = `SELECT pg_try_advisory_xact_lock(1481461066)`

	lockArtifacts = `SELECT id FROM artifact WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED`

	// Looked at once they are locked. What an index lists goes after the index, even if
	// that is in the recycle bin: it has to be restored whole.
	lookAtArtifacts = `
SELECT a.id, a.deleted_at IS NULL, EXISTS (SELECT FROM artifact_child c WHERE c.child_id = a.id OFFSET 0) FROM artifact a WHERE a.id = ANY($1) ORDER BY a.id`

	// Blobs that a project has only in the artifacts $1.
	lastOfProject = `
SELECT DISTINCT a.project_id, e.blob_id FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id
WHERE a.id = ANY($1) AND NOT EXISTS (
  SELECT FROM artifact_blob o JOIN artifact x ON x.id = o.artifact_id
  WHERE o.blob_id = e.blob_id AND x.project_id = a.project_id AND x.id <> ALL($1))`

	// As ADR 0004 says: a push holds its blobs until it has counted them.
	lockBlobs = `SELECT id FROM blob WHERE id = ANY($1) ORDER BY digest FOR UPDATE SKIP LOCKED`

	artifactsWith = `SELECT DISTINCT artifact_id FROM artifact_blob WHERE artifact_id = ANY($1) AND blob_id = ANY($2)`

	uncount = `
WITH last AS (` + lastOfProject + `),
gone AS (DELETE FROM project_blob pb USING last WHERE pb.project_id = last.project_id AND pb.blob_id = last.blob_id RETURNING pb.project_id, pb.blob_id)
SELECT g.project_id, sum(b.size)::bigint FROM gone g JOIN blob b ON b.id = g.blob_id GROUP BY g.project_id ORDER BY g.project_id`

	holdPolicies = `SELECT ` + project.SharePolicies + ` FROM project p WHERE p.id = ANY($1) ORDER BY p.id`

	// The rule of core/artifact: with a limit the usage itself, without one a note of it.
	noteQuota = `
INSERT INTO quota_delta (project_id, bytes) SELECT v.project, -v.bytes FROM unnest($1::bigint[], $2::bigint[]) v (project, bytes)
WHERE v.bytes <> 0 AND NOT EXISTS (SELECT FROM quota WHERE project_id = v.project AND hard >= 0)`
	takeQuota = `
UPDATE quota q SET used = q.used - v.bytes FROM unnest($1::bigint[], $2::bigint[]) v (project, bytes)
WHERE q.project_id = v.project AND q.hard >= 0 AND v.bytes <> 0`

	notePurged = `INSERT INTO purged_artifact (id, repository_id, digest, at) SELECT id, repository_id, digest, $2 FROM artifact WHERE id = ANY($1)`

	// The parts of a purged index that are in the recycle bin themselves: they were
	// dropped because of it. One that waits for its own time keeps it.
	noteChildren = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT DISTINCT 'artifact', a.id, $2::timestamptz FROM artifact_child c JOIN artifact a ON a.id = c.child_id AND a.deleted_at IS NOT NULL
WHERE c.parent_id = ANY($1) AND a.id <> ALL($1) ORDER BY a.id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`

	noteLinks = `
INSERT INTO gc_candidate (kind, id, scope_id, not_before)
SELECT DISTINCT 'repository_blob', e.blob_id, a.repository_id, $2::timestamptz FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest'
WHERE a.id = ANY($1) ORDER BY e.blob_id, a.repository_id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = least(gc_candidate.not_before, excluded.not_before)`

	noteManifests = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT DISTINCT 'blob', blob_id, $2::timestamptz FROM artifact_blob WHERE artifact_id = ANY($1) AND role = 'manifest' ORDER BY blob_id
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = least(gc_candidate.not_before, excluded.not_before)`

	// One that waits for the end of its recovery window goes on waiting.
	noteRepositories = `
INSERT INTO gc_candidate (kind, id, not_before)
SELECT DISTINCT 'repository', r.id, $2::timestamptz FROM artifact a JOIN repository r ON r.id = a.repository_id AND r.deleted_at IS NOT NULL
WHERE a.id = ANY($1) ORDER BY r.id ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = gc_candidate.not_before`
)

// purge removes the rows of artifacts whose time in the recycle bin is over, and says
// how many candidates it is done with.
func (s *Service) purge(ctx context.Context, of *pass) (done int, err error) {
	now := s.Clock()
	var freed Freed
	err = store.InTx(ctx, s.DB.Gorm, func(tx store.Tx) error {
		done, freed = 0, Freed{}
		p := purging{ctx: ctx, tx: store.PgxTx(tx), now: now}
		var alone bool
		if err := p.tx.QueryRow(ctx, purgeAlone).Scan(&alone); err != nil || !alone {
			return err
		}
		taken, err := take(ctx, p.tx, kindArtifact, now, purgeBatch)
		if err != nil || len(taken) == 0 {
			return err
		}
		if err := p.look(ids(taken)); err != nil {
			return err
		}
		// First: purging an index notes its parts again, one of which may be among these.
		if _, err := p.tx.Exec(ctx, dropCandidates, kindArtifact, append(p.dropped, p.purged...)); err != nil {
			return err
		}
		if err := p.remove(); err != nil {
			return err
		}
		done = len(p.purged) + len(p.dropped)
		freed.Artifacts = int64(len(p.purged))
		return tally(ctx, p.tx, of.execution, now, freed)
	})
	if err != nil {
		return 0, fmt.Errorf("purge artifacts: %w", err)
	}
	of.count(freed)
	s.metrics.count(freed)
	return done, nil
}

// purging is one attempt at the transaction of a purge.
type purging struct {
	ctx     context.Context
	tx      pgx.Tx
	now     time.Time
	purged  []int64 // what goes
	dropped []int64 // whose candidates go: restored, gone, or part of an index
}

// look locks the artifacts and decides about each. What somebody else has locked is
// left for the next pass.
func (p *purging) look(all []int64) error {
	locked, err := column(p.ctx, p.tx, lockArtifacts, all)
	if err != nil {
		return err
	}
	there, err := column(p.ctx, p.tx, `SELECT id FROM artifact WHERE id = ANY($1)`, all)
	if err != nil {
		return err
	}
	p.purged, p.dropped = []int64{}, []int64{}
	for _, id := range all {
		if !slices.Contains(there, id) {
			p.dropped = append(p.dropped, id)
		}
	}
	rows, err := p.tx.Query(p.ctx, lookAtArtifacts, locked)
	if err != nil {
		return err
	}
	var id int64
	var alive, listed bool
	_, err = pgx.ForEachRow(rows, []any{&id, &alive, &listed}, func() error {
		if alive || listed {
			p.dropped = append(p.dropped, id)
		} else {
			p.purged = append(p.purged, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.holdBlobs()
}

// holdBlobs locks what the projects of the artifacts will not have any more. An
// artifact with such a blob that a push holds is left for the next pass.
func (p *purging) holdBlobs() error {
	rows, err := p.tx.Query(p.ctx, lastOfProject, p.purged)
	if err != nil {
		return err
	}
	var last []int64
	var blob int64
	if _, err = pgx.ForEachRow(rows, []any{nil, &blob}, func() error {
		last = append(last, blob)
		return nil
	}); err != nil {
		return err
	}
	slices.Sort(last)
	last = slices.Compact(last)
	locked, err := column(p.ctx, p.tx, lockBlobs, last)
	if err != nil {
		return err
	}
	if len(locked) == len(last) {
		return nil
	}
	busy := slices.DeleteFunc(last, func(id int64) bool { return slices.Contains(locked, id) })
	with, err := column(p.ctx, p.tx, artifactsWith, p.purged, busy)
	if err != nil {
		return err
	}
	p.purged = slices.DeleteFunc(p.purged, func(id int64) bool { return slices.Contains(with, id) })
	return nil
}

func (p *purging) remove() error {
	if len(p.purged) == 0 {
		return nil
	}
	if err := p.uncount(); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, sql := range []string{notePurged, noteChildren, noteLinks, noteManifests, noteRepositories} {
		batch.Queue(sql, p.purged, p.now)
	}
	for _, sql := range []string{
		`DELETE FROM artifact_label WHERE artifact_id = ANY($1)`,
		`DELETE FROM artifact_blob WHERE artifact_id = ANY($1)`,
		`DELETE FROM artifact_child WHERE parent_id = ANY($1)`,
		`DELETE FROM artifact WHERE id = ANY($1)`,
	} {
		batch.Queue(sql, p.purged)
	}
	return send(p.ctx, p.tx, batch)
}

// uncount takes off the projects' usage what they do not have any more.
func (p *purging) uncount() error {
	rows, err := p.tx.Query(p.ctx, uncount, p.purged)
	if err != nil {
		return err
	}
	var projects, bytes []int64
	var id, n int64
	if _, err = pgx.ForEachRow(rows, []any{&id, &n}, func() error {
		projects, bytes = append(projects, id), append(bytes, n)
		return nil
	}); err != nil || len(projects) == 0 {
		return err
	}
	if _, err := p.tx.Exec(p.ctx, holdPolicies, projects); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(noteQuota, projects, bytes)
	batch.Queue(takeQuota, projects, bytes)
	return send(p.ctx, p.tx, batch)
}
