package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// FindBinaries returns the directory that holds the programs of the bundled
// PostgreSQL (postgres and initdb). An explicit directory is taken or refused;
// without one it looks beside the executable, as a release is laid out, and
// then in build/postgres of the source checkout that it is run from.
func FindBinaries(explicit string) (string, error) {
	if explicit != "" {
		dir, err := filepath.Abs(explicit)
		if err != nil {
			return "", fmt.Errorf("find PostgreSQL programs in %s: %w", explicit, err)
		}
		if !hasPrograms(dir) {
			return "", fmt.Errorf("there is no PostgreSQL in %s: it must hold the programs postgres and initdb; "+
				"correct the setting, or set ROADSTEAD_DATABASE_URL to use a PostgreSQL server of your own", dir)
		}
		return dir, nil
	}
	candidates := besideExecutable()
	if root, ok := checkout(); ok {
		candidates = append(candidates, filepath.Join(root, "build", "postgres", "bin"))
	}
	for _, dir := range candidates {
		if hasPrograms(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("the bundled PostgreSQL was not found (looked in %s): install a release that has it, "+
		"run scripts/postgres.sh in a source checkout, or set ROADSTEAD_DATABASE_URL to use a PostgreSQL server of your own",
		strings.Join(candidates, ", "))
}

func besideExecutable() []string {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		exe = real
	}
	dir := filepath.Dir(exe)
	return []string{
		filepath.Join(dir, "..", "postgres", "bin"),
		filepath.Join(dir, "postgres", "bin"),
	}
}

// checkout returns the root of Roadstead's source that the working directory is
// in. Programs are run from there, so it counts only when it belongs to the
// person who runs this or to root: anybody may put a go.mod in a shared folder.
func checkout() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module github.com/roadstead-registry/roadstead\n")) {
			return dir, ownedByUs(dir)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func ownedByUs(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == 0 || int(st.Uid) == os.Geteuid())
}

func hasPrograms(dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			return false
		}
	}
	return true
}
