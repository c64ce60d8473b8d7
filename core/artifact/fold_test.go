package artifact_test

import (
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

func (x *index) fold() {
	x.t.Helper()
	for n := int64(1); n > 0; {
		var err error
		if n, err = x.Fold(ctx); err != nil {
			x.t.Fatal(err)
		}
	}
}

// day is what project_day says of a project's day.
func (x *index) day(project int64, day string) (pushes, pulls int64, stored *int64) {
	x.t.Helper()
	err := x.db.Pool.QueryRow(ctx, `SELECT coalesce(max(pushes), 0), coalesce(max(pulls), 0), max(stored) FROM project_day WHERE project_id = $1 AND day = $2::text::date`, project, day).
		Scan(&pushes, &pulls, &stored)
	if err != nil {
		x.t.Fatal(err)
	}
	return pushes, pulls, stored
}

func TestPushesAndPullsAreCountedByProjectAndDay(t *testing.T) {
	x := newIndex(t)
	library := x.one(`SELECT id FROM project WHERE name = 'library'`)
	one := x.push(x.image("library/app", "v1", "one"))
	x.exec(`INSERT INTO pull_delta (artifact_id, count, last_at) VALUES ($1, 3, $2)`, one.ArtifactID, x.now)
	x.exec(`INSERT INTO pull_delta (artifact_id, count, last_at) VALUES ($1, 4, '2026-02-28 23:59:59.9Z')`, one.ArtifactID)
	x.now = x.now.Add(24 * time.Hour)
	x.push(x.image("library/app", "v2", "two"))
	x.push(x.image("library/app", "v2", "two")) // again: it was pushed again
	x.fold()
	for day, want := range map[string][2]int64{"2026-02-28": {0, 4}, "2026-03-01": {1, 3}, "2026-03-02": {2, 0}, "2026-03-03": {0, 0}} {
		if pushes, pulls, _ := x.day(library, day); pushes != want[0] || pulls != want[1] {
			t.Errorf("%s: %d pushes and %d pulls, want %v", day, pushes, pulls, want)
		}
	}
	if n := x.one(`SELECT (SELECT count(*) FROM push_delta) + (SELECT count(*) FROM pull_delta)`); n != 0 {
		t.Errorf("%d rows were left", n)
	}
}

func TestADayHasARowOfWhatIsStoredOnlyWhenThatChanged(t *testing.T) {
	x := newIndex(t)
	limited := x.project("limited", 1<<20)
	empty := x.project("empty", -1)
	x.push(x.image("limited/app", "v1", "one"))
	x.push(x.image("library/app", "v1", "one"))
	x.fold()
	_, _, stored := x.day(limited, "2026-03-01")
	if stored == nil || *stored != x.one(`SELECT used FROM quota WHERE project_id = $1`, limited) {
		t.Fatalf("stored is %v", stored)
	}
	library := x.one(`SELECT id FROM project WHERE name = 'library'`)
	if _, _, s := x.day(library, "2026-03-01"); s == nil || *s != x.one(`SELECT used FROM quota WHERE project_id = $1`, library) {
		t.Fatalf("without a limit: %v", s)
	}
	x.now = x.now.Add(24 * time.Hour)
	x.fold()
	if n := x.one(`SELECT count(*) FROM project_day WHERE day = '2026-03-02' OR project_id = $1`, empty); n != 0 {
		t.Errorf("%d rows of a day and a project where nothing happened", n)
	}
	x.push(x.image("limited/app", "v2", "two"))
	x.fold()
	if _, _, s := x.day(limited, "2026-03-02"); s == nil || *s <= *stored {
		t.Errorf("after another push %v, before %d", s, *stored)
	}
}

func TestFoldsAtTheSameTimeCountEverythingOnce(t *testing.T) {
	x := newIndex(t)
	var artifacts []artifact.Pushed
	for _, name := range []string{"a", "b", "c"} {
		x.project(name, -1)
		artifacts = append(artifacts, x.push(x.image(name+"/app", "v1", name)))
	}
	x.exec(`DELETE FROM push_delta`)
	x.exec(`INSERT INTO push_delta (project_id, at) SELECT p.id, timestamptz '2026-03-01Z' + g * interval '1 hour' FROM project p, generate_series(1, 8000) g`)
	for _, a := range artifacts {
		x.exec(`INSERT INTO pull_delta (artifact_id, count, last_at) SELECT $1, 2, timestamptz '2026-03-01Z' + g * interval '1 hour' FROM generate_series(1, 5000) g`, a.ArtifactID)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 10 { // a fold that loses a deadlock has counted nothing
				_, _ = x.Fold(ctx)
			}
		})
	}
	group.Wait()
	x.fold()
	for what, sql := range map[string]string{
		"pushes":                `SELECT sum(pushes) - 32000 FROM project_day`,
		"pulls":                 `SELECT sum(pulls) - 30000 FROM project_day`,
		"pulls of repositories": `SELECT sum(pull_count) - 30000 FROM repository`,
	} {
		if n := x.one(sql); n != 0 {
			t.Errorf("%s are %d off", what, n)
		}
	}
}
