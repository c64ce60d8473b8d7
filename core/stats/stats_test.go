package stats_test

import (
	"os"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/stats"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const seed = `
INSERT INTO account (name) VALUES ('admin'), ('member'), ('stranger');
INSERT INTO project (name, owner_id, public, deleted_at) VALUES ('open', 1, true, NULL), ('closed', 1, false, NULL), ('other', 1, false, NULL), ('gone', 1, true, now());
INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) VALUES ('u', 2, 3, 2);
INSERT INTO repository (project_id, name, full_name, published_at, deleted_at) VALUES
	(1, 'a', 'open/a', now(), NULL), (1, 'b', 'open/b', now(), NULL), (1, 'unfinished', 'open/unfinished', NULL, NULL), (1, 'deleted', 'open/deleted', now(), now()), (2, 'c', 'closed/c', now(), NULL), (4, 'd', 'gone/d', now(), NULL);
INSERT INTO quota (project_id, used) VALUES (1, 100), (2, 10), (4, 1000);
INSERT INTO quota_delta (project_id, bytes) VALUES (1, 5), (1, -1), (4, 7);`

func TestEverybodyCountsWhatTheySee(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	if _, err := db.Pool.Exec(t.Context(), seed); err != nil {
		t.Fatal(err)
	}
	s := stats.NewService(db.Gorm)
	for _, c := range []struct {
		who  rbac.Subject
		want stats.Counts
	}{
		{rbac.Subject{}, stats.Counts{PublicProjects: 1, PublicRepositories: 2}},
		{rbac.Subject{Kind: rbac.Human, ID: 3}, stats.Counts{PublicProjects: 1, PublicRepositories: 2}},
		{rbac.Subject{Kind: rbac.Human, ID: 2}, stats.Counts{PrivateProjects: 1, PrivateRepositories: 1, PublicProjects: 1, PublicRepositories: 2}},
		{rbac.Subject{Kind: rbac.Machine, ID: 2}, stats.Counts{PublicProjects: 1, PublicRepositories: 2}},
		{rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}, stats.Counts{
			PrivateProjects: 2, PrivateRepositories: 1, PublicProjects: 1, PublicRepositories: 2,
			TotalProjects: 3, TotalRepositories: 3, StorageBytes: 114,
		}},
	} {
		got, err := s.Count(t.Context(), c.who)
		if err != nil || got != c.want {
			t.Errorf("%+v: got %+v, %v; want %+v", c.who, got, err, c.want)
		}
	}
}
