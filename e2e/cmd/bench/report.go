package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// printLong prints works that several have done: a line for each quantity.
func printLong(w io.Writer, figures []figure) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	work := ""
	for _, f := range figures {
		if f.Work != work {
			work = f.Work
			fmt.Fprintf(t, "%s\n", work)
		}
		fmt.Fprintf(t, "  %s\t%s", f.Quantity, f.Unit)
		for _, m := range f.Of {
			fmt.Fprintf(t, "\t%s %s (%s–%s)", m.Who, short(m.Median), short(m.Min), short(m.Max))
			if m.Ratio > 0 {
				fmt.Fprintf(t, " %s×", short(m.Ratio))
			}
		}
		for _, l := range f.Limits {
			fmt.Fprintf(t, "\t%s", l)
		}
		if len(f.missed()) > 0 {
			fmt.Fprint(t, " MISSED")
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // to a terminal or a file: the next line would fail too
}

// printWide prints works that Roadstead alone has done: a line for each work, with its quantities.
func printWide(w io.Writer, figures []figure) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, f := range figures {
		if i == 0 || figures[i-1].Work != f.Work {
			if i > 0 {
				fmt.Fprintln(t)
			}
			fmt.Fprint(t, f.Work)
		}
		fmt.Fprintf(t, "\t%s %s %s", f.Quantity, short(f.Of[0].Median), f.Unit)
		for _, l := range f.missed() {
			fmt.Fprintf(t, " MISSED %s", l)
		}
	}
	fmt.Fprintln(t)
	_ = t.Flush() // to a terminal or a file: the next line would fail too
}

func (l limit) String() string {
	var words []string
	if l.AtLeast > 0 {
		words = append(words, "≥ "+short(l.AtLeast))
	}
	if l.AtMost > 0 {
		words = append(words, "≤ "+short(l.AtMost))
	}
	if l.To != "" {
		words = append(words, "× "+l.To)
	}
	return strings.Join(words, " ")
}

// short writes a number with three digits that say something.
func short(x float64) string {
	if x == 0 {
		return "0"
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(math.Abs(x)))))
	return strconv.FormatFloat(x, 'f', min(decimals, 4), 64)
}

// missed names the figures that miss a target.
func missed(figures []figure) error {
	var names []string
	for _, f := range figures {
		for _, l := range f.missed() {
			value, _ := f.judged(l.To)
			names = append(names, fmt.Sprintf("%s: %s is %s, target %s", f.Work, f.Quantity, short(value), l))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%d targets are missed:\n  %s", len(names), strings.Join(names, "\n  "))
}

// keep writes the figures to a file; an empty name is none.
func keep(file string, figures []figure) error {
	if file == "" {
		return nil
	}
	text, err := newRecord(figures).encode()
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
