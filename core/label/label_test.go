package label_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// projects is a database with the projects 1 and 2.
func projects(t *testing.T) (*label.Service, *store.DB, rbac.Subject) {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	exec(t, db, `INSERT INTO account (name) VALUES ('alice')`)
	exec(t, db, `INSERT INTO project (name, owner_id) VALUES ('library', 1), ('other', 1)`)
	return label.NewService(db.Gorm, time.Now), db, rbac.Subject{Kind: rbac.Human, ID: 1, Name: "alice"}
}

func exec(t *testing.T, db *store.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestALabelIsUniqueInItsScope(t *testing.T) {
	s, _, by := projects(t)
	for _, project := range []int64{0, 1, 2} {
		if _, err := s.Create(t.Context(), by, project, label.Fields{Name: "urgent", Color: "#FF0000"}); err != nil {
			t.Fatal(project, err)
		}
		if _, err := s.Create(t.Context(), by, project, label.Fields{Name: "urgent"}); !errors.Is(err, fault.ErrConflict) || err.Error() != "label urgent already exists" {
			t.Errorf("in %d again: %v", project, err)
		}
	}
	if _, err := s.Create(t.Context(), by, 99, label.Fields{Name: "x"}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("in a project that is not there: %v", err)
	}
	second, err := s.Create(t.Context(), by, 1, label.Fields{Name: "later"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), by, second.ID, nil, label.Fields{Name: "urgent"}); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("renamed to one that is there: %v", err)
	}
}

func TestFieldsHaveBounds(t *testing.T) {
	s, _, by := projects(t)
	for name, f := range map[string]label.Fields{
		"no name": {}, "a blank name": {Name: "  "}, "a long name": {Name: strings.Repeat("ä", 129)}, "a line end": {Name: "a\nb"},
		"NUL": {Name: "a\x00"}, "no UTF-8": {Name: "\xff"}, "a color's name": {Name: "a", Color: "red"}, "a short color": {Name: "a", Color: "#fff"},
		"no hex": {Name: "a", Color: "#gggggg"}, "markup": {Name: "a", Color: "#fff\"><b"},
		"a long description": {Name: "a", Description: strings.Repeat("x", 1025)}, "NUL in the description": {Name: "a", Description: "\x00"},
	} {
		if _, err := s.Create(t.Context(), by, 0, f); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{strings.Repeat("ä", 128), "<b>", "😀", "مرحبا", "O'Brien %_"} {
		if _, err := s.Create(t.Context(), by, 0, label.Fields{Name: name, Color: "#0065ab"}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if got, err := s.List(t.Context(), label.Filter{Name: "%_"}, page.Page{}); err != nil || got.Total != 1 {
		t.Errorf("wildcards stand for themselves: %+v, %v", got, err)
	}
}

func TestOfTwoWhoChangeALabelTheSecondIsTold(t *testing.T) {
	s, db, by := projects(t)
	l, err := s.Create(t.Context(), by, 0, label.Fields{Name: "a", Description: "first"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), by, l.ID, &l.UpdatedAt, label.Fields{Name: "b", Color: "#000000"}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []func() error{
		func() error { return s.Update(t.Context(), by, l.ID, &l.UpdatedAt, label.Fields{Name: "c"}) },
		func() error { return s.Delete(t.Context(), by, l.ID, &l.UpdatedAt) },
	} {
		if f, ok := fault.As(change()); !ok || f.Kind != fault.KindPrecondition {
			t.Errorf("from a stale page: %v", f)
		}
	}
	if got, err := s.Get(t.Context(), l.ID); err != nil || got.Name != "b" || got.Description != "" || got.Color != "#000000" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.Delete(t.Context(), by, l.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), l.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("after deleting: %v", err)
	}
	var n int
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_event WHERE resource_type = 'label'`).Scan(&n); err != nil || n != 3 {
		t.Errorf("%d audit entries, %v", n, err)
	}
}

func TestALabelGoesWithItsProject(t *testing.T) {
	s, db, by := projects(t)
	l, err := s.Create(t.Context(), by, 1, label.Fields{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, `UPDATE project SET deleted_at = now() WHERE id = 1`)
	if _, err := s.Get(t.Context(), l.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), by, l.ID, nil); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
}

func TestLabelsAreListedByTheirIndex(t *testing.T) {
	s, db, _ := projects(t)
	exec(t, db, `INSERT INTO project (name, owner_id) SELECT 'p' || i, 1 FROM generate_series(1, 1000) i`)
	exec(t, db, `INSERT INTO label (project_id, name) SELECT 1 + i % 1000, 'l' || i FROM generate_series(1, 20000) i`)
	counter := storetest.Count(t, db)
	got, err := s.List(t.Context(), label.Filter{ProjectID: 1, Name: "L"}, page.Page{Size: 100})
	if err != nil || got.Total != 20 || len(got.Items) != 20 || got.Items[0].Project() != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, sql := range counter.Statements() {
		storetest.NoSeqScan(t, db, sql, argsOf(sql)...)
	}
}

func argsOf(sql string) []any {
	args := []any{1, "%l%", 100}
	if !strings.Contains(sql, "$3") {
		return args[:2]
	}
	return args
}
