package storetest_test

import (
	"errors"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func files() fstest.MapFS {
	return fstest.MapFS{"0001_thing.sql": {Data: []byte(`-- +goose Up
CREATE TABLE thing (id int PRIMARY KEY, name text);
INSERT INTO thing SELECT n, 'thing ' || n FROM generate_series(1, 20000) n;
`)}}
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	one, two := storetest.New(t, files()), storetest.New(t, files())
	if _, err := one.Pool.Exec(t.Context(), "DELETE FROM thing"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := two.Pool.QueryRow(t.Context(), "SELECT count(*) FROM thing").Scan(&n); err != nil || n != 20000 {
		t.Fatalf("%d things, %v", n, err)
	}
}

func TestDatabaseIsDroppedAfterItsTestEvenInUse(t *testing.T) {
	var url string
	t.Run("a test", func(t *testing.T) {
		url = storetest.URL(t, files())
		if _, err := pgx.Connect(t.Context(), url); err != nil { // left open on purpose
			t.Fatal(err)
		}
	})
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		_ = conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
}

func TestEmptyIsEmpty(t *testing.T) {
	dump, err := store.SchemaDump(t.Context(), storetest.Empty(t))
	if err != nil || dump == "" || slices.Contains([]byte(dump), '(') {
		t.Fatalf("%q, %v", dump, err)
	}
}

func TestCounterCounts(t *testing.T) {
	db := storetest.New(t, files())
	ctx := t.Context()
	inTx := func(statements ...string) func() error {
		return func() error {
			return store.InTx(ctx, db.Gorm, func(tx store.Tx) error {
				for _, s := range statements {
					if err := tx.Exec(s).Error; err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	pool := func(s string) func() error {
		return func() error { _, err := db.Pool.Exec(ctx, s); return err }
	}
	for name, c := range map[string]struct {
		do               func() error
		queries, commits int
	}{
		"a read":                             {pool("SELECT 1"), 1, 0},
		"a write":                            {pool("UPDATE thing SET name = 'x' WHERE id = 1"), 1, 1},
		"a write inside WITH":                {pool("WITH d AS (DELETE FROM thing WHERE id = 2 RETURNING id) SELECT * FROM d"), 1, 1},
		"a comment before a write":           {pool("/* SELECT */ -- SELECT\nDELETE FROM thing WHERE id = 3"), 1, 1},
		"a word in a read":                   {pool("SELECT 'please update me' WHERE false"), 1, 0},
		"a transaction that reads":           {inTx("SELECT 1", "SELECT 2"), 2, 0},
		"a transaction that writes twice":    {inTx("INSERT INTO thing VALUES (-1)", "UPDATE thing SET name = 'y' WHERE id = -1"), 2, 1},
		"a transaction that locks a row":     {inTx("SELECT id FROM thing WHERE id = 4 FOR UPDATE"), 1, 1},
		"a savepoint that is rolled back to": {inTx("SAVEPOINT s", "DELETE FROM thing WHERE id = 5", "ROLLBACK TO SAVEPOINT s"), 1, 1},
		"a transaction that is undone": {func() error {
			stop := errors.New("stop")
			err := store.InTx(ctx, db.Gorm, func(tx store.Tx) error {
				return errors.Join(tx.Exec("DELETE FROM thing").Error, stop)
			})
			if errors.Is(err, stop) {
				return nil
			}
			return err
		}, 1, 0},
		"a batch": {func() error {
			b := &pgx.Batch{}
			b.Queue("SELECT 1")
			b.Queue("DELETE FROM thing WHERE id = 6")
			return db.Pool.SendBatch(ctx, b).Close()
		}, 2, 1},
		"a copy": {func() error {
			_, err := db.Pool.CopyFrom(ctx, pgx.Identifier{"thing"}, []string{"id"}, pgx.CopyFromRows([][]any{{-7}, {-8}}))
			return err
		}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			counter := storetest.Count(t, db)
			if err := c.do(); err != nil {
				t.Fatal(err)
			}
			if counter.Queries() != c.queries || counter.Commits() != c.commits {
				t.Errorf("%d queries and %d commits, want %d and %d: %q",
					counter.Queries(), counter.Commits(), c.queries, c.commits, counter.Statements())
			}
		})
	}
}

// recorder catches what a failing helper would tell the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestNoSeqScan(t *testing.T) {
	db := storetest.New(t, files())
	for name, c := range map[string]struct {
		sql  string
		arg  any
		fail bool
	}{
		"by the key":            {"SELECT * FROM thing WHERE id = $1", 7, false},
		"by what has no index":  {"SELECT * FROM thing WHERE name = $1", "thing 7", true},
		"somewhere in the plan": {"SELECT count(*) FROM (SELECT id FROM thing WHERE name > $1 LIMIT 5) t", "a", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			storetest.NoSeqScan(r, db, c.sql, c.arg)
			if r.failed != c.fail {
				t.Errorf("failed = %v, want %v", r.failed, c.fail)
			}
		})
	}
}
