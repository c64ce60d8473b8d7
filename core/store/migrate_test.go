package store_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestThreeMigrateAtOnceAndOneDoesTheWork(t *testing.T) {
	first := storetest.Empty(t)
	url := first.Pool.Config().ConnString()
	dbs := []*store.DB{first, openDB(t, url), openDB(t, url)}
	files := boats()
	files["0003_once.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nINSERT INTO boat (name) VALUES ('once');\n")}
	var wg sync.WaitGroup
	for i, db := range dbs {
		wg.Go(func() {
			if err := store.Migrate(t.Context(), db, files); err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, first); n != 1 {
		t.Errorf("the third migration ran %d times", n)
	}
	if !value[bool](t, first, "SELECT to_regclass('river_job') IS NOT NULL") {
		t.Error("River's tables are missing")
	}
	if n := value[int](t, first, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"); n != 0 {
		t.Errorf("%d locks are still held", n)
	}
}

func TestMigrateGoesForwardInSteps(t *testing.T) {
	db := storetest.Empty(t)
	files := boats()
	second := files["0002_mooring.sql"]
	delete(files, "0002_mooring.sql")
	if err := store.Migrate(t.Context(), db, files); err != nil {
		t.Fatal(err)
	}
	files["0002_mooring.sql"] = second
	for range 2 {
		if err := store.Migrate(t.Context(), db, files); err != nil {
			t.Fatal(err)
		}
	}
	if !value[bool](t, db, "SELECT to_regclass('mooring') IS NOT NULL") {
		t.Fatal("the second step is missing")
	}
}

func TestMigrateLeavesNothingOfAMigrationThatFails(t *testing.T) {
	db := storetest.Empty(t)
	files := boats()
	files["0003_broken.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE wreck ();\nSELECT nonsense;\n")}
	wantError(t, store.Migrate(t.Context(), db, files), "0003_broken.sql", "nonsense")
	if value[bool](t, db, "SELECT to_regclass('wreck') IS NOT NULL") {
		t.Error("half a migration was kept")
	}
	delete(files, "0003_broken.sql")
	if err := store.Migrate(t.Context(), db, files); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

func TestMigrateRefusesTheDatabaseOfANewerProgram(t *testing.T) {
	for name, sql := range map[string]string{
		"newer schema":    "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)",
		"newer job queue": "INSERT INTO river_migration (line, version) VALUES ('main', 9999)",
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t, boats())
			exec1(t, db, sql)
			wantError(t, store.Migrate(t.Context(), db, boats()), "migrated by a newer Roadstead", "9999", "upgrade the binary")
		})
	}
}

func TestADatabaseThatIsUpToDateCostsOneQuery(t *testing.T) {
	db := storetest.New(t, boats())
	count := storetest.Count(t, db)
	if err := store.Migrate(t.Context(), db, boats()); err != nil {
		t.Fatal(err)
	}
	if got := count.Queries(); got != 1 {
		t.Errorf("%d queries: %v", got, count.Statements())
	}
	files := boats()
	files["0003_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nINSERT INTO boat (name) VALUES ('more');\n")}
	if err := store.Migrate(t.Context(), db, files); err != nil {
		t.Fatal(err)
	}
	if got := value[int](t, db, "SELECT count(*) FROM boat WHERE name = 'more'"); got != 1 {
		t.Errorf("a new migration was applied %d times", got)
	}
}

func TestMigrateIsNotBoundByThePool(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{URL: storetest.Empty(t).Pool.Config().ConnString(), MaxConns: 1, StatementTimeout: 2 * time.Second, Log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	files := boats()
	files["0003_slow.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nSELECT pg_sleep(2.1);\n")}
	if err := store.Migrate(t.Context(), db, files); err != nil {
		t.Fatal(err)
	}
}

func TestSchemaDumpIsGolden(t *testing.T) {
	files := fstest.MapFS{"0001_all.sql": {Data: []byte(`-- +goose Up
CREATE EXTENSION pg_trgm;
CREATE TYPE rig AS ENUM ('sloop', 'ketch');
CREATE DOMAIN tonnage AS int NOT NULL CONSTRAINT tonnage_positive CHECK (VALUE > 0);
CREATE SEQUENCE berth_number;
CREATE TABLE harbour (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text COLLATE "C" NOT NULL,
	long_name varchar(200) GENERATED ALWAYS AS (name || '!') STORED
);
CREATE TABLE boat (
	id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
	harbour_id bigint CONSTRAINT boat_harbour_fkey REFERENCES harbour ON DELETE CASCADE,
	"Odd Name" text[] NOT NULL DEFAULT '{}',
	rig rig NOT NULL DEFAULT 'sloop',
	tons tonnage,
	gone int,
	CONSTRAINT boat_tons CHECK (tons < 1000),
	CONSTRAINT boat_berth_key UNIQUE NULLS NOT DISTINCT (harbour_id, rig)
) WITH (fillfactor = 80);
ALTER TABLE boat DROP COLUMN gone;
CREATE INDEX boat_by_harbour ON boat (harbour_id) INCLUDE (tons) WHERE tons > 5;
CREATE UNIQUE INDEX harbour_name ON harbour (lower(name));
CREATE TABLE visit (at timestamptz NOT NULL, boat_id uuid) PARTITION BY RANGE (at);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE VIEW big_boat AS SELECT id FROM boat WHERE tons > 100;
-- +goose StatementBegin
CREATE FUNCTION hail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- +goose StatementEnd
CREATE TRIGGER boat_hail BEFORE INSERT ON boat FOR EACH ROW EXECUTE FUNCTION hail();
`)}}
	db := storetest.New(t, files)
	got, err := store.SchemaDump(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "schema.golden.sql")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the dump is not %s but\n%s", golden, got)
	}

	// It is SQL that PostgreSQL takes.
	exec1(t, storetest.Empty(t), got)
}
