package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/audit"
)

// gone is a connection whose client has hung up.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAnExportEndsWhenTheClientHasGone(t *testing.T) {
	for name, log := range map[string]logWriter{"csv": newCSVLog(gone{}), "jsonl": newJSONLog(gone{})} {
		(&server{}).stream(nil, log, []audit.Event{{ID: 1}, {ID: 2}}, func() ([]audit.Event, error) {
			t.Errorf("%s: it reads on", name)
			return nil, nil
		})
	}
}

func TestAnExportThatBreaksOffCutsTheConnection(t *testing.T) {
	defer func() {
		if cause, _ := recover().(error); !errors.Is(cause, http.ErrAbortHandler) {
			t.Errorf("it ended with %v, and the client takes a part for the whole", cause)
		}
	}()
	(&server{}).stream(nil, newCSVLog(new(strings.Builder)), []audit.Event{{ID: 1}}, func() ([]audit.Event, error) { return nil, context.Canceled })
}
