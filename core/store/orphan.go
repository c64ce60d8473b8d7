package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockDataDir takes the data folder for this process until it ends, however it
// ends. Whoever holds it may treat any server that runs on the folder as left
// behind by a parent that died.
func lockDataDir(dataDir string) (*os.File, error) {
	path := filepath.Join(dataDir, "postgres.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w; start the server as the user that it was first started as", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := make([]byte, 20)
		n, _ := f.Read(holder)
		_ = f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, fmt.Errorf("another Roadstead (process %s) is running on %s: stop it, or give this one a data folder of its own",
			strings.TrimSpace(string(holder[:n])), dataDir)
	}
	if err := f.Truncate(0); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return f, nil
}

// stopOrphans ends a server that an earlier parent, killed outright, left on the
// data folder, and waits until its processes are gone: a new server refuses to
// start while one of them still holds the shared memory.
func (b *Bundled) stopOrphans(ctx context.Context) error {
	const fast, immediate, giveUp = 0, 15 * time.Second, 25 * time.Second
	began, next := time.Now(), time.Duration(fast)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		orphans := serversOn(b.data)
		if len(orphans) == 0 {
			return nil
		}
		switch waited := time.Since(began); {
		case waited >= giveUp:
			return fmt.Errorf("a PostgreSQL server (processes %v) of an earlier run still uses %s and does not stop: end it and start again", orphans, b.data)
		case waited >= next && next == fast:
			b.log.Warn("stopping a PostgreSQL server that an earlier run left behind", "processes", orphans)
			signalParents(orphans, syscall.SIGINT)
			next = immediate
		case waited >= next:
			signalParents(orphans, syscall.SIGQUIT)
			next = giveUp
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for an earlier PostgreSQL server to stop: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// dropForeignPIDFiles removes lock files whose process id now belongs to some
// other program, as after a container's restart, or to a dead server that init
// has not reaped: PostgreSQL would believe that it is already running. It locks
// its folder and its socket; a dead id it handles itself.
func (b *Bundled) dropForeignPIDFiles() error {
	for _, path := range []string{filepath.Join(b.data, "postmaster.pid"), filepath.Join(b.socketDir, ".s.PGSQL.5432.lock")} {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // no file, no stale file
		}
		line, _, _ := bytes.Cut(content, []byte("\n"))
		pid, err := strconv.Atoi(string(bytes.TrimSpace(line)))
		if err != nil || pid <= 0 || syscall.Kill(pid, 0) != nil {
			continue // not a live process
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove a stale %s: %w", filepath.Base(path), err)
		}
	}
	return nil
}

// serversOn returns the processes of PostgreSQL servers that run on data. They
// have it as their working directory; where that may not be read (root in a
// container without CAP_SYS_PTRACE) the command line of the first one tells.
func serversOn(data string) []int {
	real, err := filepath.EvalSymlinks(data)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		proc := filepath.Join("/proc", e.Name())
		if dir, err := os.Readlink(filepath.Join(proc, "cwd")); err == nil {
			exe, _ := os.Readlink(filepath.Join(proc, "exe"))
			if dir == real && strings.HasPrefix(filepath.Base(exe), "postgres") {
				pids = append(pids, pid)
			}
			continue
		}
		if line, err := os.ReadFile(filepath.Join(proc, "cmdline")); err == nil && bytes.Contains(line, []byte("postgres\x00-D\x00"+data+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// signalParents signals those whose parent is not among them: to a backend,
// SIGINT means "cancel the query", not "stop".
func signalParents(pids []int, sig syscall.Signal) {
	for _, pid := range pids {
		if !slices.Contains(pids, parentOf(pid)) {
			_ = syscall.Kill(pid, sig)
		}
	}
}

func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name, in parentheses, may hold anything; the fields begin after it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 {
		return 0
	}
	ppid, _ := strconv.Atoi(fields[1])
	return ppid
}
