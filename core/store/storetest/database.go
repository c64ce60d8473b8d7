package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/roadstead-registry/roadstead/core/store"
)

const databaseTimeout = 2 * time.Minute

// New returns a database of the test's own with the migrations applied.
func New(t testing.TB, files fs.FS) *store.DB {
	t.Helper()
	return open(t, URL(t, files))
}

// Empty returns a database of the test's own with nothing in it.
func Empty(t testing.TB) *store.DB {
	t.Helper()
	return open(t, create(t, serverURL(t), "template1"))
}

// URL makes a database like New's for a test that starts a whole program, and
// returns its address. It is dropped after the test.
func URL(t testing.TB, files fs.FS) string {
	t.Helper()
	server := serverURL(t)
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	template, err := ensureTemplate(ctx, server, files)
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	return create(t, server, template)
}

// open opens the database with a Counter in place, for Count.
func open(t testing.TB, address string) *store.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	db, err := store.Open(ctx, store.Options{URL: address, MaxConns: 10, Log: quiet(), Tracer: NewCounter()})
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

func create(t testing.TB, server, template string) string {
	t.Helper()
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	name := "roadstead_test_" + hex.EncodeToString(random[:])
	if err := run(server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template)); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := run(server, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return withDatabase(server, name)
}

func run(server string, statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return execAll(ctx, conn, statements...)
}

func execAll(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // pgx, which opens it, says what is wrong
	}
	u.Path = "/" + name
	return u.String()
}

// ensureTemplate makes the template of these migrations, once for all processes
// that share the server. One that is complete is marked as a template.
func ensureTemplate(ctx context.Context, server string, files fs.FS) (string, error) {
	sum, err := digest(files)
	if err != nil {
		return "", err
	}
	name := "roadstead_template_" + hex.EncodeToString(sum[:8])
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // also unlocks
	lock := int64(binary.BigEndian.Uint64(sum[:8]))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return "", err
	}
	var complete bool
	const find = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)"
	if err := conn.QueryRow(ctx, find, name).Scan(&complete); err != nil || complete {
		return name, err
	}
	if err := execAll(ctx, conn, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	db, err := store.Open(ctx, store.Options{URL: withDatabase(server, name), MaxConns: 4, Log: quiet()})
	if err != nil {
		return "", err
	}
	err = store.Migrate(ctx, db, files)
	db.Close()
	if err != nil {
		return "", err
	}
	return name, execAll(ctx, conn, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false")
}

// digest covers everything that Migrate applies: the migrations and River's.
func digest(files fs.FS) ([sha256.Size]byte, error) {
	h := sha256.New()
	for _, fsys := range []fs.FS{files, riverpgxv5.New(nil).GetMigrationFS(riverdriver.MigrationLineMain)} {
		err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".sql") {
				return err
			}
			content, err := fs.ReadFile(fsys, path)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(h, "%s\x00%d\x00%s", path, len(content), content)
			return err
		})
		if err != nil {
			return [sha256.Size]byte{}, fmt.Errorf("read the migrations: %w", err)
		}
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
