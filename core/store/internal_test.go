package store

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestSupportedVersions(t *testing.T) {
	for version, want := range map[int]string{
		90624: "needs 15 to 18", 149999: "needs 15 to 18", 150000: "", 180004: "", 190000: "upgrade Roadstead",
	} {
		err := supported(version)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("version %d: %v, want %q", version, err, want)
		}
	}
}

func TestServerLogHasLevelsAndBounds(t *testing.T) {
	var out bytes.Buffer
	l := &serverLog{log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))}
	input := "LOG:  re" + "ady\nWARNING:  wraparound\nDETAIL:  soon\nERROR:  no such table\nPANIC:  disk\n\n\tcontinued\n" + strings.Repeat("x", 3*longestLine) + "\nunfinished"
	for _, chunk := range strings.SplitAfter(input, "e") { // as a pipe may cut it
		if n, err := l.Write([]byte(chunk)); n != len(chunk) || err != nil {
			t.Fatal(n, err)
		}
	}
	want := `level=DEBUG msg="postgres: ready" severity=LOG
level=WARN msg="postgres: wraparound" severity=WARNING
level=WARN msg="postgres: soon" severity=DETAIL
level=DEBUG msg="postgres: no such table" severity=ERROR
level=ERROR msg="postgres: disk" severity=PANIC
level=ERROR msg="postgres: continued" severity=""
level=ERROR msg="postgres: ` + strings.Repeat("x", longestLine) + `" severity=""
`
	if out.String() != want {
		t.Errorf("logged\n%s\nwant\n%s", out.String(), want)
	}
	for range 100 {
		_, _ = l.Write([]byte("LOG:  again\n"))
	}
	if n := strings.Count(l.last(), "\n") + 1; n != keptLines {
		t.Errorf("%d lines are kept, want %d", n, keptLines)
	}
}
