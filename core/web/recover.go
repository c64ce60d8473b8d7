package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/roadstead-registry/roadstead/core/audit"
)

// Recovered turns a panic into a line with its stack, and a 500. Once a part of
// the body has gone out the connection is cut instead: whatever were added would
// make a broken transfer look whole.
func Recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			log.ErrorContext(r.Context(), "a request panicked", "panic", p, "request_id", audit.RequestID(r.Context()), "stack", string(debug.Stack()))
			if rec.status != 0 || rec.bytes > 0 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, `{"errors":[{"code":"UNKNOWN","message":"internal server error"}]}`+"\n")
		}()
		next.ServeHTTP(rec, r)
	})
}
