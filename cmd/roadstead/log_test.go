package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
)

// page is a log that tells of each write.
type page struct {
	mu     sync.Mutex
	text   strings.Builder
	writes chan string
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.Write(b)
	p.writes <- string(b)
	return len(b), nil
}

func TestLinesAreWrittenTogetherAndWarningsAtOnce(t *testing.T) {
	p := &page{writes: make(chan string, 100)}
	log, flush := logger(config.Config{LogLevel: "info"}, p)
	log.Debug("nobody sees this")
	log.Info("one")
	log.With("a", "b").WithGroup("g").Info("two")
	select {
	case text := <-p.writes: // after flushEvery
		if strings.Count(text, "\n") != 2 {
			t.Errorf("written together: %s", text)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("lines wait for ever")
	}
	log.Info("before")
	log.With("a", "b").Warn("urgent")
	if text := <-p.writes; !strings.HasPrefix(text[strings.Index(text, "msg="):], "msg=before") || !strings.Contains(text, "msg=urgent") {
		t.Errorf("a warning came as %s", text)
	}
	log.Info("last")
	flush()
	if text := <-p.writes; !strings.Contains(text, "msg=last") {
		t.Errorf("at the end: %s", text)
	}
	for range 2000 {
		log.Info(strings.Repeat("x", 100))
	}
	flush()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := strings.Count(p.text.String(), "\n"); got != 2005 {
		t.Errorf("%d lines", got)
	}
}
