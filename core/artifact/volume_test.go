package artifact_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// fill seeds a project with artifacts over some repositories by SQL: each is tagged,
// every tenth is signed, every twentieth an index of two, each has one label of 1,000. The
// first artifact has a tenth as many tags as there are artifacts.
func (x *index) fill(project string, repositories, artifacts int) int64 {
	x.t.Helper()
	id := x.project(project, -1)
	x.exec(`INSERT INTO repository (project_id, name, full_name, description, published_at, updated_at)
		SELECT $1, 'r' || i, $2 || '/r' || i, repeat('What it is for. ', 20), now(), now() - i * interval '1 minute' FROM generate_series(1, $3::int) i`, id, project, repositories)
	x.exec(`CREATE TABLE made AS SELECT i, 'sha256:' || encode(sha256(convert_to($1 || i, 'UTF8')), 'hex') AS digest FROM generate_series(1, $2::int) i`, project, artifacts)
	x.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT digest, 'application/vnd.oci.image.manifest.v1+json', 500, '' FROM made`)
	x.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, size, tag_count, pushed_at, annotations, platform, config)
		SELECT $1, r.id, m.digest, CASE WHEN i % 20 = 0 THEN 'index' ELSE 'image' END, 'application/vnd.oci.image.manifest.v1+json',
			'application/vnd.oci.image.config.v1+json', 1000 + i, 1, now() - i * interval '1 second', '{"org.opencontainers.image.version": "1.2.3"}',
			'{"os": "linux", "architecture": "amd64"}', $3::jsonb
		FROM made m JOIN repository r ON r.project_id = $1 AND r.name = 'r' || 1 + i % $2::int ORDER BY i`, id, repositories, seededConfig)
	x.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'v' || id, id, pushed_at FROM artifact WHERE project_id = $1`, id)
	x.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'many-' || i, id, now() - i * interval '1 minute'
		FROM (SELECT * FROM artifact WHERE project_id = $1 ORDER BY id LIMIT 1) a, generate_series(1, $2::int) i`, id, artifacts/10)
	x.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT replace(digest, 'sha256:', 'sha256:s'), '', 1, '' FROM made WHERE i % 10 = 0`)
	x.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, subject_digest, accessory_type)
		SELECT project_id, repository_id, replace(digest, 'sha256:', 'sha256:s'), 'signature', '', 1, digest, 'signature.cosign'
		FROM artifact WHERE project_id = $1 AND digest IN (SELECT digest FROM made WHERE i % 10 = 0)`, id)
	x.exec(`INSERT INTO artifact_child (parent_id, child_id, position, platform)
		SELECT id, id - p, p - 1, '{"os": "linux", "architecture": "arm64"}' FROM artifact, generate_series(1, 2) p WHERE project_id = $1 AND kind = 'index'`, id)
	x.exec(`INSERT INTO label (project_id, name) SELECT $1, 'l' || i FROM generate_series(1, 1000) i`, id)
	x.exec(`INSERT INTO artifact_label (artifact_id, label_id) SELECT a.id, l.id FROM artifact a JOIN label l ON l.project_id = $1 AND l.name = 'l' || 1 + a.id % 1000
		WHERE a.project_id = $1 AND a.accessory_type = ''`, id)
	x.exec(`DROP TABLE made`)
	return id
}

// seededConfig is as large as a real image's: what docker history and inspect show.
const seededConfig = `{"architecture": "amd64", "os": "linux", "author": "peer", "created": "2026-01-01T00:00:00Z",
"config": {"Cmd": ["/usr/local/bin/app", "serve"], "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "VERSION=1.2.3"],
"ExposedPorts": {"8080/tcp": {}}, "Labels": {"org.opencontainers.image.source": "https://git.example.com/team/app", "org.opencontainers.image.revision": "0123456789abcdef0123456789abcdef01234567"}, "WorkingDir": "/srv", "User": "1000"},
"history": [{"created": "2026-01-01T00:00:00Z", "created_by": "/bin/sh -c #(nop) ADD file:0123456789abcdef in / "}, {"created": "2026-01-01T00:00:00Z", "created_by": "RUN apt-get update && apt-get install -y ca-certificates # buildkit", "comment": "buildkit.dockerfile.v0"},
{"created": "2026-01-01T00:00:00Z", "created_by": "COPY app /usr/local/bin/app # buildkit"}, {"created": "2026-01-01T00:00:00Z", "created_by": "CMD [\"/usr/local/bin/app\" \"serve\"]", "empty_layer": true}]}`

