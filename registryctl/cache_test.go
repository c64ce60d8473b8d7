package registryctl

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

func TestPayloadsKeepToTheirBound(t *testing.T) {
	c := newPayloads(1000)
	put := func(i int, size int) digest.Digest {
		p := append([]byte(strconv.Itoa(i)), bytes.Repeat([]byte("."), size-len(strconv.Itoa(i)))...)
		d := digest.FromBytes(p)
		c.put(d, p)
		return d
	}
	first, second := put(0, 100), put(1, 100)
	for i := 2; i < 10; i++ {
		put(i, 100)
	}
	if p := c.get(first); len(p) != 100 {
		t.Fatalf("a full cache has lost %s", first)
	}
	put(10, 100) // the second goes: the first was used after it
	if c.get(second) != nil {
		t.Error("the one used longest ago is still there")
	}
	if c.get(first) == nil {
		t.Error("the one used last is gone")
	}
	put(11, 600)
	if c.size != 1000 || c.get(first) == nil {
		t.Errorf("a giant was taken: %d bytes", c.size)
	}
	if c.size > c.limit || len(c.items) != c.order.Len() {
		t.Errorf("%d bytes, %d items, %d in order", c.size, len(c.items), c.order.Len())
	}
}

// A wrapper that hides ReadFrom would cost sendfile.
func TestTheResponseHandsFilesToTheServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	inner := &readerFrom{ResponseWriter: httptest.NewRecorder()}
	w := &response{ResponseWriter: inner}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", info.ModTime(), f)
	if inner.calls != 1 || w.bytes != 1<<20 || w.status != http.StatusOK {
		t.Errorf("ReadFrom was called %d times, %d bytes, status %d", inner.calls, w.bytes, w.status)
	}
}

type readerFrom struct {
	http.ResponseWriter
	calls int
}

func (w *readerFrom) ReadFrom(src io.Reader) (int64, error) {
	w.calls++
	return io.Copy(struct{ io.Writer }{w.ResponseWriter}, src)
}
