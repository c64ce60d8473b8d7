package store_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestSessionsAreAsAsked(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{
		URL: storetest.URL(t, boats()), MaxConns: 3, StatementTimeout: 1500 * time.Millisecond, Log: discard(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for setting, want := range map[string]string{"application_name": "roadstead", "TimeZone": "UTC", "statement_timeout": "1500ms", "jit": "off"} {
		if got := value[string](t, db, "SELECT current_setting($1)", setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	if n := db.Pool.Config().MaxConns; n != 3 {
		t.Errorf("the pool has %d connections, want 3", n)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTimesAreUTCAndReadBackEqual(t *testing.T) {
	db := storetest.New(t, boats())
	in := boat{Name: "a", BuiltAt: db.Gorm.NowFunc()}
	if err := db.Gorm.Create(&in).Error; err != nil {
		t.Fatal(err)
	}
	var out boat
	if err := db.Gorm.Take(&out, in.ID).Error; err != nil {
		t.Fatal(err)
	}
	if out != in || out.BuiltAt.Location() != time.UTC {
		t.Fatalf("wrote %v, read %v", in, out)
	}
	if at := value[time.Time](t, db, "SELECT built_at FROM boat"); at != in.BuiltAt {
		t.Fatalf("wrote %v, pgx read %v", in.BuiltAt, at)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		url  string
		want []string
	}{
		"an address that is none":     {"postgres://user:hunter2@host:port/x", []string{"postgres://user:password@host"}},
		"a server that is not there":  {"postgres://user:hunter2@/x?host=/nowhere", []string{"ROADSTEAD_DATABASE_URL", "user"}},
		"a database that isn't there": {"", []string{"does not exist", "ROADSTEAD_DATABASE_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			url := c.url
			if url == "" {
				url = strings.Replace(storetest.URL(t, boats()), "/roadstead_test_", "/nothing_", 1)
			}
			_, err := store.Open(t.Context(), store.Options{URL: url, Log: discard()})
			wantError(t, err, c.want...)
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestLogHasFailuresAndSlowStatementsWithoutValues(t *testing.T) {
	var out bytes.Buffer
	db, err := store.Open(t.Context(), store.Options{URL: storetest.URL(t, boats()), Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	quiet := func() {
		t.Helper()
		if out.Len() > 0 {
			t.Errorf("logged %s", out.String())
			out.Reset()
		}
	}
	db.Gorm.Create(&boat{Name: "hunter2"})
	db.Gorm.Create(&boat{Name: "hunter2"}) // a conflict is an answer
	db.Gorm.Take(&boat{}, "name = ?", "nobody")
	quiet()

	db.Gorm.Exec("UPDATE boat SET colour = ? WHERE name = ?", "red", "hunter2")
	if s := out.String(); !strings.Contains(s, "level=ERROR") || !strings.Contains(s, "colour") || strings.Contains(s, "hunter2") {
		t.Errorf("logged %q of a failure", s)
	}
	out.Reset()
	db.Gorm.Exec("SELECT pg_sleep(0.6), ?::text", "hunter2")
	if s := out.String(); !strings.Contains(s, "level=WARN") || !strings.Contains(s, "pg_sleep") || strings.Contains(s, "hunter2") {
		t.Errorf("logged %q of a slow statement", s)
	}
}
