package audit_test

import (
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// entries writes n entries of the past, one of each project and user in turn.
func entries(t *testing.T, db *store.DB, n int, ago time.Duration) {
	t.Helper()
	const sql = `INSERT INTO audit_event (at, project_id, username, operation, resource_type, resource, succeeded)
		SELECT now() - $2::interval - ($1 - g) * interval '1 second', nullif(g % 3, 0), 'user' || g % 2, CASE WHEN g % 100 = 0 THEN 'delete' ELSE 'pull' END,
			CASE WHEN g % 250 = 0 THEN 'robot' ELSE 'artifact' END, 'library/app:' || g, g % 500 <> 0 FROM generate_series(1, $1::integer) g`
	if _, err := db.Pool.Exec(t.Context(), sql, n, ago); err != nil {
		t.Fatal(err)
	}
}

func TestTheNumberOfEntriesIsExactHoweverManyAreTallied(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, time.Now)
	one, none := int64(1), int64(99)
	check := func(when string, every, ofOne, ofUser int64) {
		t.Helper()
		for _, c := range []struct {
			name  string
			scope audit.Scope
			want  int64
		}{{"all", audit.Scope{}, every}, {"of a project", audit.Scope{ProjectID: &one}, ofOne}, {"of a user", audit.Scope{Username: "user1"}, ofUser},
			{"of another project", audit.Scope{ProjectID: &none}, 0}, {"of nobody", audit.Scope{Username: "nobody"}, 0}} {
			if got := all(t, s, c.scope, ""); got.Total != c.want {
				t.Errorf("%s, %s: %d entries, want %d", when, c.name, got.Total, c.want)
			}
		}
	}
	tally := func(want int64) {
		t.Helper()
		if n, err := s.Tally(t.Context()); n != want || err != nil {
			t.Fatalf("it has counted %d, want %d: %v", n, want, err)
		}
	}
	check("at first", 0, 0, 0)
	tally(0)
	entries(t, db, 600, time.Hour)
	check("before a tally", 600, 200, 300)
	tally(600)
	check("after it", 600, 200, 300)
	entries(t, db, 60, 0)
	tally(0)
	check("with entries of this moment", 660, 220, 330)
	var mark, last int64
	if err := db.Pool.QueryRow(t.Context(), `SELECT t.id, (SELECT max(id) FROM audit_event) FROM audit_tallied t`).Scan(&mark, &last); err != nil || mark != 600 || last != 660 {
		t.Errorf("the mark is at %d of %d, %v", mark, last, err)
	}
	entries(t, db, 6, time.Hour) // written late: at is old, the id new
	tally(0)                     // those of this moment hold it up
	tally(0)
	check("with entries written late", 666, 222, 333)
	if got := all(t, s, audit.Scope{ProjectID: &one}, "operation=delete,unknown=x"); got.Total != 2 {
		t.Errorf("filtered: %d", got.Total)
	}
}

func TestListsOfManyEntriesReadAlongAnIndex(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	entries(t, db, 60_000, time.Hour)
	s := audit.NewService(db.Gorm, time.Now)
	if _, err := s.Tally(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{
		"true", "id > 59000", "project_id = 1", "username = 'user1'", "operation = 'delete'", "resource_type = 'robot'",
		"resource_type = 'robot' AND operation = 'delete'", "succeeded = false", "id < 100 AND project_id = 2",
	} {
		storetest.NoSeqScan(t, db, "SELECT * FROM audit_event WHERE "+where+" ORDER BY id DESC LIMIT 10")
	}
	for _, where := range []string{"operation = 'delete'", "resource_type = 'robot'", "succeeded = false"} {
		storetest.NoSeqScan(t, db, "SELECT count(*) FROM audit_event WHERE "+where)
	}
	statements := storetest.Count(t, db)
	start := time.Now()
	if got := all(t, s, audit.Scope{}, ""); got.Total != 60_000 || len(got.Items) != 100 || statements.Queries() != 2 {
		t.Errorf("%d entries in %d statements", got.Total, statements.Queries())
	}
	t.Logf("a page of 60,000: %s", time.Since(start))
}

func TestAnExportReadsEverythingOnceNewestFirst(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	entries(t, db, 1300, time.Hour)
	entries(t, db, 3, 400*24*time.Hour)
	s := audit.NewService(db.Gorm, time.Now)
	read := func(scope audit.Scope, q string) (out []audit.Event, calls int) {
		t.Helper()
		query, err := page.ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		next := s.Batches(t.Context(), scope, query)
		for {
			batch, err := next()
			if err != nil {
				t.Fatal(err)
			}
			calls++
			if len(batch) == 0 {
				return out, calls
			}
			if out = append(out, batch...); len(batch) > 500 {
				t.Fatalf("%d at a time", len(batch))
			}
		}
	}
	got, _ := read(audit.Scope{}, "")
	if len(got) != 1300 || got[0].ID != 1300 || got[1299].ID != 1 {
		t.Errorf("%d entries of the past year", len(got))
	}
	if got, _ = read(audit.Scope{}, "op_time=[2000-01-01~]"); len(got) != 1303 {
		t.Errorf("%d entries of all times", len(got))
	}
	one := int64(1)
	if got, _ = read(audit.Scope{ProjectID: &one, Username: "user1"}, "operation=pull"); len(got) == 0 || *got[0].ProjectID != 1 || got[0].Username != "user1" || got[0].Operation != "pull" {
		t.Errorf("%d entries of a user in a project", len(got))
	}
	query, _ := page.ParseQuery("id=x")
	if _, err := s.Batches(t.Context(), audit.Scope{}, query)(); err == nil {
		t.Error("a bad query is accepted")
	}
}
