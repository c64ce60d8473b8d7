package store

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// Bounds of what is kept of the server's output.
const (
	longestLine = 4096
	keptLines   = 12
)

// serverLog turns the server's stderr into log lines and remembers the last few
// for the error of a start that fails.
type serverLog struct {
	log *slog.Logger

	mu    sync.Mutex
	rest  []byte
	level slog.Level
	kept  []string
}

func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	for {
		line, after, found := bytes.Cut(p, []byte("\n"))
		if room := longestLine - len(l.rest); len(line) > room {
			line = line[:room]
		}
		l.rest = append(l.rest, line...)
		if !found {
			return n, nil
		}
		l.emit(string(l.rest))
		l.rest, p = l.rest[:0], after
	}
}

func (l *serverLog) emit(line string) {
	line = strings.TrimRight(line, "\r")
	if line == "" {
		return
	}
	if len(l.kept) == keptLines {
		l.kept = append(l.kept[:0], l.kept[1:]...)
	}
	l.kept = append(l.kept, line)
	severity, message, found := strings.Cut(line, ":  ")
	if !found {
		severity, message = "", line
	}
	switch severity {
	case "PANIC":
		l.level = slog.LevelError
	case "WARNING":
		l.level = slog.LevelWarn
	case "FATAL":
		// Ends one session, as when a client asks for what is not there. One that
		// ends the server follows as the restart's error.
		l.level = slog.LevelInfo
	case "DETAIL", "HINT", "CONTEXT", "QUERY", "LOCATION", "STATEMENT", "":
		// Belongs to the line before.
	default:
		// ERROR too: the session that caused it has it, and reports it.
		l.level = slog.LevelDebug
	}
	l.log.Log(context.Background(), l.level, "postgres: "+strings.TrimSpace(message), "severity", severity)
}

func (l *serverLog) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.kept, "\n")
}
