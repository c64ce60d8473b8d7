// Command hello is what the journeys run in a container: static, small, and it says for which machine it was built.
package main

import (
	"os"
	"runtime"
)

func main() {
	os.Stdout.WriteString("hello from the harbour on " + runtime.GOARCH + "\n")
}
