//go:build e2e

package e2e

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// A setting that cannot be meant stops the start with its name, what was given and what is allowed.
func TestServerRefusesBadConfiguration(t *testing.T) {
	cases := map[string]struct {
		key, value string
		says       []string
	}{
		"an address that is none":         {"ROADSTEAD_LISTEN", "somewhere", []string{"somewhere"}},
		"a storage that is not offered":   {"ROADSTEAD_STORAGE", "floppy", []string{"floppy", "filesystem", "s3"}},
		"a switch that is neither":        {"ROADSTEAD_STORAGE_REDIRECT", "perhaps", []string{"perhaps", "true", "false"}},
		"a log format that is not known":  {"ROADSTEAD_LOG_FORMAT", "xml", []string{"xml", "text", "json"}},
		"a log level that is not known":   {"ROADSTEAD_LOG_LEVEL", "loud", []string{"loud", "debug", "info"}},
		"a database that is not Postgres": {"ROADSTEAD_DATABASE_URL", "mysql://localhost/x", []string{"postgres"}},
		"proxies that are no networks":    {"ROADSTEAD_TRUSTED_PROXIES", "everybody", []string{"everybody"}},
		"an external URL that is none":    {"ROADSTEAD_EXTERNAL_URL", "registry.example.com", []string{"registry.example.com", "http"}},
		"a setting that does not exist":   {"ROADSTEAD_LISTN", "127.0.0.1:1", []string{"ROADSTEAD_LISTN"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := harness.Prepare(t, map[string]string{c.key: c.value})
			said := refusesToStart(t, server, "serve")
			for _, wanted := range append(c.says, c.key) {
				if !strings.Contains(said, wanted) {
					t.Errorf("the message does not say %q:\n%s", wanted, said)
				}
			}
		})
	}
	t.Run("a key in the file that does not exist", func(t *testing.T) {
		file := filepath.Join(harness.Folder(t), "roadstead.yml")
		must(t, os.WriteFile(file, []byte("listn: 127.0.0.1:1\n"), 0o644))
		said := refusesToStart(t, harness.Prepare(t, nil), "serve", "--config", file)
		if !strings.Contains(said, "listn") {
			t.Errorf("the message does not name the key:\n%s", said)
		}
	})
	t.Run("an address that is taken", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		defer listener.Close()
		taken := listener.Addr().String()
		said := refusesToStart(t, harness.Prepare(t, map[string]string{"ROADSTEAD_LISTEN": taken}), "serve")
		if !strings.Contains(said, taken) {
			t.Errorf("the message does not name the address:\n%s", said)
		}
	})
}

// refusesToStart runs the program, which must end with an error and soon, and returns what it says.
func refusesToStart(t *testing.T, server *harness.Server, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command, err := server.Command(ctx, args...)
	must(t, err)
	command.WaitDelay = time.Second
	said, err := command.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("the program does not end:\n%s", said)
	}
	if err == nil {
		t.Fatalf("the program ends as if all were well:\n%s", said)
	}
	return string(said)
}

// doctor names each thing that is wrong and what to do about it.
func TestServerDoctor(t *testing.T) {
	t.Run("finds nothing where nothing is wrong", func(t *testing.T) {
		server := harness.Prepare(t, map[string]string{"ROADSTEAD_DATABASE_URL": harness.Database(t)})
		command, err := server.Command(t.Context(), "doctor")
		must(t, err)
		if said, err := command.CombinedOutput(); err != nil {
			t.Errorf("doctor: %v\n%s", err, said)
		}
	})
	occupied := filepath.Join(harness.Folder(t), "a-file")
	must(t, os.WriteFile(occupied, nil, 0o644))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	nobody, err := harness.ReservePort()
	must(t, err)
	defer nobody.Release()
	ills := map[string]struct {
		key, value string
		says       []string
	}{
		"a database that does not answer": {"ROADSTEAD_DATABASE_URL", "postgres://x:s3cret-x@" + nobody.Address + "/x", []string{"ROADSTEAD_DATABASE_URL"}},
		"a storage that cannot be used":   {"ROADSTEAD_STORAGE_ROOT", occupied, []string{occupied}},
		"an address that is taken":        {"ROADSTEAD_LISTEN", listener.Addr().String(), []string{listener.Addr().String(), "ROADSTEAD_LISTEN"}},
	}
	for name, c := range ills {
		t.Run("finds "+name, func(t *testing.T) {
			server := harness.Prepare(t, map[string]string{"ROADSTEAD_DATABASE_URL": harness.Database(t), c.key: c.value})
			said := refusesToStart(t, server, "doctor")
			for _, wanted := range c.says {
				if !strings.Contains(said, wanted) {
					t.Errorf("doctor does not say %q:\n%s", wanted, said)
				}
			}
			if strings.Contains(said, "s3cret-x") {
				t.Errorf("doctor prints a password:\n%s", said)
			}
		})
	}
}
