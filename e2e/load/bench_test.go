package load

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the bare server that the benchmark asks, a process of its own so that the client's processor time is the
// client's alone.
func TestMain(m *testing.M) {
	if os.Getenv("LOAD_BARE_SERVER") == "" {
		os.Exit(m.Run())
	}
	target, _ := asking(leak{}, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 500)) })
	fmt.Println(target.Address)
	_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent ends
}

// leak is a test whose server stays.
type leak struct{ testing.TB }

func (leak) Helper()        {}
func (leak) Cleanup(func()) {}

// BenchmarkRequest is what one small request costs the client.
func BenchmarkRequest(b *testing.B) {
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), "LOAD_BARE_SERVER=1")
	stdin, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = stdin.Close(); _ = server.Wait() }() // it ends with its input
	var address string
	if _, err := fmt.Fscanln(stdout, &address); err != nil {
		b.Fatal(err)
	}
	head := Head("GET", "/v2/bench/small/manifests/latest", address, "Bearer "+strings.Repeat("x", 600))
	before := processorTime(b)
	result, err := Run(b.Context(), Plan{Target: Target{Address: address}, Connections: 32, Count: int64(b.N), Work: Always(http.StatusOK, head)})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
	b.ReportMetric(result.Rate(), "requests/s")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
