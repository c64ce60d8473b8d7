package harness

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// No single command of a client takes longer.
const commandLimit = 3 * time.Minute

// Shell runs clients as one person on one machine: with a home, and so with logins and keys, of its own.
type Shell struct {
	t   testing.TB
	dir string
	env []string
}

// NewShell makes a person with an empty home.
func NewShell(t testing.TB) *Shell {
	t.Helper()
	dir := Folder(t)
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{
		"HOME=" + dir,
		"DOCKER_CONFIG=" + filepath.Join(dir, ".docker"),
		"REGISTRY_AUTH_FILE=" + filepath.Join(dir, "auth.json"),
		"XDG_RUNTIME_DIR=" + dir,
		"XDG_CONFIG_HOME=" + filepath.Join(dir, ".config"),
		"XDG_DATA_HOME=" + filepath.Join(dir, ".local"),
		"XDG_CACHE_HOME=" + filepath.Join(dir, ".cache"),
		"PATH=" + filepath.Join(root, "build", "tools") + ":" + os.Getenv("PATH"),
		"DOCKER_BUILDKIT=0", // Debian's engine has no buildx
		"LC_ALL=C.UTF-8",
	}
	if host := os.Getenv("DOCKER_HOST"); host != "" {
		env = append(env, "DOCKER_HOST="+host)
	}
	return &Shell{t: t, dir: dir, env: env}
}

// In is the same person in a subtest, which is then what a failure ends.
func (s *Shell) In(t testing.TB) *Shell {
	same := *s
	same.t = t
	return &same
}

// Set adds an environment variable.
func (s *Shell) Set(key, value string) { s.env = append(s.env, key+"="+value) }

// Path is a file under this person's home.
func (s *Shell) Path(name string) string { return filepath.Join(s.dir, name) }

// Write makes a file under this person's home and returns its path.
func (s *Shell) Write(name, content string) string {
	s.t.Helper()
	path := s.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// Try runs a command with stdin as its input and returns everything it wrote.
func (s *Shell) Try(stdin, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), commandLimit)
	defer cancel()
	path, err := s.find(name)
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, path, args...)
	command.Dir, command.Env, command.Stdin = s.dir, s.env, strings.NewReader(stdin)
	command.WaitDelay = 5 * time.Second
	output, err := command.CombinedOutput()
	return string(output), err
}

// find looks a command up on this shell's PATH, not on the test's.
func (s *Shell) find(name string) (string, error) {
	for _, pair := range s.env {
		value, ok := strings.CutPrefix(pair, "PATH=")
		if !ok {
			continue
		}
		for _, dir := range filepath.SplitList(value) {
			if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return path, nil
			}
		}
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

// Run is Try for a command that must succeed.
func (s *Shell) Run(name string, args ...string) string {
	s.t.Helper()
	return s.RunInput("", name, args...)
}

// RunInput is Run with something on the command's input.
func (s *Shell) RunInput(stdin, name string, args ...string) string {
	s.t.Helper()
	output, err := s.Try(stdin, name, args...)
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
	return output
}

// Refused runs a command that must fail, and say every one of the given words, in any case, while it does.
func (s *Shell) Refused(says []string, name string, args ...string) string {
	s.t.Helper()
	output, err := s.Try("", name, args...)
	if err == nil {
		s.t.Fatalf("%s %s succeeded, and must be refused:\n%s", name, strings.Join(args, " "), output)
	}
	s.t.Logf("%s is refused: %s", name, strings.TrimSpace(output))
	for _, word := range says {
		if !strings.Contains(strings.ToLower(output), strings.ToLower(word)) {
			s.t.Errorf("%s %s is refused without saying %q:\n%s", name, strings.Join(args, " "), word, output)
		}
	}
	return output
}
