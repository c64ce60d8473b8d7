package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/web"
)

func address(*http.Request) string { return "192.0.2.1" }

// panicking serves what write sends and then panics, behind the program's own
// handlers, over a real connection.
func panicking(t *testing.T, write func(http.ResponseWriter)) string {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s := httptest.NewServer(web.Identified(web.Logged(log, address, web.Recovered(log, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		write(w)
		panic("broken")
	})))))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAPanicBeforeTheAnswerIsA500(t *testing.T) {
	r, err := http.Get(panicking(t, func(http.ResponseWriter) {}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusInternalServerError || !strings.Contains(string(text), `"code":"UNKNOWN"`) {
		t.Errorf("got %d %s, %v", r.StatusCode, text, err)
	}
}

func TestAPanicInTheMiddleOfABodyCutsTheConnectionAndAddsNothing(t *testing.T) {
	r, err := http.Get(panicking(t, func(w http.ResponseWriter) {
		_, _ = io.WriteString(w, "half a blob")
		_ = http.NewResponseController(w).Flush()
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err == nil || string(text) != "half a blob" {
		t.Errorf("the client believes to have it all: %q, %v", text, err)
	}
}

func TestEachRequestIsOneLineWithItsID(t *testing.T) {
	var lines strings.Builder
	h := web.Identified(web.Logged(slog.New(slog.NewTextHandler(&lines, nil)), address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(io.ReaderFrom); !ok {
			t.Error("a blob would be copied through memory")
		}
		http.Error(w, "no", http.StatusTeapot)
	})))
	for given, kept := range map[string]bool{"mine-1": true, "": false, "a b": false, "ä": false, strings.Repeat("x", 129): false} {
		lines.Reset()
		r := httptest.NewRequest(http.MethodGet, "/v2/?secret=1", nil)
		r.Header.Set("X-Request-Id", given)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		id := w.Header().Get("X-Request-Id")
		if (id == given) != kept || id == "" {
			t.Errorf("%q became %q", given, id)
		}
		text := lines.String()
		if strings.Count(text, "\n") != 1 || !strings.Contains(text, "status=418 bytes=3") || !strings.Contains(text, "request_id="+id) || strings.Contains(text, "secret") {
			t.Error(text)
		}
	}
}
