package drivers_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/roadstead-registry/roadstead/registryctl/storage/drivers"
)

func open(t *testing.T) (*drivers.Filesystem, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	d, err := drivers.NewFilesystem(root)
	if err != nil {
		t.Fatal(err)
	}
	return d, root
}

func files(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, strings.TrimPrefix(path, root))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestARelativeRootIsRefused(t *testing.T) {
	if _, err := drivers.NewFilesystem("data"); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsAppendedMovedAndReadIsTheSame(t *testing.T) {
	d, root := open(t)
	ctx := t.Context()
	for i, piece := range []string{"one ", "two ", "three"} {
		w, err := d.Writer(ctx, "/uploads/1/data", i > 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			err = w.Commit(ctx)
		}
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Move(ctx, "/uploads/1/data", "/blobs/ab/abc/data"); err != nil {
		t.Fatal(err)
	}
	d.RemoveEmpty("/uploads/1")
	f, err := d.Open("/blobs/ab/abc/data")
	if err != nil {
		t.Fatal(err)
	}
	p, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil || string(p) != "one two three" {
		t.Errorf("%q, %v", p, err)
	}
	if got := files(t, root); len(got) != 1 {
		t.Errorf("files: %v", got)
	}
	if _, err := os.Stat(filepath.Join(root, "uploads/1")); !os.IsNotExist(err) {
		t.Errorf("the upload's directory is left: %v", err)
	}
}

func TestAMoveSyncsEachDirectoryWithANewEntry(t *testing.T) {
	d, _ := open(t)
	ctx := t.Context()
	move := func(id, to string) int64 {
		t.Helper()
		w, err := d.Writer(ctx, "/uploads/"+id, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Commit(ctx), w.Close()); err != nil {
			t.Fatal(err)
		}
		before := d.Syncs()
		if err := d.Move(ctx, "/uploads/"+id, to); err != nil {
			t.Fatal(err)
		}
		return d.Syncs() - before
	}
	if err := d.MakeShards("/blobs"); err != nil {
		t.Fatal(err)
	}
	if got := move("1", "/blobs/ab/abc/data"); got != 2 { // the entry of abc in ab, of data in abc
		t.Errorf("a new object: %d fsync", got)
	}
	if got := move("2", "/blobs/ab/abc/data"); got != 2 { // another process may have made abc and not synced ab
		t.Errorf("the same object again: %d fsync", got)
	}
	if got := move("3", "/other/ab/abc/data"); got != 4 {
		t.Errorf("a tree that is not there: %d fsync", got)
	}
	if got := move("4", "/other/ab/abd/data"); got != 2 {
		t.Errorf("beside it: %d fsync", got)
	}
}

func TestManyMovesIntoOneTreeAtOnce(t *testing.T) {
	d, root := open(t)
	ctx := t.Context()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			name := string(rune('a' + i))
			if err := d.PutContent(ctx, "/deep/er/"+name+"/data", []byte(name)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := files(t, root); len(got) != 16 {
		t.Errorf("files: %v", got)
	}
}

func TestSmallObjectsAreWholeOrNotThere(t *testing.T) {
	d, root := open(t)
	for name, put := range map[string]func(path string, p []byte) error{
		"durable":  func(path string, p []byte) error { return d.PutContent(t.Context(), path, p) },
		"volatile": d.PutVolatile,
	} {
		before := d.Syncs()
		path := "/" + name + "/data"
		for _, p := range [][]byte{bytes.Repeat([]byte("x"), 10_000), nil} {
			if err := put(path, p); err != nil {
				t.Fatal(err)
			}
			if got, err := d.GetContent(t.Context(), path); err != nil || !bytes.Equal(got, p) {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
		}
		if durable := d.Syncs() > before; durable != (name == "durable") {
			t.Errorf("%s: %d fsync", name, d.Syncs()-before)
		}
	}
	if got := files(t, root); len(got) != 2 {
		t.Errorf("temporary files are left: %v", got)
	}
}

func TestWhatIsNotThereIsTheDriversOwnError(t *testing.T) {
	d, _ := open(t)
	var missing driver.PathNotFoundError
	if _, err := d.Open("/none"); !errors.As(err, &missing) {
		t.Errorf("Open: %v", err)
	}
	if err := d.Move(t.Context(), "/none", "/a/b"); !errors.As(err, &missing) {
		t.Errorf("Move: %v", err)
	}
	if _, err := d.Stat(t.Context(), "/none"); !errors.As(err, &missing) {
		t.Errorf("Stat: %v", err)
	}
}

func TestAWriterThatIsDoneTakesNothing(t *testing.T) {
	d, root := open(t)
	w, err := d.Writer(t.Context(), "/x", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("a committed writer took bytes")
	}
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if w, err = d.Writer(t.Context(), "/y", false); err != nil {
		t.Fatal(err)
	}
	if err := w.Cancel(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, root); len(got) != 1 || got[0] != "/x" {
		t.Errorf("files: %v", got)
	}
}
