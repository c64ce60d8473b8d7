package addition

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Bounds of an archive, uncompressed. Charts and documents are far below them.
const (
	maxFile           = 1 << 20  // one file that is read
	maxArchive        = 64 << 20 // all of it, read or skipped
	maxArchiveEntries = 10_000
	maxArchiveNames   = 1 << 20 // the names of all files together
)

// errInvalid is in the chain of what is refused for its content; other errors are
// the reader's own.
var errInvalid = errors.New("invalid archive")

func invalid(format string, a ...any) error {
	return fmt.Errorf("%w: %w", errInvalid, fmt.Errorf(format, a...))
}

// shorten repeats a name in a message without letting it set the length.
func shorten(name string) string { return fmt.Sprintf("%.160q", name) }

// file is a regular file of an archive. Its name has slashes, and neither a leading
// one nor a component that is "..".
type file struct {
	name string
	size int64 // bytes
}

// archive is what was read of a tar archive.
type archive struct {
	files   []file            // in the archive's order
	content map[string][]byte // by name, of those that were wanted
}

// readArchive reads a tar archive, compressed with gzip or not compressed, whoever
// made it: nothing is written anywhere, and what goes beyond the bounds is refused
// rather than cut. Links and devices are left out.
func readArchive(r io.Reader, wanted func(name string) bool) (archive, error) {
	source := &watched{r: r}
	out, err := readTar(source, wanted)
	if source.err != nil {
		return archive{}, source.err
	}
	return out, err
}

// watched remembers why its reader failed, to tell that from a broken archive.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func readTar(r io.Reader, wanted func(name string) bool) (archive, error) {
	plain, err := uncompressed(r)
	if err != nil {
		return archive{}, err
	}
	// One byte more than allowed: its end then comes from the bound, not the archive.
	limited := &io.LimitedReader{R: plain, N: maxArchive + 1}
	files := tar.NewReader(limited)
	out := archive{content: map[string][]byte{}}
	names := 0
	for entries := 0; ; entries++ {
		h, err := files.Next()
		switch {
		case limited.N == 0:
			return archive{}, invalid("the archive has more than %d bytes uncompressed", maxArchive)
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return archive{}, invalid("the archive cannot be read: %w", err)
		case entries == maxArchiveEntries:
			return archive{}, invalid("the archive has more than %d entries", maxArchiveEntries)
		}
		name, ok := fileName(h)
		if !ok {
			continue
		}
		if names += len(name); names > maxArchiveNames {
			return archive{}, invalid("the names in the archive have more than %d bytes", maxArchiveNames)
		}
		out.files = append(out.files, file{name: name, size: h.Size})
		if !wanted(name) {
			continue
		}
		if h.Size > maxFile {
			return archive{}, invalid("%s in the archive has %d bytes; at most %d are read", shorten(name), h.Size, maxFile)
		}
		content, err := io.ReadAll(io.LimitReader(files, maxFile))
		if err != nil {
			return archive{}, invalid("%s in the archive cannot be read: %w", shorten(name), err)
		}
		out.content[name] = content // as for tar itself, the last of a name counts
	}
}

func uncompressed(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	magic, _ := buffered.Peek(2) // a shorter archive is broken, and tar says so
	if len(magic) < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return buffered, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, invalid("the archive cannot be uncompressed: %w", err)
	}
	return z, nil
}

// fileName is the name of a regular file, tidied up.
func fileName(h *tar.Header) (string, bool) {
	if h.Typeflag != tar.TypeReg || h.Size < 0 {
		return "", false
	}
	name := strings.TrimLeft(path.Clean(strings.ReplaceAll(h.Name, `\`, "/")), "/")
	if name == "" || name == "." || name == ".." || strings.HasPrefix(name, "../") || strings.IndexByte(name, 0) >= 0 {
		return "", false
	}
	return strings.ToValidUTF8(name, "\ufffd"), true
}

// document reads a blob that is one text: a file as it is, or an archive with it.
// A name decides which of an archive's files it is; without it, the first.
func document(r io.Reader, archived bool, name string) ([]byte, error) {
	if !archived {
		p, err := io.ReadAll(io.LimitReader(r, maxFile+1))
		if err == nil && len(p) > maxFile {
			err = invalid("the document has more than %d bytes", maxFile)
		}
		return p, err
	}
	first := ""
	a, err := readArchive(r, func(n string) bool {
		if first == "" {
			first = n
		}
		return n == first || path.Base(n) == path.Base(name)
	})
	if err != nil {
		return nil, err
	}
	for _, f := range a.files {
		if path.Base(f.name) == path.Base(name) {
			return a.content[f.name], nil
		}
	}
	if first == "" {
		return nil, invalid("the archive has no file")
	}
	return a.content[first], nil
}
