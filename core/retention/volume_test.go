package retention_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// fill seeds a project with artifacts over some repositories: each has a tag and three
// blobs, one of them shared; every tenth is signed, every twentieth an index of two.
func (s *shed) fill(name string, repositories, artifacts int) int64 {
	s.t.Helper()
	id := s.project(name)
	s.exec(`INSERT INTO repository (project_id, name, full_name, published_at) SELECT $1, 'r' || i, $2 || '/r' || i, now() FROM generate_series(1, $3::int) i`, id, name, repositories)
	s.exec(`CREATE TABLE made AS SELECT i, 'sha256:' || encode(sha256(convert_to($1 || i, 'UTF8')), 'hex') AS digest FROM generate_series(1, $2::int) i`, name, artifacts)
	s.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT digest, '', 500, '' FROM made`)
	s.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count, pushed_at, pulled_at)
		SELECT $1, r.id, m.digest, CASE WHEN i % 20 = 0 THEN 'index' ELSE 'image' END, '', 1000 + i, 1, now() - i * interval '1 minute', now() - i % 977 * interval '1 hour'
		FROM made m JOIN repository r ON r.project_id = $1 AND r.name = 'r' || 1 + i % $2::int ORDER BY i`, id, repositories)
	s.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, CASE WHEN id % 3 = 0 THEN 'dev-' ELSE 'v' END || id, id, pushed_at FROM artifact WHERE project_id = $1`, id)
	s.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT replace(digest, 'sha256:', 'sha256:s'), '', 1, '' FROM made WHERE i % 10 = 0`)
	s.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, subject_digest, accessory_type)
		SELECT project_id, repository_id, replace(digest, 'sha256:', 'sha256:s'), 'signature', '', 1, digest, 'signature.cosign'
		FROM artifact WHERE project_id = $1 AND digest IN (SELECT digest FROM made WHERE i % 10 = 0)`, id)
	s.exec(`INSERT INTO artifact_child (parent_id, child_id, position) SELECT id, id - p * $2, p - 1 FROM artifact, generate_series(1, 2) p
		WHERE project_id = $1 AND kind = 'index' AND id - p * $2 IN (SELECT id FROM artifact WHERE project_id = $1)`, id, repositories)
	s.exec(`UPDATE artifact a SET parent_count = c.n FROM (SELECT child_id, count(*) AS n FROM artifact_child GROUP BY 1) c WHERE a.id = c.child_id`)
	s.exec(`INSERT INTO blob (digest, size, lease_until) SELECT 'sha256:blob' || a.id || '-' || n, 1000, now() FROM artifact a, generate_series(1, 2) n WHERE a.project_id = $1`, id)
	s.exec(`INSERT INTO artifact_blob (artifact_id, blob_id, role) SELECT a.id, b.id, 'layer' FROM artifact a JOIN generate_series(1, 2) n ON true JOIN blob b ON b.digest = 'sha256:blob' || a.id || '-' || n WHERE a.project_id = $1`, id)
	s.exec(`WITH base AS (INSERT INTO blob (digest, size, lease_until) VALUES ('sha256:base' || $1::bigint, 5000, now()) RETURNING id)
		INSERT INTO artifact_blob (artifact_id, blob_id, role) SELECT a.id, base.id, 'layer' FROM artifact a, base WHERE a.project_id = $1 AND a.accessory_type = ''`, id)
	s.exec(`DROP TABLE made`)
	return id
}

func usual() []retention.Rule {
	dev := rule("nDaysSinceLastPull", 7, "**", "dev-*")
	dev.Tags[0].Extras = `{"untagged":false}`
	return []retention.Rule{rule("latestPushedK", 10, "**", "v*"), dev, rule("nDaysSinceLastPush", 3, "r{1,2,3}*", "**")}
}

func TestDecidingReadsByIndexes(t *testing.T) {
	s := newShed(t)
	s.fill("big", 10_000, 20_000)
	s.exec(`INSERT INTO artifact_child (parent_id, child_id, position) SELECT id, id - 1, 10 + p FROM artifact, generate_series(1, 5) p WHERE kind = 'image' AND id > 1`)
	small := s.fill("small", 5, 60)
	s.exec(`INSERT INTO label (project_id, name) SELECT $1, 'l' || i FROM generate_series(1, 1000) i`, small)
	s.exec(`INSERT INTO artifact_label (artifact_id, label_id) SELECT a.id, l.id FROM artifact a JOIN label l ON l.name = 'l' || 1 + a.id % 1000 WHERE a.accessory_type = ''`)
	s.immutable(small, "r1", "v1*")
	all, err := s.Retention.Statements(ctx, small, usual())
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScans(t, s.DB, all...)
}

// worked is the processor time that Postgres has spent for this database so far: others
// may have the machine, which a clock on the wall cannot tell.
func (s *shed) worked() (out time.Duration) {
	s.t.Helper()
	rows, err := s.DB.Pool.Query(ctx, `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`)
	s.must(err)
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	s.must(err)
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has gone meanwhile
		}
		_, after, _ := strings.Cut(string(text), ") ") // utime and stime are the 14th and 15th field, in hundredths
		fields := strings.Fields(after)
		for _, field := range fields[11:13] {
			n, err := strconv.Atoi(field)
			s.must(err)
			out += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return out
}

// What would be deleted of very many tags, and how many bytes. How long it takes depends
// on the machine and is told, not judged; ROADSTEAD_TEST_EXPLAIN=1 takes 100,000 tags, for
// which a preview should need less than two seconds, and tells the plan.
func TestAPreviewOfVeryManyTags(t *testing.T) {
	if testing.Short() {
		t.Skip("it seeds tens of thousands of artifacts")
	}
	s := newShed(t)
	n := int64(20_000)
	if os.Getenv("ROADSTEAD_TEST_EXPLAIN") != "" {
		n = 100_000
	}
	one, many := s.fill("one", 1, int(n)), s.fill("many", 1_000, int(n))
	s.immutable(one, "**", "v1*")
	s.exec(`VACUUM ANALYZE`)
	for name, id := range map[string]int64{"in one repository": one, "in 1,000 repositories": many} {
		var p retention.Preview
		for range 3 { // as while a rule is edited
			before, began := s.worked(), time.Now()
			var err error
			p, err = s.Retention.Preview(ctx, id, usual(), page.Page{Number: 1, Size: 20})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %v of a processor, %v on the wall", name, s.worked()-before, time.Since(began).Round(time.Millisecond))
		}
		if p.Artifacts != n || p.Deleted == 0 || p.Bytes == 0 || len(p.Items) != 20 {
			t.Fatalf("%s: %+v", name, p)
		}
	}
	if os.Getenv("ROADSTEAD_TEST_EXPLAIN") != "" {
		s.explain(one)
	}
}

// explain prints where the time goes.
func (s *shed) explain(id int64) {
	s.t.Helper()
	all, err := s.Retention.Statements(ctx, id, usual())
	s.must(err)
	tx, err := s.DB.Pool.Begin(ctx)
	s.must(err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, retention.PreviewLimits)
	s.must(err)
	rows, err := tx.Query(ctx, "EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) "+all[0].SQL, all[0].Args...)
	s.must(err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	s.t.Log("\n" + strings.Join(lines, "\n"))
}

func BenchmarkPreview(b *testing.B) {
	s := newShed(b)
	one := s.fill("one", 1, 100_000)
	s.exec(`ANALYZE`)
	for b.Loop() {
		if _, err := s.Retention.Preview(ctx, one, usual(), page.Page{Number: 1, Size: 20}); err != nil {
			b.Fatal(err)
		}
	}
}
