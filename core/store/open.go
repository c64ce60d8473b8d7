package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// The PostgreSQL major versions that are supported.
const (
	oldestPostgres = 15
	newestPostgres = 18
)

const (
	defaultMaxConns = 20
	connectTimeout  = 10 * time.Second
)

// Options says how to reach the database.
type Options struct {
	URL              string        // postgres://user:password@host:port/database?sslmode=…
	MaxConns         int           // of the pool; 0 means 20
	StatementTimeout time.Duration // after which the server cancels a statement; 0 means never
	Log              *slog.Logger
	Tracer           pgx.QueryTracer // may be nil
}

// DB is one pool of connections, and gorm over the same pool.
type DB struct {
	Pool *pgxpool.Pool
	Gorm *gorm.DB

	log *slog.Logger
}

// Open connects and checks that the server is of a supported version. The error
// names host, user and database but never the password.
func Open(ctx context.Context, o Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("database URL (ROADSTEAD_DATABASE_URL): %w; it should look like postgres://user:password@host:5432/database", err)
	}
	config.MaxConns = defaultMaxConns
	if o.MaxConns > 0 {
		config.MaxConns = int32(min(o.MaxConns, 10_000))
	}
	cc := config.ConnConfig
	cc.Tracer = o.Tracer
	if cc.ConnectTimeout == 0 {
		cc.ConnectTimeout = connectTimeout
	}
	cc.RuntimeParams["application_name"] = "roadstead"
	cc.RuntimeParams["timezone"] = "UTC"
	// Plans are kept for as long as a connection lives. One that was made while a
	// table had ten rows reads it from end to end when it has a hundred thousand, and
	// so do the checks of foreign keys: a mass import of images would slow down with
	// each of them. There is an index for everything that is read often.
	cc.RuntimeParams["enable_seqscan"] = "off"
	// Compiling a statement takes a second of a processor, more than any statement here.
	cc.RuntimeParams["jit"] = "off"
	if o.StatementTimeout > 0 {
		cc.RuntimeParams["statement_timeout"] = strconv.FormatInt(o.StatementTimeout.Milliseconds(), 10)
	}
	config.AfterConnect = scanUTC
	db, err := openPool(ctx, config, o.Log)
	if err != nil {
		return nil, err
	}
	if err := db.checkVersion(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func openPool(ctx context.Context, config *pgxpool.Config, log *slog.Logger) (*DB, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database pool: %w", err)
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		SkipDefaultTransaction: true,  // one statement is atomic by itself; more go through InTx
		PrepareStmt:            false, // pgx caches prepared statements below
		DisableAutomaticPing:   true,
		Logger:                 queryLog{log: log},
		// What PostgreSQL keeps, so that a row reads back equal to what was written.
		NowFunc: func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	return &DB{Pool: pool, Gorm: g, log: log}, nil
}

// scanUTC makes timestamps arrive in UTC, not in this machine's zone.
func scanUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

func (db *DB) checkVersion(ctx context.Context) error {
	var version int
	if err := db.Pool.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return fmt.Errorf("reach the database: %w; check that the server runs and that the database URL (ROADSTEAD_DATABASE_URL) is right", err)
	}
	return supported(version)
}

// supported takes PostgreSQL's server_version_num.
func supported(version int) error {
	major := version / 10_000
	switch {
	case major < oldestPostgres:
		return fmt.Errorf("the database server is PostgreSQL %d, and Roadstead needs %d to %d: upgrade the server", major, oldestPostgres, newestPostgres)
	case major > newestPostgres:
		return fmt.Errorf("the database server is PostgreSQL %d, and this Roadstead knows %d to %d: upgrade Roadstead, or use an older server", major, oldestPostgres, newestPostgres)
	}
	return nil
}

// Close waits for connections in use and closes the pool.
func (db *DB) Close() {
	if sqlDB, err := db.Gorm.DB(); err == nil {
		_ = sqlDB.Close() // holds no connection of its own
	}
	db.Pool.Close()
}

// Ping reports whether the database answers, for health checks.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.Pool.Ping(ctx); err != nil {
		return errors.Join(errors.New("the database does not answer"), err)
	}
	return nil
}
