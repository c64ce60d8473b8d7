package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// RunningBundled returns the address of the bundled server that another process
// runs on a data folder, for commands that work beside it. ok is false when no
// process has the folder.
func RunningBundled(dataDir string) (address string, ok bool) {
	dataDir, err := filepath.Abs(dataDir)
	if err != nil {
		return "", false
	}
	f, err := os.Open(filepath.Join(dataDir, "postgres.lock"))
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }() // and so gives the lock back, if it was free
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
		return "", false
	}
	b := Bundled{data: filepath.Join(dataDir, "postgres")}
	b.socketDir = b.data
	if len(b.data) > longestSocketDir {
		b.socketDir = shortSocketDir(b.data)
	}
	return b.URL(), true
}

// shortSocketDir is where the socket of a data folder with a long path is.
func shortSocketDir(data string) string {
	sum := sha256.Sum256([]byte(data))
	return filepath.Join(os.TempDir(), fmt.Sprintf("roadstead-%x", sum[:8]))
}
