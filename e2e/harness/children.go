package harness

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Postgres returns the process ids of the bundled Postgres of this server: the postmaster first, then its children. It is empty
// when there is none.
func (s *Server) Postgres() []int {
	parents := parentsOf("postgres")
	var postmaster int
	for pid := range parents {
		where, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
		if err != nil || !strings.HasPrefix(where, s.DataDir+string(filepath.Separator)) {
			delete(parents, pid) // another server's
		}
	}
	for pid, parent := range parents {
		if _, child := parents[parent]; !child {
			postmaster = pid
		}
	}
	if postmaster == 0 {
		return nil
	}
	pids := []int{postmaster}
	for pid, parent := range parents {
		if parent == postmaster {
			pids = append(pids, pid)
		}
	}
	return pids
}

// KillPostgres ends the bundled Postgres at once, all of its processes, and returns how many there were.
func (s *Server) KillPostgres() int {
	pids := s.Postgres()
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended meanwhile
	}
	return len(pids)
}

// parentsOf maps the id of every process of that name to its parent's.
func parentsOf(name string) map[int]int {
	found := map[int]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		// pid (name) state parent …, and a name may hold spaces and parentheses
		open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
		if open < 0 || end < open || string(stat[open+1:end]) != name {
			continue
		}
		fields := strings.Fields(string(stat[end+1:]))
		pid, err := strconv.Atoi(strings.TrimSpace(string(stat[:open])))
		if err != nil || len(fields) < 2 {
			continue
		}
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			found[pid] = parent
		}
	}
	return found
}
