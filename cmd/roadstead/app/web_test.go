package app

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// panicking serves what write sends and then panics, behind the program's own
// handlers, over a real connection.
func panicking(t *testing.T, write func(http.ResponseWriter)) string {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s := httptest.NewServer(identified(logged(log, recovered(log, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
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
