// Command bench measures the program against the distribution registry, and what people wait for at the size of a large
// installation. docs/bench.md says what each figure is.
//
//	bench [registry] [lists] [portal]   measures these parts, or all; the portal in a browser, by the command in BENCH_PORTAL
//	bench compare old.json new.json     compares two files of figures
//	bench table new.json                writes the table of docs/bench.md
//	bench soak                          loads the program for BENCH_MINUTES and watches its memory
//
// It prints the figures, writes them to the file that BENCH_FILE names, and ends with an error when one misses its target.
// BENCH_ONLY is a regular expression for the works to measure.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 3 && args[0] == bareCommand:
		return serveFile(args[1], args[2])
	case len(args) == 3 && args[0] == "compare":
		return compare(args[1], args[2])
	case len(args) == 2 && args[0] == "table":
		return printTable(os.Stdout, args[1])
	}
	only, err := regexp.Compile(os.Getenv("BENCH_ONLY"))
	if err != nil {
		return fmt.Errorf("BENCH_ONLY: %w", err)
	}
	figures, err := measureParts(ctx, args, only.MatchString)
	if len(figures) == 0 {
		return errors.Join(err, errors.New("nothing was measured"))
	}
	return errors.Join(err, keep(os.Getenv("BENCH_FILE"), figures), missed(figures))
}

// The parts, in their order.
const (
	registryPart = "registry"
	listsPart    = "lists"
	portalPart   = "portal"
	soakPart     = "soak" // alone, and only when it is asked for
)

// measureParts measures what is asked for and prints each part when it is there. A part that fails does not keep the next one from
// being measured.
func measureParts(ctx context.Context, parts []string, only func(string) bool) ([]figure, error) {
	all := []string{registryPart, listsPart, portalPart}
	if slices.Equal(parts, []string{soakPart}) {
		return registryFigures(ctx, soakPart, []measurement{{soakPart, soak}}, only)
	}
	if len(parts) == 0 {
		parts = all
	}
	for _, part := range parts {
		if !slices.Contains(all, part) {
			return nil, fmt.Errorf("there is no part %q; the parts are %v", part, all)
		}
	}
	var out []figure
	var failed error
	if slices.Contains(parts, registryPart) {
		figures, err := registryFigures(ctx, registryPart, measurements(), only)
		out, failed = append(out, figures...), err
	}
	if slices.Contains(parts, listsPart) || slices.Contains(parts, portalPart) {
		err := harness.Alone(ctx, func(server *harness.Server, dir string) error {
			if err := seed(ctx, server); err != nil {
				return fmt.Errorf("fill the database: %w", err)
			}
			var failed error
			if slices.Contains(parts, listsPart) {
				figures, err := lists(ctx, server, only)
				figures = part(listsPart, figures)
				printWide(os.Stdout, figures)
				out, failed = append(out, figures...), err
			}
			if slices.Contains(parts, portalPart) {
				figures, err := inBrowser(ctx, server, dir)
				figures = part(portalPart, figures)
				printWide(os.Stdout, figures)
				out, failed = append(out, figures...), errors.Join(failed, err)
			}
			return failed
		})
		failed = errors.Join(failed, err)
	}
	return out, failed
}

func part(name string, figures []figure) []figure {
	for i := range figures {
		figures[i].Part = name
	}
	return figures
}

// registryFigures measures both registries in a lab of its own, and goes on after what fails.
func registryFigures(ctx context.Context, name string, all []measurement, only func(string) bool) (out []figure, failed error) {
	dir, err := os.MkdirTemp("", "roadstead-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the bundled Postgres is unprivileged
		return nil, err
	}
	l, err := openLab(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, l.shut()) }()
	for _, m := range all {
		if ctx.Err() != nil || !only(m.name) {
			continue
		}
		started := time.Now()
		figures, err := m.measure(ctx, l)
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", m.name, err) // where it is said, with its log, not at the end
			failed = errors.Join(failed, fmt.Errorf("%s was not measured", m.name))
		}
		figures = part(name, figures)
		printLong(os.Stdout, figures)
		fmt.Printf("  measured in %s\n", time.Since(started).Round(time.Second))
		out = append(out, figures...)
	}
	return out, failed
}

// measurement is one piece of the registry part.
type measurement struct {
	name    string
	measure func(ctx context.Context, l *lab) ([]figure, error)
}

func measurements() []measurement {
	out := []measurement{{"idle memory", idleMemory}}
	for _, c := range works() {
		out = append(out, measurement{c.work, c.measure})
	}
	return append(out, measurement{"start", starts}, measurement{"size", programSize})
}
