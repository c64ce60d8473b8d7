package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const (
	// migrationLock is the advisory lock that one migrating process holds.
	migrationLock = 0x726f616473746561 // "roadstea"
	// migrationPatience, in seconds, is how long the others wait for it.
	migrationPatience = 600
	unlockTimeout     = 10 * time.Second
)

// Migrate brings the database to this program's schema: the migrations in files
// (NNNN_what.sql, goose's format), then River's. Any number of processes may
// call it at once; one does the work and the others wait. It only goes forward.
func Migrate(ctx context.Context, db *DB, files fs.FS) error {
	if upToDate(ctx, db, files) {
		return nil
	}
	pool, err := migrationPool(ctx, db)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	defer pool.Close()
	sqlDB := stdlib.OpenDBFromPool(pool)
	defer func() { _ = sqlDB.Close() }()
	err = underLock(ctx, sqlDB, func() error {
		ours, err := goose.NewProvider(goose.DialectPostgres, sqlDB, files,
			goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
		if err != nil {
			return fmt.Errorf("read the migrations: %w", err)
		}
		rivers, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return fmt.Errorf("read River's migrations: %w", err)
		}
		if err := refuseNewer(ctx, ours, rivers, pool); err != nil {
			return err
		}
		return up(ctx, db, ours, rivers)
	})
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// upToDate says whether there is certainly nothing to do, which is so at most starts
// and costs one query instead of a pool, a lock and a dozen. Whatever it cannot read
// is for Migrate to find out about.
func upToDate(ctx context.Context, db *DB, files fs.FS) bool {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return false
	}
	last, err := goose.NumericComponent(slices.Max(names))
	if err != nil {
		return false
	}
	rivers, err := rivermigrate.New(riverpgxv5.New(db.Pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return false
	}
	all := rivers.AllVersions()
	const versions = `
SELECT count(DISTINCT version_id) FILTER (WHERE version_id > 0), coalesce(max(version_id), 0), (SELECT coalesce(max(version), 0) FROM river_migration)
FROM goose_db_version WHERE is_applied`
	idle := db.Pool.AcquireAllIdle(ctx) // that of Open's look at the version; never one that somebody else must give back first
	defer func() {
		for _, conn := range idle {
			conn.Release()
		}
	}()
	if len(idle) == 0 {
		return false
	}
	var applied int
	var ours, river int64
	if err := idle[0].QueryRow(ctx, versions).Scan(&applied, &ours, &river); err != nil {
		return false
	}
	return applied == len(names) && ours == last && river == int64(all[len(all)-1].Version)
}

// migrationPool is apart from the program's pool, whose statements have a time
// limit and whose connections may all be taken.
func migrationPool(ctx context.Context, db *DB) (*pgxpool.Pool, error) {
	config := db.Pool.Config()
	config.MaxConns = 4
	config.MinConns = 0
	config.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	return pgxpool.NewWithConfig(ctx, config)
}

func underLock(ctx context.Context, sqlDB *sql.DB, fn func() error) (err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(migrationLock), lock.WithLockTimeout(1, migrationPatience))
	if err != nil {
		return err
	}
	conn, err := sqlDB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for another process that is migrating this database: %w", err)
	}
	defer func() {
		release, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout)
		defer cancel()
		if e := locker.SessionUnlock(release, conn); e != nil {
			err = errors.Join(err, fmt.Errorf("release the migration lock: %w", e))
		}
	}()
	return fn()
}

func refuseNewer(ctx context.Context, ours *goose.Provider, rivers *rivermigrate.Migrator[pgx.Tx], pool *pgxpool.Pool) error {
	current, known, err := ours.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if current > known {
		return newer("schema", current, known)
	}
	var present bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass('river_migration') IS NOT NULL").Scan(&present); err != nil {
		return fmt.Errorf("read the job queue's version: %w", err)
	}
	if !present {
		return nil
	}
	if err := pool.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM river_migration").Scan(&current); err != nil {
		return fmt.Errorf("read the job queue's version: %w", err)
	}
	all := rivers.AllVersions()
	if last := int64(all[len(all)-1].Version); current > last {
		return newer("job queue", current, last)
	}
	return nil
}

func newer(what string, current, known int64) error {
	return fmt.Errorf("this database was migrated by a newer Roadstead (its %s is at version %d, this program knows up to %d): "+
		"upgrade the binary, or restore the backup made before the upgrade", what, current, known)
}

func up(ctx context.Context, db *DB, ours *goose.Provider, rivers *rivermigrate.Migrator[pgx.Tx]) error {
	done, err := ours.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		done = partial.Applied
	}
	for _, m := range done {
		db.log.Info("migrated the database", "migration", m.Source.Path, "took", m.Duration)
	}
	if partial != nil {
		return fmt.Errorf("migration %s failed; the %d before it in this run are applied, and the next start tries again: %w",
			partial.Failed.Source.Path, len(partial.Applied), partial.Err)
	}
	if err != nil {
		return err
	}
	result, err := rivers.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return fmt.Errorf("the job queue's tables: %w", err)
	}
	if n := len(result.Versions); n > 0 {
		db.log.Info("migrated the job queue", "version", result.Versions[n-1].Version)
	}
	return nil
}
