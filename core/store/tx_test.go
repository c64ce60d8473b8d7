package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func boats() fstest.MapFS {
	return fstest.MapFS{
		"0001_boat.sql": {Data: []byte(`-- +goose Up
CREATE TABLE boat (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CONSTRAINT boat_name_key UNIQUE,
	tons int NOT NULL DEFAULT 0,
	built_at timestamptz
);
`)},
		"0002_mooring.sql": {Data: []byte(`-- +goose Up
CREATE TABLE mooring (boat_id bigint NOT NULL CONSTRAINT mooring_boat_fkey REFERENCES boat (id), berth text NOT NULL);
CREATE INDEX mooring_boat ON mooring (boat_id);
`)},
	}
}

type boat struct {
	ID      int64
	Name    string
	Tons    int
	BuiltAt time.Time
}

func (boat) TableName() string { return "boat" }

func count(t *testing.T, db *store.DB) int {
	t.Helper()
	return value[int](t, db, "SELECT count(*) FROM boat")
}

func TestInTxCommitsWhatReturnsNil(t *testing.T) {
	db := storetest.New(t, boats())
	err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
		return errors.Join(tx.Create(&boat{Name: "a"}).Error, tx.Create(&boat{Name: "b"}).Error)
	})
	if err != nil || count(t, db) != 2 {
		t.Fatalf("%d boats, %v", count(t, db), err)
	}
}

func TestInTxUndoes(t *testing.T) {
	stop := errors.New("stop")
	for name, c := range map[string]struct {
		fn   func(cancel func()) error
		want error
	}{
		"an error":            {func(func()) error { return stop }, stop},
		"a panic":             {func(func()) error { panic(stop) }, stop},
		"a context that ends": {func(cancel func()) error { cancel(); return nil }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t, boats())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := func() (err error) {
				defer func() {
					if r := recover(); r != nil {
						err = r.(error)
					}
				}()
				return store.InTx(ctx, db.Gorm, func(tx store.Tx) error {
					if err := tx.Create(&boat{Name: "a"}).Error; err != nil {
						return err
					}
					return c.fn(cancel)
				})
			}()
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if n := count(t, db); n != 0 {
				t.Errorf("%d boats were kept", n)
			}
			if n := db.Pool.Stat().AcquiredConns(); n != 0 {
				t.Errorf("%d connections were not given back", n)
			}
		})
	}
}

// A connection that a statement could not be sent over is the pool's again, which closes it meanwhile.
func TestATransactionLeavesAConnectionAloneThatIsNotItsOwnAnyMore(t *testing.T) {
	db := storetest.New(t, boats())
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
			if err := tx.WithContext(over).Exec("SELECT 1").Error; err == nil {
				t.Error("a statement was sent whose time was over")
			}
			return tx.Exec("INSERT INTO boat (name) VALUES ('a')").Error
		})
		if err == nil {
			t.Error("it was committed over a connection that is not its own")
		}
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d boats were kept", n)
	}
}

func TestTransactionsDoNotNest(t *testing.T) {
	db := storetest.New(t, boats())
	for name, nested := range map[string]func(tx store.Tx) error{
		"InTx": func(tx store.Tx) error {
			return store.InTx(t.Context(), tx.DB, func(store.Tx) error { return nil })
		},
		"InTx on a session": func(tx store.Tx) error {
			return store.InTx(t.Context(), tx.WithContext(t.Context()), func(store.Tx) error { return nil })
		},
		"gorm's Transaction": func(tx store.Tx) error {
			return tx.Transaction(func(*gorm.DB) error { return nil })
		},
		"gorm's Begin":  func(tx store.Tx) error { return tx.Begin().Error },
		"gorm's Commit": func(tx store.Tx) error { return tx.Session(&gorm.Session{}).Commit().Error },
	} {
		t.Run(name, func(t *testing.T) {
			err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
				if err := nested(tx); err == nil {
					t.Error("no error")
				}
				return tx.Exec("INSERT INTO boat (name) VALUES (?)", name).Error
			})
			if err != nil {
				t.Errorf("the transaction itself: %v", err)
			}
		})
	}
}

func TestDeadlockIsRunAgain(t *testing.T) {
	db := storetest.New(t, boats())
	exec1(t, db, "INSERT INTO boat (name) VALUES ('a'), ('b')")
	var both, done sync.WaitGroup
	both.Add(2)
	var runs [2]int
	for i, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		done.Go(func() {
			err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
				runs[i]++
				if err := load(tx, order[0]); err != nil {
					return err
				}
				if runs[i] == 1 { // each holds its first row before it asks for the other's
					both.Done()
					both.Wait()
				}
				return load(tx, order[1])
			})
			if err != nil {
				t.Errorf("transaction %d: %v", i, err)
			}
		})
	}
	done.Wait()
	if runs[0]+runs[1] < 3 {
		t.Errorf("ran %v times: there was no deadlock to survive", runs)
	}
	if tons := value[int](t, db, "SELECT sum(tons) FROM boat"); tons != 4 {
		t.Errorf("%d tons, want 4", tons)
	}
}

