package replication

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// 5,000 repositories of two artifacts with two tags each, every tenth with an accessory,
// events of another listener and runs of 200 policies.
const volume = `
INSERT INTO account (name) VALUES ('u');
INSERT INTO project (name, owner_id) SELECT 'project-' || g, 1 FROM generate_series(1, 50) g;
INSERT INTO repository (project_id, name, full_name, published_at) SELECT 1 + g % 50, 'app-' || g, 'project-' || (1 + g % 50) || '/app-' || g, now() FROM generate_series(1, 5000) g;
INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || md5(g::text) || md5(g::text), 'm', 1, '' FROM generate_series(1, 12000) g;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count) SELECT r.project_id, r.id, 'sha256:' || md5((2 * r.id - g)::text) || md5((2 * r.id - g)::text), 'image', 'm', 1, 2 FROM repository r, generate_series(0, 1) g;
INSERT INTO tag (repository_id, name, artifact_id) SELECT repository_id, 'v' || id || '-' || g, id FROM artifact, generate_series(1, 2) g;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, subject_digest, accessory_type)
  SELECT project_id, repository_id, 'sha256:' || md5((10000 + id / 10)::text) || md5((10000 + id / 10)::text), 'signature', 'm', 1, digest, 'signature.cosign' FROM artifact WHERE id % 10 = 0;
INSERT INTO event (listener, kind, repository, artifact_id, digest, tag, by_name, at, due_at) SELECT 'other', 'push', 'project-1/app-1', 1, 'd', 't', 'u', now(), now() FROM generate_series(1, 20000) g;
INSERT INTO label (name) SELECT 'label-' || g FROM generate_series(1, 500) g;
INSERT INTO artifact_label (artifact_id, label_id) SELECT id, 1 + id % 500 FROM artifact;
INSERT INTO artifact_child (parent_id, child_id, position) SELECT id, id + 1, 0 FROM artifact WHERE id % 20 = 1 AND id < 10000;
INSERT INTO execution (kind, subject_id, trigger, username, single, parameters) SELECT 'REPLICATION', g % 200, 'manual', 'u', false, '{}' FROM generate_series(1, 20000) g;
VACUUM ANALYZE`

func TestWhatIsAskedOftenUsesItsIndexes(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	for _, sql := range strings.Split(volume, ";") {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", sql, err))
		}
	}
	storetest.NoSeqScans(t, db,
		storetest.Statement{SQL: `SELECT EXISTS (SELECT FROM event WHERE listener = $1 AND due_at <= now())`, Args: []any{listener}},
		storetest.Statement{SQL: `SELECT id FROM event WHERE listener = $1 AND due_at <= now() ORDER BY due_at, id LIMIT 100`, Args: []any{listener}},
		storetest.Statement{SQL: localRepositories, Args: []any{"", "project-7/", "project-7/" + lastOfPrefix, hereAtOnce}},
		storetest.Statement{SQL: localArtifacts, Args: []any{[]int64{1, 2, 3, 4, 5}, true}},
		storetest.Statement{SQL: roots, Args: []any{[]int64{1, 10_100, 10_200}}},
		storetest.Statement{SQL: `SELECT e.* FROM unnest($1::bigint[]) s (id) CROSS JOIN LATERAL (SELECT * FROM execution WHERE kind = 'REPLICATION' AND subject_id = s.id AND subject_id <> 0 ORDER BY id DESC LIMIT 1) e`, Args: []any{[]int64{1}}},
	)
}
