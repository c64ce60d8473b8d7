package main

import (
	"context"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// What the measurements ask for.
const (
	bulkProject    = "bulk"
	bulkRepository = "many"
	searchWord     = "service-77"
)

// volume is what a large installation has, by one statement for each table: rows with no bytes behind them, for lists read no bytes.
func volume() []struct{ what, sql string } {
	const (
		projects     = 10_000
		repositories = 10_000
		artifacts    = 100_000
		people       = 20_000
		robots       = 5_000
		entries      = 500_000
	)
	fill := func(format string, n ...any) string { return fmt.Sprintf(format, n...) }
	return []struct{ what, sql string }{
		{"projects", fill(`INSERT INTO project (name, owner_id, public) SELECT 'team-' || i, 1, i %% 10 = 0 FROM generate_series(1, %d) i`, projects)},
		{"the large project", `INSERT INTO project (name, owner_id) VALUES ('` + bulkProject + `', 1)`},
		{"memberships", `INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) SELECT 'u', 1, 1, id FROM project ON CONFLICT DO NOTHING`},
		{"quotas", `INSERT INTO quota (project_id, hard, used) SELECT id, CASE WHEN id % 3 = 0 THEN 1073741824 ELSE -1 END, (id * 7919) % 1073741824 FROM project ON CONFLICT DO NOTHING`},
		{"repositories", fill(`INSERT INTO repository (project_id, name, full_name, published_at, updated_at)
SELECT p.id, 'service-' || i, p.name || '/service-' || i, now(), now() - i * interval '1 minute'
FROM generate_series(1, %d) i JOIN project p ON p.name = CASE WHEN i %% 2 = 0 THEN '%s' ELSE 'team-' || i END`, repositories, bulkProject)},
		{"the large repository", `INSERT INTO repository (project_id, name, full_name, published_at)
SELECT id, '` + bulkRepository + `', name || '/` + bulkRepository + `', now() FROM project WHERE name = '` + bulkProject + `'`},
		{"manifests", fill(`INSERT INTO manifest (digest, media_type, size, payload)
SELECT 'sha256:' || encode(sha256(i::text::bytea), 'hex'), 'application/vnd.oci.image.manifest.v1+json', 2, '{}' FROM generate_series(1, %d) i`, artifacts)},
		{"artifacts", fill(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, size, tag_count, platform, config, pushed_at)
SELECT r.project_id, r.id, 'sha256:' || encode(sha256(i::text::bytea), 'hex'), 'image', 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.config.v1+json',
       i * 1000, 1, '{"os":"linux","architecture":"amd64"}', '{"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z"}', now() - i * interval '1 second'
FROM generate_series(1, %d) i, repository r WHERE r.full_name = '%s/%s'`, artifacts, bulkProject, bulkRepository)},
		{"one artifact for each repository", `INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count)
SELECT r.project_id, r.id, 'sha256:' || encode(sha256((1 + r.id % 1000)::text::bytea), 'hex'), 'image', 'application/vnd.oci.image.manifest.v1+json', 1000, 1
FROM repository r WHERE r.name LIKE 'service-%'`},
		{"tags", `INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'v' || id, id, pushed_at FROM artifact`},
		{"labels", `INSERT INTO label (name, color, project_id) SELECT 'label-' || i, '#1d8cff', p.id FROM generate_series(1, 20) i, project p WHERE p.name = '` + bulkProject + `'`},
		{"labelled artifacts", `INSERT INTO artifact_label (artifact_id, label_id) SELECT a.id, l.id FROM artifact a JOIN label l ON l.id % 20 = a.id % 20 WHERE a.id % 5 = 0`},
		{"an immutable rule", `INSERT INTO immutable_rule (project_id, repositories, tags)
SELECT id, '[{"kind":"doublestar","decoration":"repoMatches","pattern":"**"}]', '[{"kind":"doublestar","decoration":"matches","pattern":"v*9"}]' FROM project WHERE name = '` + bulkProject + `'`},
		{"people", fill(`INSERT INTO account (name, email, realname) SELECT 'person-' || i, 'person-' || i || '@example.com', 'Person ' || i FROM generate_series(1, %d) i`, people)},
		{"members", `INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id)
SELECT 'u', a.id, 2, p.id FROM account a, project p WHERE p.name = '` + bulkProject + `' ON CONFLICT DO NOTHING`},
		{"robots", fill(`INSERT INTO robot (name, project_id, secret_hash, duration, creator_kind, creator_id)
SELECT 'ci-' || i, p.id, sha256(i::text::bytea), -1, 'user', 1 FROM generate_series(1, %d) i, project p WHERE p.name = '%s'`, robots, bulkProject)},
		{"the audit log", fill(`INSERT INTO audit_event (at, project_id, username, operation, resource_type, resource)
SELECT now() - (%[1]d - i) * interval '1 second', 1 + i %% 10000, 'person-' || i %% 1000, (ARRAY['create','delete','pull','update'])[1 + i %% 4], 'artifact', 'team-' || i %% 10000 || '/app:v' || i
FROM generate_series(1, %[1]d) i`, entries)},
		{"statistics", `VACUUM ANALYZE`},
	}
}

func seed(ctx context.Context, server *harness.Server) error {
	db, err := database(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }()
	started := time.Now()
	for _, v := range volume() {
		if _, err := db.Exec(ctx, v.sql); err != nil {
			return fmt.Errorf("%s: %w", v.what, err)
		}
	}
	fmt.Printf("filled in %s: 100,000 artifacts in one repository, 10,000 repositories, 10,000 projects, 500,000 audit entries\n",
		time.Since(started).Round(time.Second))
	return nil
}
