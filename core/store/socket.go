package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// longestSocketDir leaves room in a socket address (108 bytes with its NUL) for
// "/.s.PGSQL.5432".
const longestSocketDir = 107 - len("/.s.PGSQL.5432")

// chooseSocketDir puts the socket into the data folder, which only the server
// may enter, or into a short private folder where that path is too long. Its
// name depends on the data folder alone, so that every start finds the same.
func (b *Bundled) chooseSocketDir() error {
	if len(b.data) <= longestSocketDir {
		b.socketDir = b.data
		return nil
	}
	dir := shortSocketDir(b.data)
	if len(dir) > longestSocketDir {
		return fmt.Errorf("both the data folder %s and the temporary folder %s are too long for a unix socket (at most %d bytes): "+
			"choose a shorter data folder, or a shorter TMPDIR", b.data, os.TempDir(), longestSocketDir)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make a folder for the socket: %w", err)
	} else if err == nil {
		if err := os.Lchown(dir, b.account.uid, b.account.gid); err != nil {
			return fmt.Errorf("make a folder for the socket: %w", err)
		}
	}
	if err := b.checkPrivate(dir); err != nil {
		return err
	}
	if err := b.account.reach(dir); err != nil {
		return err
	}
	b.socketDir, b.tempSocket = dir, true
	b.log.Info("the data folder's path is too long for a unix socket; it is elsewhere", "folder", dir)
	return nil
}

// checkPrivate refuses a folder that somebody else put where ours belongs.
func (b *Bundled) checkPrivate(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the socket's folder: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(st.Uid) != b.account.uid || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s is not a folder of uid %d with mode 0700: remove it, or choose a data folder with a path of at most %d bytes",
			dir, b.account.uid, longestSocketDir-len("/postgres"))
	}
	return nil
}
