package api

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// maxBody is a little above huma's own limit, which answers 413; this one is for
// what is read before huma.
const maxBody = 1<<20 + 4096

// guardRequest is what every request passes first: it gets a bound on its body, and
// a path without doubled or trailing slashes, as Harbor reads it. Its id it has from
// core/web, which also answers when a handler panics.
func (s *server) guardRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
