package portal

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

const (
	assetCache = "public, max-age=31536000, immutable"
	pageCache  = "no-cache"

	// Mantine writes style elements and attributes at run time; scripts are files only.
	contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

type handler struct{ files fs.FS }

func newHandler(files fs.FS) http.Handler { return handler{files: files} }

// ServeHTTP answers GET and HEAD: files as they are, any other address with
// the page, because its routes live in the browser.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurityHeaders(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the portal answers GET and HEAD only", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if h.servable(name) {
		h.serve(w, r, name)
		return
	}
	if isFilePath(name) {
		w.Header().Set("Cache-Control", pageCache)
		http.Error(w, "no such file in the portal; reload the page", http.StatusNotFound)
		return
	}
	h.servePage(w, r)
}

func (h handler) servePage(w http.ResponseWriter, r *http.Request) {
	for _, page := range []string{"index.html", "placeholder.html"} {
		if h.exists(page) {
			h.serve(w, r, page)
			return
		}
	}
	http.Error(w, "the portal is not part of this build; run `make build`", http.StatusNotFound)
}

func (h handler) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Cache-Control", pageCache)
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", assetCache)
	}
	stored := name
	if h.exists(name + ".gz") {
		header.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			header.Set("Content-Encoding", "gzip")
			stored = name + ".gz"
		}
	}
	content, err := fs.ReadFile(h.files, stored)
	if err != nil {
		header.Del("Content-Encoding")
		http.Error(w, "the portal's file could not be read", http.StatusInternalServerError)
		return
	}
	if header.Get("Content-Encoding") != "" {
		// http.ServeContent leaves the length out of encoded answers.
		header.Set("Content-Length", strconv.Itoa(len(content)))
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(content) // the client is gone: nobody is left to tell
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// servable tells whether a request may name the file: the build's own
// by-products (compressed copies, the manifest, the placeholder) are not pages.
func (h handler) servable(name string) bool {
	if strings.HasSuffix(name, ".gz") || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".html") {
		return false
	}
	return h.exists(name)
}

func (h handler) exists(name string) bool {
	if !fs.ValidPath(name) {
		return false
	}
	stat, err := fs.Stat(h.files, name)
	return !errors.Is(err, fs.ErrNotExist) && err == nil && stat.Mode().IsRegular()
}

// isFilePath is true for addresses that can only mean a file. A dot alone does
// not: /projects/library/repositories/app/-/tags/v1.2 is a page.
func isFilePath(name string) bool {
	return strings.HasPrefix(name, "assets/") || (!strings.Contains(name, "/") && strings.Contains(name, "."))
}

// contentType does not ask the machine's MIME table: the answer must be the
// same on every host.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if byExtension := mime.TypeByExtension(path.Ext(name)); byExtension != "" {
		return byExtension
	}
	return "application/octet-stream"
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip or * with a
// quality other than zero; a quality of gzip's own wins over that of *.
func acceptsGzip(accept string) bool {
	any := false
	for part := range strings.SplitSeq(accept, ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		quality := 1.0
		if value, found := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q="); found {
			parsed, err := strconv.ParseFloat(value, 64)
			if err != nil {
				continue
			}
			quality = parsed
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return quality > 0
		case "*":
			any = quality > 0
		}
	}
	return any
}

func setSecurityHeaders(header http.Header) {
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
}
