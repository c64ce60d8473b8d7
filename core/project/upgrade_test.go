package project_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// until0010 are the migrations before projects could be restored.
func until0010(t *testing.T) fs.FS {
	t.Helper()
	names, err := fs.Glob(migrations.Files, "00[01][0-9]_*.sql")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range names {
		if name >= "0011" {
			continue
		}
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}

func TestAProjectThatAnOlderVersionDeletedComesBackWhileItsBinHoldsSomething(t *testing.T) {
	db := storetest.New(t, until0010(t))
	for _, sql := range []string{
		`INSERT INTO account (name) VALUES ('alice')`,
		`INSERT INTO project (name, owner_id, deleted_at) SELECT n, a.id, CASE WHEN n <> 'here' THEN now() - interval '1 day' END
			FROM account a, unnest(ARRAY['held', 'over', 'empty', 'here']) n WHERE a.name = 'alice'`,
		`INSERT INTO audit_event (project_id, username, operation, resource_type, resource) SELECT id, 'bob', 'delete', 'project', name FROM project WHERE name = 'held'`,
		`INSERT INTO repository (project_id, name, full_name, published_at, deleted_at)
			SELECT id, 'app', name || '/app', now(), '2026-01-01' FROM project WHERE name IN ('held', 'over')`,
		`INSERT INTO deletion (repository_id, at, by_name, cause, until) SELECT id, deleted_at, 'alice', 'delete-repository',
			now() + CASE full_name WHEN 'held/app' THEN 1 ELSE -1 END * interval '1 hour' FROM repository`,
	} {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Migrate(t.Context(), db, migrations.Files); err != nil {
		t.Fatal(err)
	}
	changes, err := change.NewFeed(t.Context(), db.Pool, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	never := func(context.Context) (time.Duration, error) { return 0, nil }
	s := project.NewService(db.Gorm, nil, changes, never, time.Now)
	list, err := s.ListDeleted(t.Context(), page.Page{Number: 1, Size: 10})
	if err != nil || list.Total != 1 || list.Items[0].Name != "held" || list.Items[0].By != "bob" || list.Items[0].Repositories != 1 {
		t.Fatal(list, err)
	}
	if back, err := s.Restore(t.Context(), rbac.Subject{Name: "admin"}, list.Items[0].ID, ""); err != nil || back.Name != "held" {
		t.Error(back, err)
	}
}
