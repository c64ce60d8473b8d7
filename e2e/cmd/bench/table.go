package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// printTable writes the registry part of a file of figures as docs/bench.md shows it: what has a target, how fast, how dear.
func printTable(w io.Writer, file string) error {
	r, err := readRecord(file)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "| work | quantity | Roadstead | the others, ratio | target |\n| --- | --- | ---: | --- | --- |")
	for _, f := range r.Figures {
		if f.Part != registryPart || (len(f.Limits) == 0 && !slices.Contains([]string{rate, slowest, cpu}, f.Quantity)) {
			continue
		}
		var others, targets []string
		for _, m := range f.Of[1:] {
			other := m.Who + " " + short(m.Median)
			if m.Ratio > 0 {
				other += " (" + short(m.Ratio) + "×)"
			}
			others = append(others, other)
		}
		for _, l := range f.Limits {
			targets = append(targets, l.String())
		}
		if len(f.missed()) > 0 {
			targets = append(targets, "missed")
		}
		first := f.Of[0]
		fmt.Fprintf(w, "| %s | %s, %s | %s (%s–%s) | %s | %s |\n", f.Work, f.Quantity, f.Unit,
			short(first.Median), short(first.Min), short(first.Max), strings.Join(others, "; "), strings.Join(targets, "; "))
	}
	return nil
}
