package harness

import (
	"os"
	"os/exec"
	"testing"
)

// Need skips a test, aloud, where one of the commands is not installed. With CI=true that is a failure.
func Need(t testing.TB, commands ...string) {
	t.Helper()
	shell := NewShell(t)
	for _, command := range commands {
		if _, err := shell.find(command); err != nil {
			lack(t, command+" is not installed; `make test` as root installs it")
		}
	}
}

// NeedDocker skips a test, aloud, where no Docker engine answers. With CI=true that is a failure.
func NeedDocker(t testing.TB) {
	t.Helper()
	Need(t, "docker")
	if output, err := exec.CommandContext(t.Context(), "docker", "info").CombinedOutput(); err != nil {
		lack(t, "no Docker engine answers; `make test` as root starts one: "+string(output))
	}
}

func lack(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
