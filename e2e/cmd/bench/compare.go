package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// mostWorse is by how much a figure may be worse than before, in percent. BENCH_WORSE is another number.
const mostWorse = 15

// compare prints the change of every figure of two files, and fails when one is worse by more than is allowed.
func compare(oldFile, newFile string) error {
	before, err := readRecord(oldFile)
	if err != nil {
		return err
	}
	after, err := readRecord(newFile)
	if err != nil {
		return err
	}
	allowed := float64(mostWorse)
	if given := os.Getenv("BENCH_WORSE"); given != "" {
		if allowed, err = strconv.ParseFloat(given, 64); err != nil {
			return fmt.Errorf("BENCH_WORSE: %w", err)
		}
	}
	fmt.Printf("%s, %d cores, Linux %s, %s\n%s, %d cores, Linux %s, %s\n",
		before.Commit, before.Cores, before.Kernel, before.Go, after.Commit, after.Cores, after.Kernel, after.Go)
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	var worse []string
	for _, c := range changes(before.Figures, after.Figures) {
		mark := ""
		if c.worse > allowed && !c.noisy {
			mark, worse = "WORSE", append(worse, c.name)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%+.1f %%\t%s\n", c.name, short(c.before), short(c.after), c.percent, mark)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(worse) > 0 {
		return fmt.Errorf("%d figures are worse by more than %v %%:\n  %s", len(worse), allowed, strings.Join(worse, "\n  "))
	}
	return nil
}

// change is how a figure has moved.
type change struct {
	name          string
	before, after float64
	percent       float64
	worse         float64 // the same, in the direction that is worse
	noisy         bool
}

// changes compares what is in both. A ratio to another that ran beside it says more than the value, which is also the machine's.
func changes(before, after []figure) []change {
	known := map[string]float64{}
	for _, f := range before {
		for _, m := range f.comparable() {
			known[f.name(m)] = m.held()
		}
	}
	var out []change
	for _, f := range after {
		for _, m := range f.comparable() {
			old, value := known[f.name(m)], m.held()
			if old == 0 {
				continue
			}
			c := change{name: f.name(m), before: old, after: value, percent: (value/old - 1) * 100, noisy: f.Noisy}
			c.worse = -c.percent
			if f.Less {
				c.worse = c.percent
			}
			out = append(out, c)
		}
	}
	return out
}

// comparable is what is held against another run: the ratios when there are others, or else the value.
func (f figure) comparable() []measured {
	if len(f.Of) > 1 && f.Of[1].Ratio > 0 {
		return f.Of[1:]
	}
	return f.Of[:1]
}

func (f figure) name(m measured) string {
	name := f.Part + ": " + f.Work + ": " + f.Quantity
	if m.Ratio > 0 {
		name += " to " + m.Who
	}
	return name
}

func (m measured) held() float64 {
	if m.Ratio > 0 {
		return m.Ratio
	}
	return m.Median
}
