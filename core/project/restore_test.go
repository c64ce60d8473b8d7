package project_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// binned puts a repository with n artifacts into a project's recycle bin.
func (f fixture) binned(t *testing.T, p project.ID, name string, n int, until time.Time) {
	t.Helper()
	f.exec(t, `INSERT INTO repository (project_id, name, full_name, published_at, deleted_at) SELECT p.id, $2, p.name || '/' || $2, now(), $3::timestamptz - interval '14 days'
		FROM project p WHERE p.id = $1`, p, name, until)
	f.exec(t, `INSERT INTO deletion (repository_id, at, by_name, cause, until) SELECT id, deleted_at, 'alice', 'delete-repository', $2 FROM repository
		WHERE project_id = $1 AND name = $3`, p, until, name)
	f.exec(t, `INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || $1 || $2 || i, 'x', 1, '' FROM generate_series(1, $3::int) i`, fmt.Sprint(p), name, n)
	f.exec(t, `INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, deleted_at)
		SELECT r.project_id, r.id, 'sha256:' || $2 || $3 || i, 'image', 'x', 1, r.deleted_at FROM repository r, generate_series(1, $4::int) i
		WHERE r.project_id = $1 AND r.name = $3`, p, fmt.Sprint(p), name, n)
}

func (f fixture) deleted(t *testing.T) []project.Deleted {
	t.Helper()
	list, err := f.ListDeleted(t.Context(), page.Page{Number: 1, Size: 100})
	if err != nil || int(list.Total) != len(list.Items) {
		t.Fatal(list, err)
	}
	return list.Items
}

func TestADeletedProjectComesBackWithAllThatIsStillThere(t *testing.T) {
	f := start(t)
	alice, bob := f.person(t, "alice"), f.person(t, "bob")
	p := f.project(t, alice, project.New{Name: "gold", Public: true, Metadata: map[string]string{"severity": "high"}, StorageLimit: 5000})
	f.member(t, p.ID, bob, rbac.Developer)
	f.exec(t, `INSERT INTO label (name, project_id) VALUES ('l', $1)`, p.ID)
	f.exec(t, `INSERT INTO immutable_rule (project_id, repositories, tags) VALUES ($1, '{}', '{}')`, p.ID)
	f.exec(t, `INSERT INTO robot (name, project_id, secret_hash, duration, creator_kind, creator_id) VALUES ('ci', $1, '', -1, 'u', 1), ('cd', $1, '', -1, 'u', 1)`, p.ID)
	f.exec(t, `INSERT INTO robot (name, secret_hash, duration, creator_kind, creator_id) VALUES ('all', '', -1, 'u', 1)`)
	f.exec(t, `INSERT INTO robot_grant (robot_id, scope, project_id, permissions) SELECT id, 'project', $1, '{}' FROM robot WHERE name = 'all'`, p.ID)
	f.exec(t, `INSERT INTO retention_policy (project_id, rules) VALUES ($1, '[]')`, p.ID)
	f.exec(t, `UPDATE project SET metadata = metadata || '{"retention_id": "1"}' WHERE id = $1`, p.ID)
	f.binned(t, p.ID, "app", 3, time.Now().Add(48*time.Hour))
	f.binned(t, p.ID, "over", 5, time.Now().Add(-time.Minute))
	if err := f.Delete(t.Context(), alice, p.ID); err != nil {
		t.Fatal(err)
	}
	all := f.deleted(t)
	want := project.Lost{Robots: 2, RobotGrants: 1, RetentionPolicies: 1}
	if len(all) != 1 || all[0].ID != p.ID || all[0].Name != "gold" || all[0].By != "alice" || all[0].Repositories != 1 || all[0].Artifacts != 3 ||
		all[0].NameTaken || all[0].Lost != want || time.Until(all[0].Until) < 47*time.Hour || time.Since(all[0].At) > time.Minute {
		t.Fatalf("%+v", all)
	}
	if _, err := f.AccessByName(t.Context(), bob, "gold"); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	got, err := f.Restore(t.Context(), f.admin, p.ID, "")
	if err != nil || got != (project.Restored{Lost: want, ID: p.ID, Name: "gold"}) {
		t.Fatalf("%+v, %v", got, err)
	}
	back, err := f.ByName(t.Context(), "gold")
	p.UpdatedAt = back.UpdatedAt
	if err != nil || !same(back, p) {
		t.Errorf("%+v, %v", back, err)
	}
	for who, role := range map[*rbac.Subject]rbac.Role{&alice: rbac.ProjectAdmin, &bob: rbac.Developer} {
		if a, err := f.AccessByName(t.Context(), *who, "gold"); err != nil || fmt.Sprint(a.Roles) != fmt.Sprint([]rbac.Role{role}) {
			t.Errorf("%s: %+v, %v", who.Name, a, err)
		}
	}
	if sum, err := f.Summary(t.Context(), p.ID); err != nil || sum.QuotaHard != 5000 {
		t.Errorf("%+v, %v", sum, err)
	}
	for table, n := range map[string]int{"label": 1, "immutable_rule": 1, "robot": 0, "robot_grant": 0, "retention_policy": 0, "project_deletion": 0} {
		var have int
		if err := f.db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE project_id = $1", p.ID).Scan(&have); err != nil || have != n {
			t.Errorf("%d rows of %s, %v", have, table, err)
		}
	}
	if got := f.audited(t); got[0] != "admin: restore project: gold; not restored: 2 robots, what 1 other robots were given, the retention policy" {
		t.Error(got[0])
	}
	if len(f.deleted(t)) != 0 {
		t.Error("it is still among the deleted ones")
	}
	_, err = f.Restore(t.Context(), f.admin, p.ID, "")
	refusal(t, err, fault.KindNotFound, fmt.Sprintf("project %d is not among the deleted projects", p.ID))
	if err := f.Delete(t.Context(), alice, p.ID); err != nil { // and once more
		t.Error(err)
	}
}

