package app_test

import (
	"context"
	"os"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

const goldenSchema = "../../../migrations/schema.sql"

// TestGoldenSchema compares what the migrations make with schema.sql, which is
// what people read; `make schema` writes it anew.
func TestGoldenSchema(t *testing.T) {
	got, err := store.SchemaDump(context.Background(), storetest.New(t, migrations.Files))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(goldenSchema, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(goldenSchema)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("migrations/schema.sql is not what the migrations make; run `make schema`")
	}
}
