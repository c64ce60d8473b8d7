package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// nobody is the uid and gid of the bundled server when nothing says otherwise.
const nobody = 65534

// account is who the bundled server runs as. PostgreSQL refuses to run as root,
// so under root it is another uid; otherwise it is the caller's own.
type account struct {
	uid, gid int
	change   bool      // the child must change to uid and gid
	caps     []uintptr // ambient capabilities that let it through closed parent folders
}

// accountFor picks the account. Under root it is the owner of the data that is
// there; before the first start the owner of the folder that it goes into, if
// that is a user of this system (initdb wants one with a name); or else nobody.
func accountFor(dataDir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	a, err := ownerOf(filepath.Join(dataDir, "postgres"))
	if err != nil || a.uid != 0 {
		return a, err
	}
	a, err = ownerOf(dataDir)
	if err != nil {
		return a, err
	}
	if _, err := user.LookupId(strconv.Itoa(a.uid)); a.uid != 0 && err == nil {
		return a, nil
	}
	return account{uid: nobody, gid: nobody, change: true}, nil
}

// ownerOf returns root for a folder that is not there.
func ownerOf(dir string) (account, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return account{}, nil
	}
	if err != nil {
		return account{}, fmt.Errorf("look at the data folder: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, fmt.Errorf("look at the data folder: %s has no owner", dir)
	}
	return account{uid: int(st.Uid), gid: int(st.Gid), change: true}, nil
}

// reach makes sure that the account gets to the directories. A clone or a data
// folder below /root is closed to everybody else; there the server keeps the one
// capability that opens parent folders, if root has it to give.
func (a *account) reach(dirs ...string) error {
	if !a.change {
		return nil
	}
	for _, dir := range dirs {
		closed, err := a.closedParent(dir)
		if err != nil {
			return err
		}
		if closed == "" {
			continue
		}
		held, err := heldCapability(unix.CAP_DAC_READ_SEARCH, unix.CAP_DAC_OVERRIDE)
		if err != nil {
			return err
		}
		if held == 0 {
			return fmt.Errorf("the bundled PostgreSQL runs as uid %d, which may not enter %s on the way to %s: "+
				"allow it with 'chmod o+x %s', choose another folder, or set ROADSTEAD_DATABASE_URL to use a server of your own",
				a.uid, closed, dir, closed)
		}
		a.caps = []uintptr{held}
		return nil
	}
	return nil
}

// closedParent returns the first directory on the way to dir, dir included, that
// the account may not search.
func (a *account) closedParent(dir string) (string, error) {
	if parent := filepath.Dir(dir); parent != dir {
		if closed, err := a.closedParent(parent); closed != "" || err != nil {
			return closed, err
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", fmt.Errorf("look at the way to the bundled PostgreSQL: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", fmt.Errorf("look at the way to the bundled PostgreSQL: %s has no owner", dir)
	}
	search := os.FileMode(0o001)
	switch {
	case int(st.Uid) == a.uid:
		search = 0o100
	case int(st.Gid) == a.gid:
		search = 0o010
	}
	if info.Mode().Perm()&search == 0 {
		return dir, nil
	}
	return "", nil
}

// heldCapability returns the first of the capabilities that this process has in
// effect, or 0.
func heldCapability(wanted ...uintptr) (uintptr, error) {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return 0, fmt.Errorf("read this process's capabilities: %w", err)
	}
	for _, c := range wanted {
		if data[c/32].Effective&(1<<(c%32)) != 0 {
			return c, nil
		}
	}
	return 0, nil
}

// own hands the tree at dir to the account; under another account than root's it
// can only check. A tree that already belongs to it is not walked.
func (a *account) own(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at the bundled PostgreSQL's folder: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if ok && int(st.Uid) == a.uid {
		return nil
	}
	if !a.change {
		return fmt.Errorf("%s belongs to another uid than this process (%d), as when the server was first started as root: "+
			"start it as root again, or run 'chown -R %d:%d %s'", dir, a.uid, a.uid, a.gid, dir)
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, a.uid, a.gid)
	})
}

// command prepares a program of binDir to run as the account. It gets no
// environment of ours (which may hold secrets, or PG* variables that change what
// it does) and its own process group, so that a Ctrl-C meant for us lets the
// requests in flight end before the database does.
func (a *account) command(binDir, name string, args ...string) (*exec.Cmd, func(), error) {
	path := filepath.Join(binDir, name)
	cmd := &exec.Cmd{
		Path:        path,
		Args:        append([]string{path}, args...),
		Dir:         "/",
		Env:         []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"},
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	if a.change {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
		cmd.SysProcAttr.AmbientCaps = a.caps
	}
	if len(a.caps) == 0 {
		return cmd, func() {}, nil
	}
	// Ambient capabilities take effect at exec, so exec itself cannot yet go
	// through the closed folders: it is given the opened program instead.
	program, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", name, err)
	}
	cmd.ExtraFiles = []*os.File{program}
	cmd.Path = "/proc/self/fd/3"
	return cmd, func() { _ = program.Close() }, nil
}
