package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
)

const (
	flushEvery = 100 * time.Millisecond
	flushFull  = 64 << 10 // bytes
)

// logger writes lines as cfg says, a tenth of a second late: at ten thousand requests
// a second, a write for each line would be a tenth of all the work. What is a warning
// or worse, and all before it, is written at once. flush writes the rest.
func logger(cfg config.Config, out io.Writer) (log *slog.Logger, flush func()) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	late := &lateWriter{out: out}
	options := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(late, options)
	if cfg.LogFormat == "json" {
		h = slog.NewJSONHandler(late, options)
	}
	return slog.New(urgent{h, late}), late.flush
}

// urgent does not let a warning wait.
type urgent struct {
	slog.Handler
	late *lateWriter
}

func (h urgent) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		h.late.flush()
	}
	return err
}

func (h urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{h.Handler.WithAttrs(attrs), h.late}
}

func (h urgent) WithGroup(name string) slog.Handler { return urgent{h.Handler.WithGroup(name), h.late} }

// lateWriter gathers what is written for flushEvery at most, or until it is much.
type lateWriter struct {
	out io.Writer

	mu    sync.Mutex
	lines []byte
	timer *time.Timer // nil while nothing waits
}

func (w *lateWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, p...)
	switch {
	case len(w.lines) >= flushFull:
		w.write()
	case w.timer == nil:
		w.timer = time.AfterFunc(flushEvery, w.flush)
	}
	return len(p), nil
}

func (w *lateWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.write()
}

// write writes with mu held, so that lines stay in order.
func (w *lateWriter) write() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	_, _ = w.out.Write(w.lines) // where the log cannot be written, nothing can be said either
	w.lines = w.lines[:0]
}
