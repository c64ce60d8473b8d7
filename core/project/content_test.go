package project_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func (f fixture) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := f.db.Pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// artifacts puts n artifacts into a project, the last one pushed at a time.
func (f fixture) artifacts(t *testing.T, p project.ID, n int, last time.Time) {
	t.Helper()
	f.repository(t, p, "app", true)
	f.exec(t, `INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || $1 || '-' || i, 'x', 1, '' FROM generate_series(1, $2::int) i`, fmt.Sprint(p), n)
	f.exec(t, `INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count, pushed_at)
		SELECT r.project_id, r.id, 'sha256:' || $2 || '-' || i, 'image', 'x', 1, 1, $4::timestamptz - ($3::int - i) * interval '1 minute'
		FROM repository r, generate_series(1, $3::int) i WHERE r.project_id = $1`, p, fmt.Sprint(p), n, last)
}

func TestTheContentOfManyProjectsIsOneQueryAndTheLastPushIsExact(t *testing.T) {
	f := start(t)
	last := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var ids []project.ID
	for i := range 3 {
		p := f.project(t, f.admin, project.New{Name: fmt.Sprintf("p%d", i), StorageLimit: 100})
		ids = append(ids, p.ID)
	}
	f.artifacts(t, ids[0], 20, last)
	f.artifacts(t, ids[1], 1, last.Add(-time.Hour))
	f.exec(t, "UPDATE quota SET used = 40 WHERE project_id = $1", ids[0])
	f.exec(t, "INSERT INTO quota_delta (project_id, bytes) VALUES ($1, 2), ($1, 3)", ids[0])
	queries := storetest.Count(t, f.db)
	got, err := f.Content(t.Context(), ids)
	if err != nil || queries.Queries() != 1 {
		t.Fatal(queries.Queries(), err)
	}
	if c := got[ids[0]]; c.QuotaUsed != 45 || c.QuotaHard != 100 || c.LastPush == nil || !c.LastPush.Equal(last) {
		t.Errorf("%+v", c)
	}
	if got[ids[2]].LastPush != nil || got[ids[2]].QuotaUsed != 0 {
		t.Errorf("%+v", got[ids[2]])
	}
}

func TestTheLastPushIsFoundByAnIndex(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "large"})
	f.artifacts(t, p.ID, 20_000, time.Now())
	f.exec(t, `INSERT INTO project (name, owner_id) SELECT 'p' || i, 1 FROM generate_series(1, 5000) i`)
	f.exec(t, `INSERT INTO quota (project_id) SELECT id FROM project ON CONFLICT DO NOTHING`)
	f.exec(t, `INSERT INTO quota_delta (project_id, bytes) SELECT id, 1 FROM project`)
	storetest.NoSeqScan(t, f.db, project.ContentQuery+"($1, $2)", p.ID, p.ID+1)
}

func TestAListIsNarrowedToWhatIsMineAndToWhatIsNearlyFull(t *testing.T) {
	f := start(t)
	alice := f.person(t, "alice")
	own := f.project(t, alice, project.New{Name: "own", StorageLimit: 100})
	open := f.project(t, f.admin, project.New{Name: "open", Public: true, StorageLimit: 100})
	hidden := f.project(t, f.admin, project.New{Name: "hidden", StorageLimit: 100})
	unlimited := f.project(t, f.admin, project.New{Name: "unlimited"})
	f.exec(t, "UPDATE quota SET used = 90")
	given := func(g rbac.Grants) rbac.Subject {
		return rbac.Subject{Kind: rbac.Machine, ID: 5, Name: "robot$x", Grants: &g}
	}
	readQuota := []rbac.Permission{rbac.On(rbac.Quota, rbac.Read)}
	push := []rbac.Permission{rbac.On(rbac.Repository, rbac.Push)}
	for name, c := range map[string]struct {
		who  rbac.Subject
		mine bool
		over bool
		want []project.ID
	}{
		"a member's":                     {alice, true, false, []project.ID{own.ID}},
		"a member's, nearly full":        {alice, false, true, []project.ID{own.ID}},
		"an administrator's":             {f.admin, true, false, []project.ID{hidden.ID, open.ID, unlimited.ID}},
		"all nearly full":                {f.admin, false, true, []project.ID{hidden.ID, open.ID, own.ID}},
		"nobody's":                       {rbac.Subject{}, true, false, nil},
		"nobody's, nearly full":          {rbac.Subject{}, false, true, nil},
		"a robot's":                      {given(rbac.Grants{In: map[int64][]rbac.Permission{hidden.ID: push}}), true, false, []project.ID{hidden.ID}},
		"a robot's without the quota":    {given(rbac.Grants{In: map[int64][]rbac.Permission{hidden.ID: push}}), false, true, nil},
		"a robot's that reads the quota": {given(rbac.Grants{In: map[int64][]rbac.Permission{hidden.ID: readQuota}}), false, true, []project.ID{hidden.ID}},
		"a robot's everywhere":           {given(rbac.Grants{Projects: readQuota}), true, true, []project.ID{hidden.ID, open.ID, own.ID}},
	} {
		filter := project.Filter{Mine: c.mine}
		if over := 85; c.over {
			filter.StorageOver = &over
		}
		list, err := f.List(t.Context(), c.who, filter, page.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []project.ID
		for _, p := range list.Items {
			got = append(got, p.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) || list.Total != int64(len(c.want)) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestALimitIsChangedOnceAndFromWhatWasSeen(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "p"})
	f.exec(t, "INSERT INTO quota_delta (project_id, bytes) VALUES ($1, 7)", p.ID)
	set := func(l project.Limit) error {
		return store.InTx(t.Context(), f.db.Gorm, func(tx store.Tx) error { return project.SetLimit(tx, f.admin, p.ID, l) })
	}
	at := p.CreatedAt.Add(time.Hour)
	for range 2 { // the second changes nothing
		if err := set(project.Limit{Hard: 100, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	if err := set(project.Limit{Hard: 200, At: at, Since: &p.CreatedAt}); err == nil {
		t.Error("the limit was changed from an old state")
	}
	sum, err := f.Summary(t.Context(), p.ID)
	if err != nil || sum.QuotaHard != 100 || sum.QuotaUsed != 7 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if got := f.audited(t); got[0] != "admin: update quota: storage of project p from -1 to 100 bytes" || len(got) < 2 || got[1] == got[0] {
		t.Error(got)
	}
}
