package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// processes are the process ids of a server; Postgres' are apart.
type processes struct{ server, postgres []int }

// usage is what processes have used since they started, and what they hold now.
type usage struct {
	server, postgres time.Duration // of processor time
}

func (p processes) usage() usage {
	var u usage
	for _, pid := range p.server {
		u.server += processorTime(pid)
	}
	for _, pid := range p.postgres {
		u.postgres += processorTime(pid)
	}
	return u
}

// memory is the proportional set size of all of them: a page that n processes share counts 1/n for each. In bytes.
func (p processes) memory() (server, postgres int64) {
	for _, pid := range p.server {
		server += field("/proc/"+strconv.Itoa(pid)+"/smaps_rollup", "Pss:") << 10
	}
	for _, pid := range p.postgres {
		postgres += field("/proc/"+strconv.Itoa(pid)+"/smaps_rollup", "Pss:") << 10
	}
	return server, postgres
}

// diskWritten is how many bytes the disk below a folder has been given since the machine's start, by everybody. A process's own
// write_bytes are no measure: Linux counts a large folio whole, up to 2 MiB, when a few bytes of it are written. 0 when there is no
// such disk.
func diskWritten(dir string) int64 {
	const sector = 512 // bytes, whatever the disk's own are; Documentation/block/stat.rst
	var folder unix.Stat_t
	if err := unix.Stat(dir, &folder); err != nil {
		return 0
	}
	stat, err := os.ReadFile(fmt.Sprintf("/sys/dev/block/%d:%d/stat", unix.Major(folder.Dev), unix.Minor(folder.Dev)))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat)
	if len(fields) < 7 {
		return 0
	}
	sectors, _ := strconv.ParseInt(string(fields[6]), 10, 64) // the kernel writes numbers
	return sectors * sector
}

// field reads a number from a file of lines "name: number …"; 0 when the process has ended.
func field(file, name string) int64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if words := bytes.Fields(line); len(words) > 1 && string(words[0]) == name {
			n, _ := strconv.ParseInt(string(words[1]), 10, 64) // the kernel writes numbers
			return n
		}
	}
	return 0
}

// processorTime is what a process has used, in user and kernel mode, and what those of its children that have ended had used, so
// that it never falls; proc(5), stat. 0 when it has ended.
func processorTime(pid int) time.Duration {
	const tick = time.Second / 100 // USER_HZ, the same on every Linux that Go runs on
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 15 {
		return 0
	}
	var sum time.Duration
	for _, f := range fields[11:15] {
		n, _ := strconv.ParseInt(string(f), 10, 64) // the kernel writes numbers
		sum += time.Duration(n) * tick
	}
	return sum
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (u usage) less(before usage) usage {
	return usage{u.server - before.server, u.postgres - before.postgres}
}
