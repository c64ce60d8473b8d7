package stats_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/stats"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

const active = `
INSERT INTO project_day (project_id, day, pushes, pulls, stored) SELECT x.p, (now() AT TIME ZONE 'UTC')::date - x.ago, x.pushes, x.pulls, x.stored FROM (VALUES
	(1, 40, 9, 9, 100), (1, 10, 1, 0, 900), (1, 3, 2, 5, NULL), (1, 1, 1, 1, 50), (2, 2, 4, 0, 7), (2, 0, 0, 3, 5), (3, 20, 1, 1, 1000), (4, 0, 99, 99, 99)
) AS x(p, ago, pushes, pulls, stored)`

// line writes days as pushes/pulls/stored.
func line(days []stats.Day) string {
	var out []string
	for _, d := range days {
		out = append(out, fmt.Sprintf("%d/%d/%d", d.Pushes, d.Pulls, d.Stored))
	}
	return strings.Join(out, " ")
}

func TestActivityHasEveryDayAndCarriesWhatIsStoredForward(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	for _, sql := range []string{seed, active} {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	s := stats.NewService(db.Gorm)
	project := func(id int64, days int) []stats.Day {
		got, err := s.ProjectActivity(t.Context(), id, days)
		if err != nil || len(got) != days {
			t.Fatalf("%+v, %v", got, err)
		}
		return got
	}
	if got := line(project(1, 5)); got != "0/0/900 2/5/900 0/0/900 1/1/50 0/0/50" {
		t.Error(got)
	}
	if got := line(project(2, 4)); got != "0/0/0 4/0/7 0/0/7 0/3/5" {
		t.Error(got)
	}
	if got := line(project(4, 1)); got != "0/0/0" {
		t.Errorf("a deleted project: %s", got)
	}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	if got := project(1, 365); !got[364].Day.Equal(today) || !got[0].Day.Equal(today.AddDate(0, 0, -364)) || got[324].Stored != 100 {
		t.Errorf("from %s to %s", got[0].Day, got[364].Day)
	}
	for _, c := range []struct {
		name string
		who  rbac.Subject
		want string
	}{
		{"a stranger", rbac.Subject{Kind: rbac.Human, ID: 3}, "0/0/900 1/1/50 0/0/50"},
		{"a member of a private project", rbac.Subject{Kind: rbac.Human, ID: 2}, "4/0/907 1/1/57 0/3/55"},
		{"an administrator", rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}, "4/0/1907 1/1/1057 0/3/1055"},
	} {
		got, err := s.Activity(t.Context(), c.who, 3)
		if err != nil || line(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, line(got), err, c.want)
		}
	}
	for _, days := range []int{0, -1, 366} {
		if _, err := s.ProjectActivity(t.Context(), 1, days); err == nil {
			t.Errorf("%d days are accepted", days)
		}
	}
}

func TestActivityOfManyProjectsIsOneQuery(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	for _, sql := range []string{
		`INSERT INTO account (name) VALUES ('a')`,
		`INSERT INTO project (name, owner_id, public) SELECT 'p' || g, 1, true FROM generate_series(1, 2000) g`,
		`INSERT INTO project_day (project_id, day, pushes, stored) SELECT p.id, (now() AT TIME ZONE 'UTC')::date - g, 1, 10 * g FROM project p, generate_series(0, 59) g`,
		`ANALYZE`,
	} {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	statements := storetest.Count(t, db)
	start := time.Now()
	got, err := stats.NewService(db.Gorm).Activity(t.Context(), rbac.Subject{}, 30)
	if err != nil || got[29].Pushes != 2000 || got[28].Stored != 20_000 || got[29].Stored != 0 {
		t.Fatalf("%s, %v", line(got), err)
	}
	if statements.Queries() != 1 {
		t.Errorf("%d queries", statements.Queries())
	}
	t.Logf("2,000 projects with 120,000 days: %s", time.Since(start))
}