// Every list that people open, with every filter that has a statement of its own,
// reads by indexes; one in a project of many, one among few.
func TestListsReadByIndexes(t *testing.T) {
	x := newIndex(t)
	x.fill("big", 10_000, 12_000)
	id := x.fill("small", 5, 200)
	x.exec(`INSERT INTO project (name, owner_id) SELECT 'p' || i, $1 FROM generate_series(1, 1500) i`, x.by.ID)
	x.exec(`INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) SELECT 'u', 1000 + id, 1, id FROM project`)
	label := x.one(`SELECT max(id) FROM label`)
	var all []storetest.Statement
	add := func(some []storetest.Statement, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	repository, project := artifact.Filter{ProjectID: id, Repository: "r1"}, artifact.Filter{ProjectID: id}
	for _, q := range []string{"", "tags=v7", "tags=~v7", "type=CHART", fmt.Sprintf("labels=(%d 2)", label), fmt.Sprintf("labels={%d 2}", label)} {
		add(x.ListSQL(ctx, repository, query(t, q, "")))
	}
	for _, q := range []string{"", "tags=v7", fmt.Sprintf("labels=%d", label)} {
		add(x.ListSQL(ctx, project, query(t, q, "")))
	}
	project.LatestInRepository = true
	add(x.ListSQL(ctx, project, query(t, "", "")))
	add(x.RepositoriesSQL(ctx, artifact.RepositoryFilter{ProjectID: &id}, page.Page{}))
	add(x.RepositoriesSQL(ctx, artifact.RepositoryFilter{Who: rbac.Subject{Kind: rbac.Human, SysAdmin: true}}, query(t, "name=~r7777", "")))
	for _, who := range []rbac.Subject{x.by, {Kind: rbac.Human, SysAdmin: true}} { // of these the count is one of most of the table
		both, err := x.RepositoriesSQL(ctx, artifact.RepositoryFilter{Who: who}, page.Page{})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, both[1:]...)
	}
	with := artifact.With{Tags: true, Labels: true, Accessories: true}
	all = append(all,
		storetest.Statement{SQL: with.SQL(), Args: []any{[]int64{1, 2, 3}, 100}}, storetest.Statement{SQL: artifact.CatalogSQL, Args: []any{"small/r", 100}},
		storetest.Statement{SQL: artifact.ReferrersSQL, Args: []any{"small", "r1", "sha256:1", "", "", 100}})
	counter := storetest.Count(t, x.db)
	if tags, err := x.Tags(ctx, "small", "r2", "many-1", false, page.Page{}); err != nil || tags.Total < 20 {
		t.Fatal(tags, err)
	}
	for _, sql := range counter.Statements() { // what names the artifact, and what counts and reads its tags
		args := []any{"small", "r2", "many-1"}
		if strings.Contains(sql, `FROM "tag"`) {
			args = []any{1, 10}[:strings.Count(sql, "$")]
		}
		all = append(all, storetest.Statement{SQL: sql, Args: args})
	}
	storetest.NoSeqScans(t, x.db, all...)
}

// spent is the processor time of this process, which is the server; Postgres has its own.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkList(b *testing.B) {
	x := newIndex(b)
	one, many := x.fill("one", 1, 100_000), x.fill("many", 10_000, 100_000)
	all := artifact.With{Tags: true, Labels: true, Accessories: true, Immutable: true}
	x.exec(`ANALYZE`)
	artifacts := func(f artifact.Filter, number int, q string) func() (int, error) {
		f.With = all
		p, err := page.New(number, 100, q, "")
		if err != nil {
			b.Fatal(err)
		}
		return func() (int, error) {
			list, err := x.List(ctx, f, p)
			return len(list.Items), err
		}
	}
	repositories := func(f artifact.RepositoryFilter, number int) func() (int, error) {
		return func() (int, error) {
			list, err := x.ListRepositories(ctx, f, page.Page{Number: number, Size: 100})
			return len(list.Items), err
		}
	}
	benches := []struct {
		name string
		list func() (int, error)
	}{
		{"artifacts of one repository", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1, "")},
		{"artifacts of one repository, page 1000", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1000, "")},
		{"artifacts of one repository, by tag", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1, "tags=v777")},
		{"artifacts of one repository, by part of a tag", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1, "tags=~777")},
		{"artifacts of one repository, by type", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1, "type=IMAGE")},
		{"artifacts of one repository, by label", artifacts(artifact.Filter{ProjectID: one, Repository: "r1"}, 1, "labels=1")},
		{"artifacts of 10,000 repositories", artifacts(artifact.Filter{ProjectID: many}, 1, "")},
		{"artifacts of 10,000 repositories, page 1000", artifacts(artifact.Filter{ProjectID: many}, 1000, "")},
		{"artifacts of 10,000 repositories, the latest of each", artifacts(artifact.Filter{ProjectID: many, LatestInRepository: true}, 1, "")},
		{"repositories of a project", repositories(artifact.RepositoryFilter{ProjectID: &many}, 1)},
		{"repositories of a project, page 100", repositories(artifact.RepositoryFilter{ProjectID: &many}, 100)},
		{"repositories that somebody sees", repositories(artifact.RepositoryFilter{Who: x.by}, 1)},
		{"tags of one artifact", func() (int, error) {
			list, err := x.Tags(ctx, "one", "r1", "many-1", true, page.Page{Size: 100})
			return len(list.Items), err
		}},
	}
	for _, vacuumed := range []string{"", ", vacuumed"} {
		if vacuumed != "" {
			x.exec(`VACUUM ANALYZE`)
		}
		for _, bench := range benches {
			b.Run(bench.name+vacuumed, func(b *testing.B) {
				if n, err := bench.list(); err != nil || n == 0 {
					b.Fatal(n, err)
				}
				b.ResetTimer()
				before := spent(b)
				for range b.N {
					if _, err := bench.list(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((spent(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}
