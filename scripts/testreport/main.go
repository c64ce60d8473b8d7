// Command testreport reads `go test -json` from its input, prints what a person wants to see of it (one line a package, the
// output of what failed or was skipped) and ends with "N passed, N failed, N skipped". It exists because a run of many
// packages is otherwise counted by eye. It knows nothing of Roadstead.
package main

import (
	"fmt"
	"os"
)

func main() {
	r := newReport(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	c := r.counts()
	fmt.Printf("%d passed, %d failed, %d skipped\n", c.passed, c.failed, c.skipped)
	if c.failed > 0 {
		os.Exit(1)
	}
}
