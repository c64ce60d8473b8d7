package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
)

// cluster makes sure that <DataDir>/postgres is a PostgreSQL data folder of the
// bundled version, and makes one at the first start.
func (b *Bundled) cluster(ctx context.Context) error {
	bundled, err := b.majorVersion(ctx)
	if err != nil {
		return err
	}
	found, err := os.ReadFile(filepath.Join(b.data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return b.initdb(ctx)
	}
	if err != nil {
		return fmt.Errorf("read the version of the data in %s: %w", b.data, err)
	}
	if v := strings.TrimSpace(string(found)); v != bundled {
		return fmt.Errorf("the data in %s is of PostgreSQL %s, but this Roadstead bundles PostgreSQL %s and does not convert it: "+
			"either run a PostgreSQL %s server on that folder and set ROADSTEAD_DATABASE_URL to it, "+
			"or dump it there with pg_dump, move the folder away, start Roadstead and restore the dump",
			b.data, v, bundled, v)
	}
	if err := b.account.own(b.data); err != nil {
		return err
	}
	return os.Chmod(b.data, 0o700)
}

func (b *Bundled) majorVersion(ctx context.Context) (string, error) {
	out, err := b.output(ctx, "postgres", "--version")
	if err != nil {
		return "", fmt.Errorf("run the bundled PostgreSQL in %s: %w", b.binDir, err)
	}
	m := regexp.MustCompile(`\(PostgreSQL\) (\d+)`).FindStringSubmatch(out)
	if m == nil {
		return "", fmt.Errorf("the program postgres in %s does not say its version but %.200q; install the bundled PostgreSQL again", b.binDir, out)
	}
	return m[1], nil
}

// initdb works in a folder beside and renames it when all is there, so that a
// crash in the middle leaves nothing that looks like data.
func (b *Bundled) initdb(ctx context.Context) error {
	entries, err := os.ReadDir(b.data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into %s: %w", b.data, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty and not a PostgreSQL data folder (it has no PG_VERSION): "+
			"restore it from a backup, or move it away to start with an empty database", b.data)
	}
	b.log.Info("creating the database", "folder", b.data)
	fresh := b.data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove the remains of an earlier first start: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	if err := b.account.own(fresh); err != nil {
		return err
	}
	// Trust is right here: the only way in is a socket in a folder of mode 0700.
	args := []string{
		"--pgdata=" + fresh, "--username=" + bundledUser, "--auth=trust", "--encoding=UTF8",
		"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
	}
	if b.volatile {
		args = append(args, "--no-sync")
	}
	out, err := b.output(ctx, "initdb", args...)
	if err != nil && strings.Contains(out, "could not look up effective user ID") {
		return fmt.Errorf("create the database: uid %d has no name on this system, and PostgreSQL wants one: "+
			"add a line for it to /etc/passwd, as in 'roadstead:x:%d:%d::/:/sbin/nologin'", b.account.uid, b.account.uid, b.account.gid)
	}
	if err != nil {
		return fmt.Errorf("create the database in %s: %w\n%s", fresh, err, tail(out, 2000))
	}
	if err := os.Rename(fresh, b.data); err != nil {
		return fmt.Errorf("put the new database in its place: %w", err)
	}
	return syncDir(filepath.Dir(b.data))
}

// output runs a program to its end and returns what it printed. The program dies
// with this process, and with this thread, which is therefore kept until then.
func (b *Bundled) output(ctx context.Context, name string, args ...string) (string, error) {
	cmd, release, err := b.account.command(b.binDir, name, args...)
	if err != nil {
		return "", err
	}
	defer release()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	cmd.WaitDelay = stopNow
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	// exec.CommandContext would have looked the program up by its path.
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if err := cmd.Wait(); err != nil {
		return out.String(), errors.Join(err, ctx.Err())
	}
	return out.String(), nil
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync()
}
