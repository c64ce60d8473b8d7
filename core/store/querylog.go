package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

const (
	slowQuery    = 500 * time.Millisecond
	longestQuery = 2000
)

// queryLog is gorm's logger: slow statements and unexpected failures, and never
// the values that are sent, which may be secrets.
type queryLog struct {
	log *slog.Logger
}

func (l queryLog) LogMode(logger.LogLevel) logger.Interface { return l }

func (l queryLog) Info(context.Context, string, ...any) {}

func (l queryLog) Warn(ctx context.Context, format string, args ...any) {
	l.log.WarnContext(ctx, "gorm: "+fmt.Sprintf(format, args...))
}

func (l queryLog) Error(ctx context.Context, format string, args ...any) {
	l.log.ErrorContext(ctx, "gorm: "+fmt.Sprintf(format, args...))
}

func (l queryLog) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	took := time.Since(begin)
	failed := err != nil && !expected(err)
	if !failed && took < slowQuery {
		return
	}
	sql, rows := statement()
	if len(sql) > longestQuery {
		sql = sql[:longestQuery] + "…"
	}
	if failed {
		l.log.ErrorContext(ctx, "statement failed", "error", err, "sql", sql, "took", took)
		return
	}
	l.log.WarnContext(ctx, "slow statement", "sql", sql, "rows", rows, "took", took)
}

// expected failures are answers that the caller asked for or retries.
func expected(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, context.Canceled) ||
		IsUnique(err, "") || IsForeignKey(err) || retryable(err)
}

// ParamsFilter keeps the values out of the statement that gorm renders.
func (l queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}
