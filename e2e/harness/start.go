package harness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Start launches a server for a test and stops it when the test ends. The end of its log is shown when the test has failed.
func Start(t testing.TB, env map[string]string) *Server {
	t.Helper()
	s := Prepare(t, env)
	if err := s.Launch(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Prepare is Start without the launch.
func Prepare(t testing.TB, env map[string]string) *Server {
	t.Helper()
	s, err := NewServer(Folder(t), env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer s.Release()
		if s.Running() {
			if err := s.Stop(); err != nil {
				t.Error(err)
				s.Kill()
			}
		}
		if t.Failed() && s.command != nil {
			t.Logf("the server's log, whole in %s, ends with:\n%s", s.keepLog(t.Name()), s.LogTail())
		}
	})
	return s
}

// keepLog copies the log to where the logs of a test run are and returns that place.
func (s *Server) keepLog(test string) string {
	root, err := Root()
	if err != nil {
		return err.Error()
	}
	dir := filepath.Join(root, "build", "test-logs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err.Error()
	}
	kept := filepath.Join(dir, "server-"+strings.ReplaceAll(test, "/", "-")+"-"+s.Address+".log")
	if err := os.WriteFile(kept, []byte(s.Log()), 0o644); err != nil {
		return err.Error()
	}
	return kept
}

// Folder is a temporary folder that an unprivileged Postgres can reach, which t.TempDir's are not when root made them.
func Folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "roadstead-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove %s: %v", dir, err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
