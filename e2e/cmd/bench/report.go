package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

func report(w io.Writer, figures []figure) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "median ms\tp99 ms\tserver CPU ms\tPostgres CPU ms\tkB\t \t")
	for _, f := range figures {
		mark := " "
		if f.over() {
			mark = "over the limit:"
		}
		fmt.Fprintf(t, "%.1f\t%.1f\t%.2f\t%.2f\t%d\t%s %s\t\n", f.MedianMS, f.WorstMS, f.ServerMS, f.PostgresMS, f.Bytes/1000, mark, f.What)
	}
	_ = t.Flush() // to a terminal or a file: the next line would fail too
}

func (f figure) over() bool {
	return (f.LimitServer > 0 && f.ServerMS > f.LimitServer) || (f.LimitMedian > 0 && f.MedianMS > f.LimitMedian)
}

// over names the figures that are over their limit.
func over(figures []figure) error {
	var names []string
	for _, f := range figures {
		if f.over() {
			names = append(names, f.What)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("over the limit: %s", strings.Join(names, "; "))
}
