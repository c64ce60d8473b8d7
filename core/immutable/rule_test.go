package immutable_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// projects is a database with the projects 1 and 2.
func projects(t *testing.T) (*immutable.Service, *store.DB, rbac.Subject) {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	for _, sql := range []string{`INSERT INTO account (name) VALUES ('alice')`, `INSERT INTO project (name, owner_id) VALUES ('library', 1), ('other', 1)`} {
		if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return immutable.NewService(db.Gorm, time.Now), db, rbac.Subject{Kind: rbac.Human, ID: 1, Name: "alice"}
}

func rule(repositories, tags string) immutable.Fields {
	return immutable.Fields{
		Repositories: []selector.Selector{{Kind: "doublestar", Decoration: "repoMatches", Pattern: repositories}},
		Tags:         []selector.Selector{{Kind: "doublestar", Decoration: "matches", Pattern: tags}},
	}
}

func TestARuleIsMadeChangedAndDeletedWithAnAuditEntryEach(t *testing.T) {
	s, db, by := projects(t)
	ctx := t.Context()
	r, err := s.Create(ctx, by, 1, rule("**", "v*"))
	if err != nil || r.ID == 0 {
		t.Fatal(r, err)
	}
	if _, err := s.Create(ctx, by, 1, rule("**", "v*")); !errors.Is(err, fault.ErrConflict) || err.Error() != "immutable rule already exists" {
		t.Errorf("the same again: %v", err)
	}
	if _, err := s.Create(ctx, by, 2, rule("**", "v*")); err != nil {
		t.Errorf("the same in another project: %v", err)
	}
	off := rule("**", "v*")
	off.Disabled = true
	if err := s.Update(ctx, by, 1, r.ID, &r.UpdatedAt, off); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(ctx, by, 1, r.ID, &r.UpdatedAt, off); err == nil || !strings.Contains(err.Error(), "somebody has changed this") {
		t.Errorf("from a stale page: %v", err)
	}
	if rules, err := immutable.Load(ctx, db.Pool, 1); err != nil || len(rules) != 0 {
		t.Errorf("a disabled rule is loaded: %v, %v", rules, err)
	}
	list, err := s.List(ctx, 1, page.Page{})
	if err != nil || list.Total != 1 || !list.Items[0].Disabled || list.Items[0].Tags[0].Pattern != "v*" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := s.Delete(ctx, by, 2, r.ID); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of another project: %v", err)
	}
	if err := s.Delete(ctx, by, 1, r.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, by, 1, r.ID); !errors.Is(err, fault.ErrNotFound) || err.Error() != fmt.Sprintf("immutable rule %d not found", r.ID) {
		t.Errorf("a second time: %v", err)
	}
	var n int
	if err := db.Pool.QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE resource_type = 'immutable_rule' AND project_id = 1`).Scan(&n); err != nil || n != 3 {
		t.Errorf("%d audit entries, %v", n, err)
	}
}

func TestARuleThatCannotWorkIsRefused(t *testing.T) {
	s, _, by := projects(t)
	with := func(change func(*selector.Selector)) immutable.Fields {
		f := rule("**", "**")
		change(&f.Tags[0])
		return f
	}
	nine := rule("**", "**")
	for range 8 {
		nine.Tags = append(nine.Tags, nine.Tags[0])
	}
	for name, f := range map[string]immutable.Fields{
		"no selectors":         {},
		"too many selectors":   nine,
		"an empty pattern":     rule("**", ""),
		"an open brace":        rule("{a", "**"),
		"an open bracket":      rule("**", "[a"),
		"a long pattern":       rule("**", strings.Repeat("a", 1025)),
		"NUL":                  rule("**", "a\x00"),
		"no UTF-8":             rule("**", "a\xff"),
		"too many alternative": rule("**", strings.Repeat("{a,b}", 7)),
		"endless alternatives": rule("**", strings.Repeat("{a,b}", 200)),
		"another kind":         with(func(s *selector.Selector) { s.Kind = "regexp" }),
		"of repositories":      with(func(s *selector.Selector) { s.Decoration = "repoMatches" }),
		"long extras":          with(func(s *selector.Selector) { s.Extras = strings.Repeat("x", 1025) }),
	} {
		if _, err := s.Create(t.Context(), by, 1, f); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Create(t.Context(), by, 99, rule("**", "**")); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of a project that is not there: %v", err)
	}
	long := rule(strings.Repeat("ä", 512), strings.Repeat("ö", 512))
	if _, err := s.Create(t.Context(), by, 1, long); err != nil {
		t.Errorf("the longest: %v", err)
	}
	if _, err := s.Create(t.Context(), by, 1, long); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("the longest again: %v", err)
	}
}

func TestRulesAreBoundedAlsoWhenManyAreMadeAtOnce(t *testing.T) {
	s, db, by := projects(t)
	_, err := db.Pool.Exec(t.Context(), `INSERT INTO immutable_rule (project_id, repositories, tags) SELECT 1, '[]', to_jsonb(i) FROM generate_series(1, $1::int) i`, immutable.MaxRules-1)
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error)
	for i := range 4 {
		go func() {
			_, err := s.Create(context.WithoutCancel(t.Context()), by, 1, rule("**", fmt.Sprint(i)))
			results <- err
		}()
	}
	refused := 0
	for range 4 {
		if err := <-results; err != nil {
			refused++
			if f, ok := fault.As(err); !ok || f.Kind != fault.KindPrecondition {
				t.Error(err)
			}
		}
	}
	if refused != 3 {
		t.Errorf("%d of 4 were refused for the one place that is left", refused)
	}
}
