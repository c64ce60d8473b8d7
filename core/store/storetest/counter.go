package storetest

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roadstead-registry/roadstead/core/store"
)

// Counter counts what is sent to the database, for tests that promise "one
// query" or "five commits".
type Counter struct {
	mu         sync.Mutex
	statements []string
	commits    int
	open       map[*pgx.Conn]*transaction
}

type transaction struct{ wrote bool }

// NewCounter makes a Counter to be the Tracer of a test that opens a store
// itself.
func NewCounter() *Counter { return &Counter{open: map[*pgx.Conn]*transaction{}} }

// Count returns the Counter of a database that New or Empty made, at zero.
func Count(t testing.TB, db *store.DB) *Counter {
	t.Helper()
	c, ok := db.Pool.Config().ConnConfig.Tracer.(*Counter)
	if !ok {
		t.Fatal("storetest.Count: this database was not opened by storetest; give store.Open a storetest.NewCounter as Tracer")
	}
	c.Reset()
	return c
}

// Reset begins again at zero.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements, c.commits = nil, 0
}

// Queries is the number of statements, those that only begin or end a
// transaction aside.
func (c *Counter) Queries() int { return len(c.Statements()) }

// Statements are what Queries counts, for a failing test to print.
func (c *Counter) Statements() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.statements...)
}

// Commits is the number of times the server had to make something durable:
// transactions that wrote (or locked rows) and were committed, and writes
// outside one. Writes inside a function called by SELECT go unseen.
func (c *Counter) Commits() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.commits
}

type statementKey struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (c *Counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, statementKey{}, data.SQL)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (c *Counter) TraceQueryEnd(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryEndData) {
	sql, _ := ctx.Value(statementKey{}).(string)
	c.count(conn, sql, data.CommandTag, data.Err)
}

// TraceBatchStart implements pgx.BatchTracer.
func (c *Counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (c *Counter) TraceBatchQuery(_ context.Context, conn *pgx.Conn, data pgx.TraceBatchQueryData) {
	c.count(conn, data.SQL, data.CommandTag, data.Err)
}

// TraceBatchEnd implements pgx.BatchTracer.
func (c *Counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceCopyFromStart implements pgx.CopyFromTracer.
func (c *Counter) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	return context.WithValue(ctx, statementKey{}, "COPY "+data.TableName.Sanitize()+" FROM STDIN")
}

// TraceCopyFromEnd implements pgx.CopyFromTracer.
func (c *Counter) TraceCopyFromEnd(ctx context.Context, conn *pgx.Conn, data pgx.TraceCopyFromEndData) {
	sql, _ := ctx.Value(statementKey{}).(string)
	c.count(conn, sql, data.CommandTag, data.Err)
}

func (c *Counter) count(conn *pgx.Conn, sql string, tag pgconn.CommandTag, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch verb(sql) {
	case "begin", "start":
		c.open[conn] = &transaction{}
	case "commit", "end":
		// A failed transaction answers COMMIT with ROLLBACK.
		if tx := c.open[conn]; tx != nil && tx.wrote && err == nil && tag.String() == "COMMIT" {
			c.commits++
		}
		delete(c.open, conn)
	case "rollback", "abort":
		if !strings.Contains(strings.ToLower(sql), " to ") {
			delete(c.open, conn)
		}
	case "savepoint", "release":
	default:
		c.statements = append(c.statements, sql)
		c.wrote(conn, sql, err)
	}
}

func (c *Counter) wrote(conn *pgx.Conn, sql string, err error) {
	if err != nil || !writes(sql) {
		return
	}
	if tx := c.open[conn]; tx != nil {
		tx.wrote = true
		return
	}
	c.commits++
}

func verb(sql string) string {
	fields := strings.FieldsFunc(strings.TrimSpace(comment.ReplaceAllString(sql, " ")), func(r rune) bool {
		return r == ' ' || r == '\n' || r == '\t' || r == '(' || r == ';'
	})
	if len(fields) == 0 {
		return ""
	}
	return strings.ToLower(fields[0])
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/|--[^\n]*`)
	writing = regexp.MustCompile(`(?i)\b(insert\s+into|update\s+\S+(\s+(as\s+)?\w+)?\s+set|delete\s+from|merge\s+into|for\s+(no\s+key\s+)?update|for\s+(key\s+)?share)\b`)
)

// writes reports that a statement leaves something to commit.
func writes(sql string) bool {
	switch verb(sql) {
	case "select", "with", "values", "table":
		return writing.MatchString(comment.ReplaceAllString(sql, " "))
	case "show", "set", "reset", "explain", "listen", "unlisten", "discard", "":
		return false
	}
	return true
}
