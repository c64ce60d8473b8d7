package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// inBrowser runs the command that measures the portal, which writes its figures into a file.
func inBrowser(ctx context.Context, server *harness.Server, dir string) ([]figure, error) {
	command := strings.Fields(os.Getenv("BENCH_PORTAL"))
	if len(command) == 0 {
		return nil, errors.New("the portal is not measured: BENCH_PORTAL names no command; scripts/bench.sh does")
	}
	file := filepath.Join(dir, "portal.json")
	err := server.RunBeside(ctx, command, "BENCH_PROJECT="+bulkProject, "BENCH_REPOSITORY="+bulkRepository, "BENCH_SEARCH="+searchWord, "BENCH_FIGURES="+file)
	text, missing := os.ReadFile(file)
	if missing != nil {
		return nil, errors.Join(err, missing)
	}
	var rows []struct {
		Work, Quantity, Unit string
		Value, Limit         float64
	}
	if bad := json.Unmarshal(text, &rows); bad != nil {
		return nil, errors.Join(err, bad)
	}
	var out []figure
	for _, row := range rows {
		f := plain(row.Work, row.Quantity, row.Unit, row.Value, row.Limit)
		f.Noisy = row.Unit == "ms"
		out = append(out, f)
	}
	return out, err
}
