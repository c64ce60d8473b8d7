package migrations_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

const golden = "schema.sql"

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var update = flag.Bool("update", false, "write schema.sql anew")

func TestTheMigrationsMakeTheSchemaThatSchemaSQLShows(t *testing.T) {
	got, err := store.SchemaDump(context.Background(), storetest.New(t, migrations.Files))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("schema.sql is not what the migrations make; run `make schema`")
	}
}
