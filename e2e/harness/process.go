package harness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Process is a program that runs beside the server. It ends with this process at the latest.
type Process struct {
	command *exec.Cmd
	log     string
	ended   chan struct{}
}

// StartProcess starts a program that writes its output to a file; env comes over this process's own.
func StartProcess(log string, env []string, name string, args ...string) (*Process, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p := &Process{command: exec.Command(name, args...), log: log, ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), env...)
	p.command.Stdout, p.command.Stderr = file, file
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = p.command.Wait() // how it ends is in its log
		close(p.ended)
	}()
	return p, nil
}

// Listening waits until the process accepts connections.
func (p *Process) Listening(ctx context.Context, address string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := Eventually(ctx, 20*time.Second, func() error {
		select {
		case <-p.ended:
			cancel()
			return errors.New("it has ended")
		default:
		}
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	if err != nil {
		said, _ := os.ReadFile(p.log) // without it the message is shorter
		return fmt.Errorf("%s does not listen on %s: %w; it says:\n%s", p.command.Path, address, err, said)
	}
	return nil
}

// PID is its process id.
func (p *Process) PID() int { return p.command.Process.Pid }

// Stop asks the process to end, and ends it when it does not.
func (p *Process) Stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		_ = p.command.Process.Kill() // the only error is that it has ended
		<-p.ended
	}
}
