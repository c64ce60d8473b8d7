package search

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// Volume is 10,000 repositories in 100 projects, of which every second is public, and 200,000
// tags, nearly all of which begin alike.
const Volume = `
INSERT INTO account (name) SELECT 'u' || g FROM generate_series(1, 3) g;
INSERT INTO project (name, owner_id, public) SELECT 'project-' || g, 1, g % 2 = 0 FROM generate_series(1, 100) g;
INSERT INTO project (name, owner_id) VALUES ('quiet', 1);
INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) VALUES ('u', 2, 3, 101);
INSERT INTO repository (project_id, name, full_name, published_at)
	SELECT 1 + g % 100, 'team-' || g % 7 || '/app-' || g, 'project-' || (1 + g % 100) || '/team-' || g % 7 || '/app-' || g, now() FROM generate_series(1, 10000) g;
INSERT INTO repository (project_id, name, full_name, published_at) VALUES (101, 'secret', 'quiet/secret', now());
INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || md5(g::text) || md5(g::text), 'm', 1, '' FROM generate_series(1, 10001) g;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count) SELECT project_id, id, 'sha256:' || md5(id::text) || md5(id::text), 'image', 'm', 1, 20 FROM repository;
INSERT INTO tag (repository_id, name, artifact_id) SELECT a.repository_id, 'v1.' || g || '.' || a.id, a.id FROM artifact a, generate_series(1, 20) g WHERE a.repository_id <= 10000;
INSERT INTO tag (repository_id, name, artifact_id) SELECT repository_id, 'v1.9.only-here', id FROM artifact WHERE repository_id = 10001;
VACUUM ANALYZE`

// A page of a few projects may well be scanned; what there are thousands of may not.
func TestSearchesUseTheirIndexes(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	for _, sql := range strings.Split(Volume, ";") {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	scan := regexp.MustCompile(`Seq Scan on (repository|tag|artifact)`)
	for _, who := range []rbac.Subject{{Kind: rbac.Human, ID: 1, SysAdmin: true}, {Kind: rbac.Human, ID: 2}} {
		seen := visible(who, rbac.On(rbac.Repository, rbac.List))
		about := func(text string) condition {
			q, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			c := q.about("r", "p")
			c.and(seen.sql, seen.args...)
			return c
		}
		for name, c := range map[string]struct {
			sql    string
			before []any
			where  condition
		}{
			"repositories by a word": {repositoriesFound, []any{"app"}, about("app-99")},
			"by two letters":         {repositoriesFound, []any{"qu"}, about("qu")},
			"tags":                   {tagsInWindow, []any{"v1.9.only", "v1.9.onlz", tagWindow}, about("")},
			"tags of a few":          {tagsOfRepositories, []any{"v1", "v2", 10}, about("app-99")},
			"artifacts":              {artifactsFound, []any{"sha256:c4ca4238", "sha256:c4ca4239", maxCopies}, about("")},
		} {
			sql := fmt.Sprintf(c.sql, c.where.sql)
			args := append(append(c.before, c.where.args...), 10)
			var lines []string
			err := store.InTx(context.Background(), db.Gorm, func(tx store.Tx) error {
				return errors.Join(tx.Exec(storetest.FreePlans).Error, tx.Raw("EXPLAIN "+sql, args...).Scan(&lines).Error)
			})
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(lines, "\n"); scan.MatchString(text) {
				t.Errorf("%s, admin %v:\n%s", name, who.SysAdmin, text)
			}
		}
	}
}
