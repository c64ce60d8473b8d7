package store

import (
	"errors"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// A server that dies is started again after restartFirst, doubling to
// restartMost; one that ran for restartReset begins at the first again.
const (
	restartFirst = 200 * time.Millisecond
	restartMost  = 30 * time.Second
	restartReset = time.Minute
)

// supervise starts the server and starts it again when it dies. It keeps its
// thread to itself until the server has ended: the kernel tells a child of its
// parent's death when the parent *thread* ends.
func (b *Bundled) supervise(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(b.done)
	for delay, first := restartFirst, true; ; first = false {
		began := time.Now()
		cmd, err := b.spawn()
		if first {
			started <- err
		}
		if err == nil {
			err = cmd.Wait()
		}
		if b.mayEnd() {
			return
		}
		if time.Since(began) > restartReset {
			delay = restartFirst
		}
		b.log.Error("the bundled PostgreSQL ended; starting it again", "reason", reason(err), "in", delay, "last_words", b.lines.last())
		select {
		case <-b.stopping:
			return
		case <-time.After(delay):
		}
		delay = min(2*delay, restartMost)
	}
}

func (b *Bundled) mayEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = b.isStopping() || !b.ready
	return b.ended
}

// setReady reports false when the server has ended meanwhile.
func (b *Bundled) setReady() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready = true
	return !b.ended
}

func reason(err error) string {
	if err == nil {
		return "it was told to stop"
	}
	return err.Error()
}

func (b *Bundled) spawn() (*exec.Cmd, error) {
	cmd, release, err := b.account.command(b.binDir, "postgres", b.arguments()...)
	if err != nil {
		return nil, err
	}
	defer release()
	cmd.Stdout, cmd.Stderr = b.lines, b.lines
	// Children that outlive a killed server for a moment hold its stderr open.
	cmd.WaitDelay = stopNow
	// SIGINT is PostgreSQL's fast, clean shutdown.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.isStopping() {
		return nil, errors.New("it is being stopped")
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	b.process = cmd.Process
	return cmd, nil
}

func (b *Bundled) isStopping() bool {
	select {
	case <-b.stopping:
		return true
	default:
		return false
	}
}

// arguments are given on the command line, so that the files in the data folder
// stay as initdb wrote them and an edited one cannot open the server to others.
func (b *Bundled) arguments() []string {
	toDisk, connections := "on", "100"
	if b.volatile {
		toDisk, connections = "off", "300"
	}
	settings := [][2]string{
		{"listen_addresses", ""},
		{"unix_socket_directories", b.socketDir},
		{"unix_socket_permissions", "0700"},
		{"max_connections", connections},
		{"shared_buffers", "128MB"},
		{"fsync", toDisk},
		{"full_page_writes", toDisk},
		{"synchronous_commit", "on"}, // volatile or not: what is committed outlives the server's processes
		{"wal_compression", "on"},
		{"timezone", "UTC"},
		{"log_timezone", "UTC"},
		{"lc_messages", "C"},
		{"logging_collector", "off"},
		{"log_destination", "stderr"},
		{"log_line_prefix", ""},
		{"log_checkpoints", "off"},
		// Statements may hold what must not be logged.
		{"log_min_error_statement", "panic"},
	}
	args := []string{"-D", b.data, "-p", "5432"}
	for _, s := range settings {
		args = append(args, "-c", s[0]+"="+s[1])
	}
	return args
}

func (b *Bundled) signal(sig syscall.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.process != nil {
		_ = b.process.Signal(sig) // it may have ended already
	}
}
