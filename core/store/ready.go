package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// awaitReady waits until the server answers, however long it replays its log,
// and makes the database.
func (b *Bundled) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for began, told := time.Now(), false; ; {
		if b.saysReady() {
			if err := b.greet(ctx); err == nil && b.setReady() {
				return nil
			} else if err != nil && ctx.Err() == nil {
				b.log.Debug("the bundled PostgreSQL does not answer yet", "reason", err)
			}
		}
		if !told && time.Since(began) > 5*time.Second {
			told = true
			b.log.Info("waiting for the bundled PostgreSQL, which may be recovering from a crash")
		}
		select {
		case <-b.done:
			return fmt.Errorf("the server ended while starting; its last words:\n%s", b.lines.last())
		case <-ctx.Done():
			return fmt.Errorf("wait for the server to answer: %w; its last words:\n%s", ctx.Err(), b.lines.last())
		case <-tick.C:
		}
	}
}

// saysReady looks at the status that the server keeps in the last line of
// postmaster.pid; asking by connecting would fill its log with refusals.
func (b *Bundled) saysReady() bool {
	content, err := os.ReadFile(filepath.Join(b.data, "postmaster.pid"))
	return err == nil && strings.HasSuffix(strings.TrimSpace(string(content)), "\nready")
}

func (b *Bundled) greet(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return ensureDatabase(ctx, conn, bundledDatabase)
}

func ensureDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	_, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42P04" { // there already
		return nil
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}
