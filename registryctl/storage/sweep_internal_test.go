package storage

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestYieldingLowersOneThreadOnlyAndEndsIt(t *testing.T) {
	var inside int
	yielding(func() {
		raw, err := unix.Getpriority(unix.PRIO_PROCESS, unix.Gettid())
		if err != nil {
			t.Error(err)
		}
		inside = 20 - raw // the system call has no negative answers
	})
	if inside != lowPriority {
		t.Errorf("it was done at nice %d, not %d", inside, lowPriority)
	}
	for end := time.Now().Add(5 * time.Second); lowered(t); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a thread is left whose priority is low")
		}
	}
}

// lowered says whether a thread that takes part in running Go code has a low priority.
// The first one of a process cannot end: it sleeps for ever instead.
func lowered(t *testing.T) bool {
	t.Helper()
	threads, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range threads {
		text, err := os.ReadFile(p)
		if err != nil { // it has ended
			continue
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); fields[16] == "19" && filepath.Base(filepath.Dir(p)) != strconv.Itoa(os.Getpid()) {
			return true
		}
	}
	return false
}
