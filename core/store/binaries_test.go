package store_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// binariesFor copies the bundled PostgreSQL to a folder of the mode, so that what
// a test proves does not depend on where this checkout is.
func binariesFor(t *testing.T, mode os.FileMode) string {
	t.Helper()
	home, err := os.MkdirTemp("", "store-binaries-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	if err := os.Chmod(home, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(home, "postgres"), os.DirFS(filepath.Dir(binaries(t)))); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(home, "postgres", "bin")
}

func TestFindBinaries(t *testing.T) {
	here := binaries(t)

	t.Run("takes the folder that it is given", func(t *testing.T) {
		if got, err := store.FindBinaries(here); err != nil || got != here {
			t.Fatalf("got %q, %v", got, err)
		}
	})
	t.Run("refuses a folder without the programs and says what to do", func(t *testing.T) {
		empty := t.TempDir()
		_, err := store.FindBinaries(empty)
		wantError(t, err, empty, "initdb", "ROADSTEAD_DATABASE_URL")
	})
	t.Run("finds none outside a checkout and says how to get them", func(t *testing.T) {
		t.Chdir(t.TempDir())
		_, err := store.FindBinaries("")
		wantError(t, err, "scripts/postgres.sh", "ROADSTEAD_DATABASE_URL")
	})
	t.Run("takes none from a checkout of somebody else", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Chdir("/") // only root can make a folder that is not its own
		} else {
			root := t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module github.com/roadstead-registry/roadstead\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(root, "build"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Dir(here), filepath.Join(root, "build", "postgres")); err != nil {
				t.Fatal(err)
			}
			t.Chdir(root)
			if _, err := store.FindBinaries(""); err != nil {
				t.Fatalf("of our own: %v", err)
			}
			if err := os.Chown(root, 4242, 4242); err != nil {
				t.Fatal(err)
			}
		}
		_, err := store.FindBinaries("")
		wantError(t, err, "was not found")
	})
}
