package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

const (
	txRetries       = 10
	firstRetryPause = 10 * time.Millisecond // doubles; the wait is a random part of it
	longestPause    = 500 * time.Millisecond
	rollbackTimeout = 5 * time.Second
)

// Tx is gorm inside the transaction of InTx. A function that takes it says that
// it must run in one.
type Tx struct{ *gorm.DB }

// InTx runs fn in one transaction, which is committed when fn returns nil and
// undone when it returns an error or panics. When the server breaks off the
// transaction in favour of another one (serialization failure, deadlock), fn is
// run again, up to ten times more: it must set what it returns, not add to it.
// Transactions do not nest: InTx, Begin and Transaction on a Tx are errors.
func InTx(ctx context.Context, db *gorm.DB, fn func(tx Tx) error) error {
	if _, nested := db.Statement.ConnPool.(*txConn); nested {
		return errors.New("InTx inside a transaction: pass the Tx on to a function that takes one")
	}
	return Retried(ctx, func() error { return runTx(ctx, db, fn) })
}

// Retried runs a transaction of one statement, and again as InTx does when the server breaks it off in favour of another one.
func Retried(ctx context.Context, run func() error) error {
	pause := firstRetryPause
	for retry := 0; ; retry++ {
		err := run()
		if err == nil || retry == txRetries || !retryable(err) {
			return err
		}
		wait := time.NewTimer(rand.N(pause))
		select {
		case <-ctx.Done():
			wait.Stop()
			return errors.Join(ctx.Err(), err)
		case <-wait.C:
		}
		pause = min(2*pause, longestPause)
	}
}

// PgxTx returns the transaction that tx runs in, for River's InsertTx and for
// CopyFrom. It must not be committed or rolled back, nor used at the same time
// as tx.
func PgxTx(tx Tx) pgx.Tx { return tx.Statement.ConnPool.(*txConn).tx }

func runTx(ctx context.Context, db *gorm.DB, fn func(tx Tx) error) (err error) {
	sqlDB, err := db.DB()
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	conn, err := sqlDB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	tx, err := begin(ctx, conn)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	// Also when fn panics. After a commit it does nothing; when ctx has ended it
	// must still reach the server. Through conn: when a statement found the connection
	// broken, database/sql has given it back already and somebody else closes it.
	defer func() {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
		defer cancel()
		_ = conn.Raw(func(any) error { return tx.Rollback(undo) })
	}()
	g := db.Session(&gorm.Session{NewDB: true, Context: ctx})
	g.Statement.ConnPool = &txConn{conn: conn, tx: tx}
	if err := fn(Tx{g}); err != nil {
		return err
	}
	if err := conn.Raw(func(any) error { return tx.Commit(ctx) }); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// begin starts the transaction on the pgx connection below conn: a transaction
// of database/sql would hide the pgx.Tx that River needs.
func begin(ctx context.Context, conn *sql.Conn) (tx pgx.Tx, err error) {
	err = conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T, not one of pgx", driverConn)
		}
		tx, err = c.Conn().Begin(ctx)
		return err
	})
	return tx, err
}

// txConn is the connection of a transaction as gorm sees it. It has neither
// BeginTx nor Commit, so gorm can start or end no transaction on it.
type txConn struct {
	conn *sql.Conn
	tx   pgx.Tx
}

func (c *txConn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.conn.PrepareContext(ctx, query)
}

func (c *txConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return c.conn.ExecContext(ctx, query, args...)
}

func (c *txConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.conn.QueryContext(ctx, query, args...)
}

func (c *txConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return c.conn.QueryRowContext(ctx, query, args...)
}
