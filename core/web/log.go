package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
)

// Logged writes one line for each request; address is the client's.
func Logged(log *slog.Logger, address func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w}
		method, path := r.Method, r.URL.Path
		next.ServeHTTP(rec, r)
		log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("method", method), slog.String("path", path), slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes),
			slog.Duration("took", time.Since(began)), slog.String("address", address(r)), slog.String("request_id", audit.RequestID(r.Context())))
	})
}
