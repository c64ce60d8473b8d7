package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// event is one line of `go test -json`, as `go doc test2json` describes it.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

type key struct{ pkg, test string }

// report folds the events of a run. Only leaves are counted: a test with subtests is as many tests as it has subtests.
type report struct {
	outcome map[key]string
	parent  map[key]bool
	output  map[key][]string
	broken  map[string]bool // packages that failed outside a test
	out     io.Writer
}

type counts struct{ passed, failed, skipped int }

func newReport(out io.Writer) *report {
	return &report{
		outcome: map[key]string{}, parent: map[key]bool{}, output: map[key][]string{},
		broken: map[string]bool{}, out: out,
	}
}

// read consumes a whole run. Lines that are not JSON (a compiler's or a linker's) are passed on.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) == nil && e.Action != "" {
				r.add(e)
			} else {
				fmt.Fprint(r.out, line)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read test events: %w", err)
		}
	}
}

func (r *report) add(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.output[k] = append(r.output[k], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.finishPackage(e)
			return
		}
		r.outcome[k] = e.Action
		for name := e.Test; strings.Contains(name, "/"); {
			name = name[:strings.LastIndex(name, "/")]
			r.parent[key{e.Package, name}] = true
		}
		if e.Action != "pass" {
			fmt.Fprint(r.out, strings.Join(r.output[k], ""))
		}
		delete(r.output, k)
	}
}

func (r *report) finishPackage(e event) {
	k := key{pkg: e.Package}
	if e.Action == "fail" && !r.anyFailed(e.Package) {
		r.broken[e.Package] = true
		// The tests that were running when the process died say why.
		for _, running := range r.unfinished(e.Package) {
			fmt.Fprint(r.out, strings.Join(r.output[running], ""))
		}
		fmt.Fprint(r.out, strings.Join(r.output[k], ""))
	}
	if e.Action != "skip" {
		fmt.Fprintf(r.out, "%-4s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
	}
	delete(r.output, k)
}

func (r *report) anyFailed(pkg string) bool {
	for k, action := range r.outcome {
		if k.pkg == pkg && action == "fail" {
			return true
		}
	}
	return false
}

func (r *report) unfinished(pkg string) []key {
	var keys []key
	for k := range r.output {
		if k.pkg == pkg && k.test != "" {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].test < keys[j].test })
	return keys
}

func (r *report) counts() counts {
	c := counts{failed: len(r.broken)}
	for k, action := range r.outcome {
		// A parent that fails by itself, with no failed subtest, is a failure of its own.
		if r.parent[k] && (action != "fail" || r.childFailed(k)) {
			continue
		}
		switch action {
		case "pass":
			c.passed++
		case "fail":
			c.failed++
		case "skip":
			c.skipped++
		}
	}
	return c
}

func (r *report) childFailed(k key) bool {
	for other, action := range r.outcome {
		if other.pkg == k.pkg && action == "fail" && strings.HasPrefix(other.test, k.test+"/") {
			return true
		}
	}
	return false
}
