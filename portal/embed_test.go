package portal

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const script = "console.log('harbour')"

func built(t *testing.T) http.Handler {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write([]byte(script)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return newHandler(fstest.MapFS{
		"index.html":             {Data: []byte("<!doctype html><div id=root></div>")},
		"placeholder.html":       {Data: []byte("run make build")},
		"boot.js":                {Data: []byte("boot()")},
		"assets/app-1a2b.js":     {Data: []byte(script)},
		"assets/app-1a2b.js.gz":  {Data: packed.Bytes()},
		"assets/inter-9f.woff2":  {Data: []byte("wOF2")},
		".vite/manifest.json":    {Data: []byte("{}")},
		"assets/style-3c4d.css":  {Data: []byte("body{}")},
		"assets/nested/deep.svg": {Data: []byte("<svg/>")},
	})
}

func get(t *testing.T, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAddressesAreAnsweredAsFileOrPage(t *testing.T) {
	tests := []struct {
		name, target string
		status       int
		contentType  string
		cache        string
		contains     string
	}{
		{"the root is the page", "/", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"a route of the browser is the page", "/projects/library", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"a tag with dots is the page", "/projects/library/repositories/app/-/tags/v1.2.3", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"an asset is kept for ever", "/assets/app-1a2b.js", 200, "text/javascript; charset=utf-8", assetCache, "harbour"},
		{"a style sheet has its type", "/assets/style-3c4d.css", 200, "text/css; charset=utf-8", assetCache, "body"},
		{"a font has its type", "/assets/inter-9f.woff2", 200, "font/woff2", assetCache, "wOF2"},
		{"a file outside assets is checked again", "/boot.js", 200, "text/javascript; charset=utf-8", pageCache, "boot"},
		{"an asset of an older build is missing", "/assets/app-old.js", 404, "text/plain; charset=utf-8", pageCache, "reload"},
		{"a missing icon is missing", "/favicon.ico", 404, "text/plain; charset=utf-8", pageCache, "no such file"},
		{"the build manifest is not served", "/.vite/manifest.json", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"a compressed copy has no address", "/assets/app-1a2b.js.gz", 404, "text/plain; charset=utf-8", pageCache, "no such file"},
		{"a folder is the page's business", "/assets", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"dots do not climb", "/assets/../../../etc/passwd", 200, "text/html; charset=utf-8", pageCache, "id=root"},
		{"a NUL is harmless", "/a%00b", 200, "text/html; charset=utf-8", pageCache, "id=root"},
	}
	h := built(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := get(t, h, http.MethodGet, test.target)
			if r.StatusCode != test.status {
				t.Fatalf("status %d, want %d", r.StatusCode, test.status)
			}
			if got := r.Header.Get("Content-Type"); got != test.contentType {
				t.Errorf("Content-Type %q, want %q", got, test.contentType)
			}
			if got := r.Header.Get("Cache-Control"); got != test.cache {
				t.Errorf("Cache-Control %q, want %q", got, test.cache)
			}
			if got := body(t, r); !strings.Contains(got, test.contains) {
				t.Errorf("body %q does not contain %q", got, test.contains)
			}
		})
	}
}

func TestGzipIsSentToThoseWhoTakeIt(t *testing.T) {
	tests := []struct {
		accept string
		packed bool
	}{
		{"gzip, deflate, br", true},
		{"br;q=1.0, gzip;q=0.8", true},
		{"*", true},
		{"identity;q=1, *;q=0", false},
		{"gzip;q=0, *", false},
		{"gzip; q=0", false},
		{"gzip;q=bad", false},
		{"br", false},
		{"", false},
	}
	h := built(t)
	for _, test := range tests {
		t.Run(test.accept, func(t *testing.T) {
			r := get(t, h, http.MethodGet, "/assets/app-1a2b.js", "Accept-Encoding", test.accept)
			if r.Header.Get("Vary") != "Accept-Encoding" {
				t.Error("Vary is missing: a cache would mix both forms")
			}
			if got := r.Header.Get("Content-Encoding") == "gzip"; got != test.packed {
				t.Fatalf("gzip %v, want %v", got, test.packed)
			}
			content := io.Reader(r.Body)
			if test.packed {
				unpacked, err := gzip.NewReader(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				content = unpacked
			}
			if b, err := io.ReadAll(content); err != nil || string(b) != script {
				t.Errorf("content %q, %v", b, err)
			}
		})
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	h := built(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		r := get(t, h, method, "/")
		if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, r.StatusCode, r.Header.Get("Allow"))
		}
	}
	for _, accept := range []string{"", "gzip"} {
		r := get(t, h, http.MethodHead, "/assets/app-1a2b.js", "Accept-Encoding", accept)
		if r.StatusCode != http.StatusOK || body(t, r) != "" || r.Header.Get("Content-Length") == "" {
			t.Errorf("HEAD with %q: status %d, length %q", accept, r.StatusCode, r.Header.Get("Content-Length"))
		}
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	h := built(t)
	for _, target := range []string{"/", "/assets/app-1a2b.js", "/assets/missing.js"} {
		header := get(t, h, http.MethodGet, target).Header
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: Content-Security-Policy %q", target, policy)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", target, header)
		}
	}
}

func TestWithoutABuildThePlaceholderSaysWhatToDo(t *testing.T) {
	h := newHandler(fstest.MapFS{"placeholder.html": {Data: []byte("run <code>make build</code>")}})
	r := get(t, h, http.MethodGet, "/projects")
	if r.StatusCode != http.StatusOK || !strings.Contains(body(t, r), "make build") {
		t.Errorf("status %d, headers %v", r.StatusCode, r.Header)
	}
}

func TestTheEmbeddedFilesAlwaysHaveAPage(t *testing.T) {
	r := get(t, Handler(), http.MethodGet, "/")
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("status %d, headers %v", r.StatusCode, r.Header)
	}
}