func load(tx store.Tx, name string) error {
	return tx.Exec("UPDATE boat SET tons = tons + 1 WHERE name = ?", name).Error
}

func TestRetriesEnd(t *testing.T) {
	db := storetest.New(t, boats())
	runs := 0
	err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
		runs++
		return tx.Exec("DO $$ BEGIN RAISE serialization_failure; END $$").Error
	})
	if err == nil || runs != 11 {
		t.Fatalf("%d runs, %v", runs, err)
	}
}

type fleetArgs struct{ Name string }

func (fleetArgs) Kind() string { return "fleet" }

func TestRiverEnqueuesInTheTransaction(t *testing.T) {
	db := storetest.New(t, boats())
	client, err := river.NewClient(riverpgxv5.New(db.Pool), &river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	for _, outcome := range []error{stop, nil} {
		err := store.InTx(t.Context(), db.Gorm, func(tx store.Tx) error {
			if err := tx.Create(&boat{Name: "a"}).Error; err != nil {
				return err
			}
			if _, err := client.InsertTx(t.Context(), store.PgxTx(tx), fleetArgs{Name: "a"}, nil); err != nil {
				return err
			}
			if err := tx.Create(&boat{Name: "b"}).Error; err != nil {
				return err
			}
			return outcome
		})
		if !errors.Is(err, outcome) {
			t.Fatal(err)
		}
		want := 0
		if outcome == nil {
			want = 1
		}
		if jobs := value[int](t, db, "SELECT count(*) FROM river_job"); jobs != want || count(t, db) != 2*want {
			t.Fatalf("%d jobs and %d boats after %v", jobs, count(t, db), outcome)
		}
	}
}

func TestErrorsAreToldApart(t *testing.T) {
	db := storetest.New(t, boats())
	exec1(t, db, "INSERT INTO boat (name) VALUES ('a')")
	unique := db.Gorm.Create(&boat{Name: "a"}).Error
	foreign := db.Gorm.Exec("INSERT INTO mooring VALUES (99, 'x')").Error

	if !store.IsUnique(unique, "boat_name_key") || !store.IsUnique(unique, "") || store.IsUnique(unique, "other_key") || store.IsUnique(foreign, "") || store.IsUnique(nil, "") {
		t.Errorf("IsUnique is wrong about %v or %v", unique, foreign)
	}
	if !store.IsForeignKey(foreign) || store.IsForeignKey(unique) || store.IsForeignKey(nil) {
		t.Errorf("IsForeignKey is wrong about %v or %v", unique, foreign)
	}
	if err := store.Conflict(unique, "boat_name_key", "there is a boat %q already", "a"); !errors.Is(err, fault.ErrConflict) || err.Error() != `there is a boat "a" already` {
		t.Errorf("Conflict made %v", err)
	}
	if err := store.Conflict(unique, "other_key", "no"); err != unique { //nolint:errorlint // the very same
		t.Errorf("Conflict changed %v to %v", unique, err)
	}
	if err := store.Conflict(nil, "boat_name_key", "no"); err != nil {
		t.Errorf("Conflict made %v of nil", err)
	}
}

func TestOutagesAreToldFromDefects(t *testing.T) {
	db := storetest.New(t, boats())
	// ask sends several statements, which are one transaction.
	ask := func(sql string) error {
		conn, err := db.Pool.Acquire(t.Context())
		if err != nil {
			return err
		}
		defer conn.Release()
		_, err = conn.Conn().PgConn().Exec(t.Context(), sql).ReadAll()
		return err
	}
	late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, tooLate := db.Pool.Exec(late, "SELECT pg_sleep(5)")
	_, refused := store.Open(t.Context(), store.Options{URL: "postgres://x@127.0.0.1:1/x", Log: discard()})
	for name, err := range map[string]error{
		"terminated":        ask("SELECT pg_terminate_backend(pg_backend_pid())"),
		"statement timeout": ask("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)"),
		"a standby":         ask("SET TRANSACTION READ ONLY; INSERT INTO boat (name) VALUES ('b')"),
		"no time":           tooLate,
		"nobody listens":    refused,
	} {
		if f := store.Outage(fmt.Errorf("ask: %w", err)); f == nil || f.Kind != fault.KindUnavailable || f.RetryAfter == 0 {
			t.Errorf("%s (%v) is told as %v", name, err, f)
		}
	}
	for name, err := range map[string]error{
		"no error":            nil,
		"a defect":            ask("SELECT nosuch"),
		"a conflict":          ask("INSERT INTO boat (name) VALUES ('x'), ('x')"),
		"the client has gone": context.Canceled,
		"any other":           errors.New("x"),
	} {
		if f := store.Outage(err); f != nil {
			t.Errorf("%s (%v) is told as %v", name, err, f)
		}
	}
}