func TestAProjectWhoseNameIsUsedAgainComesBackUnderAnother(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "gold"})
	f.binned(t, p.ID, "team/app", 1, time.Now().Add(time.Hour))
	f.binned(t, p.ID, strings.Repeat("a", 240), 1, time.Now().Add(time.Hour))
	if err := f.Delete(t.Context(), f.admin, p.ID); err != nil {
		t.Fatal(err)
	}
	f.project(t, f.admin, project.New{Name: "gold"})
	f.project(t, f.admin, project.New{Name: "silver"})
	if all := f.deleted(t); len(all) != 1 || !all[0].NameTaken {
		t.Errorf("%+v", all)
	}
	for as, kind := range map[string]fault.Kind{
		"": fault.KindConflict, "gold": fault.KindConflict, "silver": fault.KindConflict, "Gold": fault.KindInvalid, "a/b": fault.KindInvalid,
		strings.Repeat("g", 15): fault.KindInvalid, strings.Repeat("g", 256): fault.KindInvalid,
	} {
		_, err := f.Restore(t.Context(), f.admin, p.ID, as)
		refusal(t, err, kind, "")
	}
	if got, err := f.Restore(t.Context(), f.admin, p.ID, "gold-old"); err != nil || got.Name != "gold-old" {
		t.Fatal(got, err)
	}
	var names string
	if err := f.db.Pool.QueryRow(t.Context(), "SELECT string_agg(left(full_name, 20), ' ' ORDER BY full_name) FROM repository").Scan(&names); err != nil || names != "gold-old/aaaaaaaaaaa gold-old/team/app" {
		t.Error(names, err)
	}
	if got := f.audited(t); got[0] != "admin: restore project: gold as gold-old" {
		t.Error(got[0])
	}
}

func TestAProjectCanBeRestoredForAsLongAsItSaysOrItsBin(t *testing.T) {
	f := start(t)
	never := f.project(t, f.admin, project.New{Name: "never", Metadata: map[string]string{"recovery_days": "0"}})
	days := f.project(t, f.admin, project.New{Name: "days", Metadata: map[string]string{"recovery_days": "3"}})
	system := f.project(t, f.admin, project.New{Name: "system"})
	bin := f.project(t, f.admin, project.New{Name: "bin", Metadata: map[string]string{"recovery_days": "0"}})
	f.binned(t, bin.ID, "app", 1, time.Now().Add(30*time.Minute))
	for _, p := range []project.Project{never, days, system, bin} {
		if err := f.Delete(t.Context(), f.admin, p.ID); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]time.Duration{"days": 72 * time.Hour, "system": recovery, "bin": 30 * time.Minute}
	all := f.deleted(t)
	if len(all) != len(want) {
		t.Errorf("%+v", all)
	}
	for _, d := range all {
		if left := time.Until(d.Until); left > want[d.Name] || left < want[d.Name]-time.Minute {
			t.Errorf("%s can be restored for %s", d.Name, left)
		}
	}
	_, err := f.Restore(t.Context(), f.admin, never.ID, "")
	refusal(t, err, fault.KindNotFound, "project")
	results := together(4, func(int) error {
		_, err := f.Restore(context.Background(), f.admin, days.ID, "")
		return err
	})
	if count(results, nil) != 1 || count(results, fault.ErrNotFound) != 3 {
		t.Errorf("four at once: %v", results)
	}
}

func TestTheListOfDeletedProjectsCostsTwoQueriesByIndexes(t *testing.T) {
	f := start(t)
	for i := range 5 {
		p := f.project(t, f.admin, project.New{Name: fmt.Sprint("p", i)})
		f.binned(t, p.ID, "app", i, time.Now().Add(time.Hour))
		if err := f.Delete(t.Context(), f.admin, p.ID); err != nil {
			t.Fatal(err)
		}
	}
	queries := storetest.Count(t, f.db)
	if all := f.deleted(t); len(all) != 5 || all[0].Name != "p4" || all[0].Artifacts != 4 || queries.Queries() != 2 {
		t.Errorf("%d queries, %+v", queries.Queries(), all)
	}
	f.exec(t, `INSERT INTO project (name, owner_id, deleted_at) SELECT 'q' || i, 1, now() - i * interval '1 minute' FROM generate_series(1, 20000) i`)
	f.exec(t, `INSERT INTO project_deletion (project_id, by_name, until) SELECT id, 'admin', now() + CASE WHEN id % 500 = 0 THEN 1 ELSE -1 END * interval '1 hour' FROM project
		WHERE name LIKE 'q%'`)
	f.exec(t, `INSERT INTO repository (project_id, name, full_name, deleted_at) SELECT p.id, 'r' || i, p.name || '/r' || i, now() FROM project p, generate_series(1, 2) i`)
	f.exec(t, `INSERT INTO deletion (repository_id, at, by_name, cause, until) SELECT id, deleted_at, 'a', 'delete-repository', now() + interval '1 hour' FROM repository WHERE name LIKE 'r%'`)
	f.exec(t, `INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, deleted_at)
		SELECT r.project_id, r.id, (SELECT min(digest) FROM manifest), 'image', 'x', 1, r.deleted_at FROM repository r WHERE r.name LIKE 'r%'`)
	all, err := f.DeletedSQL(t.Context(), page.Page{Number: 1, Size: 20})
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScans(t, f.db, all...)
}
