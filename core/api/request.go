package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	requestIDHeader = "X-Request-Id"
	maxRequestID    = 128

	// maxBody is a little above huma's own limit, which answers 413; this one is
	// for what is read before huma.
	maxBody = 1<<20 + 4096
)

// guardRequest is what every request passes first: it gets an id, a bound on its
// body, and a path without doubled or trailing slashes, as Harbor reads it.
func (s *server) guardRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := audit.RequestID(r.Context())
		if id == "" {
			id = requestID(r.Header.Get(requestIDHeader))
			r = r.WithContext(audit.WithRequestID(r.Context(), id))
		}
		w.Header().Set(requestIDHeader, id)
		w.Header().Set("Cache-Control", "no-store") // answers differ from caller to caller
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := checkQuery(r.URL.RawQuery); err != nil {
			s.writeProblem(w, s.problem(r.Context(), err))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, tidied(r))
	})
}

// requestID takes over the caller's id when it is harmless to log.
func requestID(given string) string {
	printable := !strings.ContainsFunc(given, func(r rune) bool { return r <= ' ' || r > '~' })
	if given != "" && len(given) <= maxRequestID && printable {
		return given
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func checkQuery(raw string) error {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return fault.Invalid("query", "the query of the URL cannot be read: %v", err)
	}
	for key, all := range values {
		for _, v := range append(all, key) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return fault.Invalid("query", "the query of the URL must be UTF-8 text without NUL")
			}
		}
	}
	return nil
}

func tidied(r *http.Request) *http.Request {
	raw := tidiedPath(r.URL.EscapedPath())
	if raw == r.URL.EscapedPath() {
		return r
	}
	path, err := url.PathUnescape(raw)
	if err != nil {
		return r
	}
	out, u := *r, *r.URL
	u.Path, u.RawPath = path, raw
	out.URL = &u
	return &out
}

func tidiedPath(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return path
}

func (s *server) recoverFromPanic(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		s.Log.ErrorContext(c.Request.Context(), "panic while answering", "request_id", audit.RequestID(c.Request.Context()),
			"path", c.FullPath(), "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			s.writeProblem(c.Writer, internal())
		}
		c.Abort()
	}()
	c.Next()
}

func (s *server) noRoute(c *gin.Context) {
	s.abort(c, fault.NotFound("path %s was not found", c.Request.URL.Path))
}

func (s *server) noMethod(c *gin.Context) {
	allowed := strings.ReplaceAll(c.Writer.Header().Get("Allow"), " ", "")
	s.abort(c, methodNotAllowed(c.Request.Method, allowed))
}

// abort answers a request that reaches no operation.
func (s *server) abort(c *gin.Context, err error) {
	s.writeProblem(c.Writer, s.problem(c.Request.Context(), err))
	c.Abort()
}
