package drivers

import (
	"context"
	"errors"
	"os"
)

var errWriterDone = errors.New("the file writer is committed, cancelled or closed")

// fileWriter is the driver.FileWriter of Filesystem. It does not buffer: who
// writes to it copies in large pieces.
type fileWriter struct {
	file   *os.File
	driver *Filesystem
	size   int64
	done   bool // committed or cancelled
	closed bool
}

func (w *fileWriter) Write(p []byte) (int, error) {
	if w.done || w.closed {
		return 0, errWriterDone
	}
	n, err := w.file.Write(p)
	w.size += int64(n)
	return n, err
}

func (w *fileWriter) Size() int64 { return w.size }

func (w *fileWriter) Commit(context.Context) error {
	if w.done || w.closed {
		return errWriterDone
	}
	w.done = true
	return w.driver.sync(w.file)
}

func (w *fileWriter) Cancel(context.Context) error {
	w.done = true
	return errors.Join(w.Close(), os.Remove(w.file.Name()))
}

func (w *fileWriter) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	return w.file.Close()
}
