// Package drivers has the storage drivers that are offered: filesystem and s3.
// Both are distribution's storagedriver.StorageDriver; the filesystem one is
// distribution's with writes that are durable for as few fsync as possible. It
// must not know what the bytes are.
package drivers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"golang.org/x/sys/unix"
)

const (
	maxThreads = 1000 // of distribution's driver; what is overridden here is not counted

	// Shard directories (sha256/ab) whose own entry is known to be durable. There
	// are 256 an algorithm; the bound only guards against other uses.
	maxDurable = 4096
)

// Filesystem keeps objects as files below one folder. After Move or PutContent
// has returned, the object survives a power cut under its final name: the file
// is synced before the rename, and each directory that got a new entry after it.
// Distribution's own driver does not sync the directories of a rename.
type Filesystem struct {
	*filesystem.Driver

	root  string
	syncs atomic.Int64

	mu      sync.Mutex
	durable map[string]struct{}
}

// NewFilesystem returns the driver for the folder root, which it makes.
func NewFilesystem(root string) (*Filesystem, error) {
	if !filepath.IsAbs(root) {
		return nil, fmt.Errorf("storage root %q must be an absolute path", root)
	}
	if err := os.MkdirAll(root, 0o750); err != nil {
		return nil, fmt.Errorf("make storage root: %w; check that the folder belongs to the user that runs the server", err)
	}
	params := filesystem.DriverParameters{RootDirectory: root, MaxThreads: maxThreads}
	return &Filesystem{Driver: filesystem.New(params), root: root, durable: map[string]struct{}{}}, nil
}

// Syncs is the number of fsync calls since the driver was made.
func (d *Filesystem) Syncs() int64 { return d.syncs.Load() }

// Open opens an object as a file, for sendfile.
func (d *Filesystem) Open(path string) (*os.File, error) {
	f, err := os.Open(d.full(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, driver.PathNotFoundError{Path: path, DriverName: d.Name()}
	}
	return f, err
}

// Size is how many bytes an object has.
func (d *Filesystem) Size(path string) (int64, error) {
	info, err := os.Stat(d.full(path))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, driver.PathNotFoundError{Path: path, DriverName: d.Name()}
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Writer appends to or truncates the file at path. Bytes are in the file when
// Write returns and durable after Commit; Close does not sync, because an upload
// that is not finished promises nothing.
func (d *Filesystem) Writer(_ context.Context, path string, appending bool) (driver.FileWriter, error) {
	full := d.full(path)
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if appending {
		flags = os.O_WRONLY | os.O_CREATE
	}
	f, err := d.create(full, flags)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, 2)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &fileWriter{file: f, driver: d, size: size}, nil
}

// create makes the folder if need be; somebody may be removing it because it is empty.
func (d *Filesystem) create(full string, flags int) (f *os.File, err error) {
	for range 10 {
		f, err = os.OpenFile(full, flags, 0o640)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, err
}

// PutContent writes a small object, durably.
func (d *Filesystem) PutContent(ctx context.Context, path string, content []byte) error {
	temporary := path + "." + rand.Text() + ".tmp"
	w, err := d.Writer(ctx, temporary, false)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return errors.Join(err, w.Cancel(ctx))
	}
	if err := w.Commit(ctx); err != nil {
		return errors.Join(err, w.Cancel(ctx))
	}
	if err := w.Close(); err != nil {
		return err
	}
	return d.Move(ctx, temporary, path)
}

// PutVolatile writes a small object whose durable home is elsewhere: whole or
// not at all for every reader, but a power cut may take it.
func (d *Filesystem) PutVolatile(path string, content []byte) error {
	temporary := d.full(path) + "." + rand.Text() + ".tmp"
	f, err := d.create(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(temporary, d.full(path))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// Move renames an object and makes the new name durable. The old name may come
// back after a power cut, so a move must be safe to repeat.
func (d *Filesystem) Move(_ context.Context, from, to string) error {
	target := d.full(to)
	if err := d.MakeDurable(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.Rename(d.full(from), target); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return driver.PathNotFoundError{Path: from, DriverName: d.Name()}
		}
		return err
	}
	return d.syncDir(filepath.Dir(target))
}

// SyncAll makes all files and directories durable, with what else the file system
// below root holds. It fails when anything could not be written since the last time.
func (d *Filesystem) SyncAll() error {
	f, err := os.Open(d.root)
	if err != nil {
		return err
	}
	d.syncs.Add(1)
	return errors.Join(unix.Syncfs(int(f.Fd())), f.Close())
}

// RemoveObject deletes an object, and its folder if nothing else is in it. What is not
// there is no error. Nothing waits for the disk: a power cut may bring it back.
func (d *Filesystem) RemoveObject(path string) error {
	if err := os.Remove(d.full(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	d.RemoveEmpty(filepath.Dir(path))
	return nil
}

// Objects tells of all files below a folder; what goes meanwhile is left out.
func (d *Filesystem) Objects(dir string, each func(path string, size int64, written time.Time) error) error {
	return filepath.WalkDir(d.full(dir), func(full string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return each("/"+filepath.ToSlash(strings.TrimPrefix(full, d.root+string(filepath.Separator))), info.Size(), info.ModTime())
	})
}

// RemoveEmpty removes a directory that has become empty, if it has.
func (d *Filesystem) RemoveEmpty(dir string) {
	_ = os.Remove(d.full(dir)) // best effort: an empty directory harms nobody
}

// MakeDurable makes a directory and its ancestors with durable entries. That a
// directory exists does not make its entry durable: whoever made it may not have
// synced its parent yet. So each entry is synced here unless this process has
// done so before.
func (d *Filesystem) MakeDurable(dir string) error {
	var missing []string
	for p := d.full(dir); p != d.root && len(p) > len(d.root); p = filepath.Dir(p) {
		if d.isDurable(p) {
			break
		}
		missing = append(missing, p)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		p := missing[i]
		if err := os.Mkdir(p, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := d.syncDir(filepath.Dir(p)); err != nil {
			return err
		}
		if i > 0 { // the innermost one belongs to a single object: not worth remembering
			d.markDurable(p)
		}
	}
	return nil
}

// MakeShards makes the 256 directories 00 to ff of dir, durably, for two fsync in
// all. Who creates objects in them then pays for none of them.
func (d *Filesystem) MakeShards(dir string) error {
	if err := d.MakeDurable(dir); err != nil {
		return err
	}
	for i := range 256 {
		if err := os.Mkdir(filepath.Join(d.full(dir), fmt.Sprintf("%02x", i)), 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := d.syncDir(d.full(dir)); err != nil {
		return err
	}
	d.markDurable(d.full(dir))
	for i := range 256 {
		d.markDurable(filepath.Join(d.full(dir), fmt.Sprintf("%02x", i)))
	}
	return nil
}

func (d *Filesystem) isDurable(dir string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.durable[dir]
	return ok
}

func (d *Filesystem) markDurable(dir string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.durable) < maxDurable {
		d.durable[dir] = struct{}{}
	}
}

func (d *Filesystem) syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.sync(f), f.Close())
}

func (d *Filesystem) sync(f *os.File) error {
	d.syncs.Add(1)
	return f.Sync()
}

func (d *Filesystem) full(path string) string { return filepath.Join(d.root, path) }
