package storetest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store"
)

// plan is a node of EXPLAIN (FORMAT JSON).
type plan struct {
	NodeType string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Plans    []plan `json:"Plans"`
}

// Statement is one with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// NoSeqScan fails the test when PostgreSQL would read a whole table for the
// statement. The tables must be seeded with enough rows that an index pays; of
// a few rows a scan is the right plan.
func NoSeqScan(t testing.TB, db *store.DB, sql string, args ...any) {
	t.Helper()
	NoSeqScans(t, db, Statement{sql, args})
}

// NoSeqScans is NoSeqScan for many statements over the same rows.
func NoSeqScans(t testing.TB, db *store.DB, all ...Statement) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	// Not to depend on when autovacuum last looked.
	if _, err := db.Pool.Exec(ctx, "ANALYZE"); err != nil {
		t.Fatalf("analyze: %v", err)
	}
	for _, s := range all {
		text := explain(ctx, t, db, s)
		var explained []struct{ Plan plan }
		if err := json.Unmarshal([]byte(text), &explained); err != nil {
			t.Fatalf("explain answered what is not a plan: %v\n%s", err, text)
		}
		for _, e := range explained {
			if table := seqScan(e.Plan); table != "" {
				t.Errorf("sequential scan of %s by\n%s\n%s", table, s.SQL, text)
			}
		}
	}
}

// explain asks for the plan that would be the cheapest. Connections of the program are
// told to keep from sequential scans (store.Open), which would hide that an index is
// missing.
func explain(ctx context.Context, t testing.TB, db *store.DB, s Statement) (text string) {
	t.Helper()
	err := store.InTx(ctx, db.Gorm, func(tx store.Tx) error {
		if err := tx.Exec(FreePlans).Error; err != nil {
			return err
		}
		return store.PgxTx(tx).QueryRow(ctx, "EXPLAIN (FORMAT JSON) "+s.SQL, s.Args...).Scan(&text)
	})
	if err != nil {
		t.Fatalf("explain: %v\n%s", err, s.SQL)
	}
	return text
}

// FreePlans lets the planner choose what is cheapest until the transaction ends, for a
// test that reads plans itself.
const FreePlans = "SET LOCAL enable_seqscan = on"

func seqScan(p plan) string {
	if p.NodeType == "Seq Scan" {
		return p.Relation
	}
	for _, child := range p.Plans {
		if table := seqScan(child); table != "" {
			return table
		}
	}
	return ""
}
