package harness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The administrator of every server that is launched here.
const (
	AdminName     = "admin"
	AdminPassword = "Roadstead-e2e-1"
)

// How long a start (with initdb, beside other tests) and a stop may take.
const (
	startLimit = 90 * time.Second
	stopLimit  = 60 * time.Second
)

// Server is one `roadstead serve`. It can be stopped or killed and launched again on the same address and data.
type Server struct {
	Address string // host:port, as it stands in an image's name
	URL     string
	DataDir string
	Admin   API

	port    *Port
	env     map[string]string
	logFile string
	command *exec.Cmd
	ended   chan struct{}
	exit    error
}

// NewServer prepares a server whose data is under dir; env comes over the defaults and "" removes one.
func NewServer(dir string, env map[string]string) (*Server, error) {
	postgres, err := built("build/postgres/bin")
	if err != nil {
		return nil, err
	}
	port, err := ReservePort()
	if err != nil {
		return nil, err
	}
	s := &Server{
		Address: port.Address, URL: "http://" + port.Address, port: port, DataDir: filepath.Join(dir, "data"),
		logFile: filepath.Join(dir, "server.log"),
	}
	s.Admin = API{URL: s.URL, User: AdminName, Password: AdminPassword}
	s.env = map[string]string{
		"ROADSTEAD_LISTEN":         port.Address,
		"ROADSTEAD_METRICS_LISTEN": "off",
		"ROADSTEAD_DATA_DIR":       s.DataDir,
		"ROADSTEAD_ADMIN_PASSWORD": AdminPassword,
		"ROADSTEAD_POSTGRES_BIN":   postgres,
		"PATH":                     os.Getenv("PATH"),
		"HOME":                     dir,
		"TMPDIR":                   os.TempDir(),
	}
	for key, value := range env {
		if value == "" {
			delete(s.env, key)
			continue
		}
		s.env[key] = value
	}
	return s, nil
}

// Command is the program with this server's settings, not started.
func (s *Server) Command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	binary, err := built("bin/roadstead")
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, binary, args...)
	command.Dir = filepath.Dir(s.logFile)
	for key, value := range s.env {
		command.Env = append(command.Env, key+"="+value)
	}
	return command, nil
}

// Launch starts the server and waits until it is healthy.
func (s *Server) Launch(ctx context.Context) error {
	if err := s.Begin(); err != nil {
		return err
	}
	if err := s.Healthy(ctx, startLimit); err != nil {
		s.Kill()
		return fmt.Errorf("%w; its log ends with:\n%s", err, s.LogTail())
	}
	return nil
}

// Begin starts the process and does not wait.
func (s *Server) Begin() error {
	log, err := os.OpenFile(s.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	defer log.Close()
	// A file, not a pipe: what the server leaves behind when it is killed would keep a pipe open.
	command, err := s.Command(context.Background(), "serve")
	if err != nil {
		return err
	}
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	s.command, s.ended = command, make(chan struct{})
	go func(ended chan struct{}) {
		s.exit = command.Wait()
		close(ended)
	}(s.ended)
	return nil
}

// Healthy waits until the health check says so; a process that ends first is an error at once.
func (s *Server) Healthy(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := false
	err := Eventually(ctx, limit, func() error {
		select {
		case <-s.ended:
			ended = true
			cancel()
			return errors.New("the server " + s.ending())
		default:
		}
		answer, err := http.Get(s.URL + "/api/v2.0/health")
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("health answers %s", answer.Status)
		}
		return nil
	})
	if ended {
		return errors.New("before it was healthy, the server " + s.ending())
	}
	return err
}

// ending says how the process ended.
func (s *Server) ending() string {
	if s.exit == nil {
		return "ended with exit status 0"
	}
	return "ended with " + s.exit.Error()
}

// Terminate asks the server to stop and does not wait.
func (s *Server) Terminate() error { return s.command.Process.Signal(syscall.SIGTERM) }

// Wait returns how the process ended.
func (s *Server) Wait(limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-s.ended:
		return s.exit
	case <-timer.C:
		return fmt.Errorf("the server is still there after %s", limit)
	}
}

// Stop asks the server to stop and waits; an exit code other than 0 is an error.
func (s *Server) Stop() error {
	if !s.Running() {
		return errors.New("the server is not running")
	}
	if err := s.Terminate(); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := s.Wait(stopLimit); err != nil {
		return fmt.Errorf("stop the server: %w; its log ends with:\n%s", err, s.LogTail())
	}
	return nil
}

// Kill ends the process at once, as a power cut would.
func (s *Server) Kill() {
	if s.command == nil {
		return
	}
	_ = s.command.Process.Kill() // the only error is that it has ended
	<-s.ended
}

// Release gives the server's address back; it cannot be launched again.
func (s *Server) Release() { s.port.Release() }

// Running tells whether the process is there.
func (s *Server) Running() bool {
	if s.command == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// PID is the process id of a launched server.
func (s *Server) PID() int { return s.command.Process.Pid }

// Log is what the server has written so far.
func (s *Server) Log() string {
	text, err := os.ReadFile(s.logFile)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// LogTail is the end of the log, for a message.
func (s *Server) LogTail() string {
	const most = 2500
	text := s.Log()
	if len(text) > most {
		text = "…" + text[len(text)-most:]
	}
	return text
}
