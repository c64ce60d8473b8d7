package addition

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// Packed makes a tar.gz of names and contents in turn.
func Packed(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: pairs[i], Mode: 0o644, Size: int64(len(pairs[i+1])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func every(string) bool { return true }
func none(string) bool  { return false }

func TestAnArchiveIsReadWhetherCompressedOrNot(t *testing.T) {
	zipped := Packed(t, "a/x", "1", "./b//y", "22", "/c", "3", `d\e`, "4", "a/x", "later")
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string][]byte{"compressed": zipped, "plain": plain} {
		got, err := readArchive(iotest.OneByteReader(bytes.NewReader(p)), every)
		want := []file{{"a/x", 1}, {"b/y", 2}, {"c", 1}, {"d/e", 1}, {"a/x", 5}}
		if err != nil || !reflect.DeepEqual(got.files, want) || string(got.content["a/x"]) != "later" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestNamesThatLeaveTheArchiveAndWhatIsNoFileAreLeftOut(t *testing.T) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, h := range []tar.Header{
		{Name: "../up", Typeflag: tar.TypeReg}, {Name: "a/../../up", Typeflag: tar.TypeReg}, {Name: "..", Typeflag: tar.TypeReg}, {Name: "/", Typeflag: tar.TypeDir},
		{Name: "link", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}, {Name: "hard", Linkname: "x", Typeflag: tar.TypeLink}, {Name: "dev", Typeflag: tar.TypeBlock},
		{Name: "a/../kept", Typeflag: tar.TypeReg},
	} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := readArchive(&out, every)
	if err != nil || !reflect.DeepEqual(got.files, []file{{"kept", 0}}) {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestBombsAreRefused(t *testing.T) {
	many := make([]string, 0, 2*(maxArchiveEntries+1))
	for i := range maxArchiveEntries + 1 {
		many = append(many, fmt.Sprint(i), "")
	}
	long := make([]string, 0, 40)
	for i := range 20 {
		long = append(long, fmt.Sprint(i, "/", strings.Repeat("n", 100_000)), "")
	}
	for name, c := range map[string]struct {
		archive []byte
		wanted  func(string) bool
		want    string
	}{
		"a large file that is skipped": {Packed(t, "zeros", strings.Repeat("\x00", maxArchive)), none, "uncompressed"},
		"a large file that is wanted":  {Packed(t, "values.yaml", strings.Repeat("x", maxFile+1)), every, "at most 1048576 are read"},
		"many entries":                 {Packed(t, many...), none, "entries"},
		"long names":                   {Packed(t, long...), none, "names"},
		"no archive":                   {[]byte("no archive"), every, "cannot be read"},
		"nothing":                      {nil, every, ""},
		"half of one":                  {Packed(t, "a", strings.Repeat("x", 10_000))[:60], every, "cannot be read"},
		"a broken compression":         {[]byte("\x1f\x8b\x00\x00"), every, "uncompressed"},
	} {
		_, err := readArchive(bytes.NewReader(c.archive), c.wanted)
		if c.want == "" && err == nil {
			continue
		}
		if !errors.Is(err, errInvalid) || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 400 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAReaderThatFailsIsNoBrokenArchive(t *testing.T) {
	away := errors.New("the storage is away")
	p := Packed(t, "a", "b")
	_, err := readArchive(io.MultiReader(bytes.NewReader(p[:20]), iotest.ErrReader(away)), every)
	if !errors.Is(err, away) || errors.Is(err, errInvalid) {
		t.Fatal(err)
	}
}

func TestADocumentIsAFileOrTheOneOfItsNameInAnArchive(t *testing.T) {
	p := Packed(t, "docs/other", "no", "docs/LICENSE", "MIT")
	for name, c := range map[string]struct {
		content  []byte
		archived bool
		file     string
		want     string
	}{
		"as it is":        {[]byte("MIT"), false, "LICENSE", "MIT"},
		"in an archive":   {p, true, "x/LICENSE", "MIT"},
		"by another name": {p, true, "README", "no"},
	} {
		got, err := document(bytes.NewReader(c.content), c.archived, c.file)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, err := range map[string]error{
		"a large file":     second(document(strings.NewReader(strings.Repeat("x", maxFile+1)), false, "x")),
		"an empty archive": second(document(bytes.NewReader(Packed(t)), true, "x")),
	} {
		if !errors.Is(err, errInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ []byte, err error) error { return err }

func TestATreeHasFoldersFirst(t *testing.T) {
	got := tree([]file{{"z", 1}, {"b/c/d", 2}, {"a", 3}, {"b/a", 4}, {"empty/", 0}, {"b/c", 5}})
	want := []Node{
		{Name: "b", Type: "directory", Children: []Node{
			{Name: "c", Type: "directory", Children: []Node{{Name: "d", Type: "file", Size: 2}}}, {Name: "a", Type: "file", Size: 4}, {Name: "c", Type: "file", Size: 5},
		}},
		{Name: "empty", Type: "directory", Children: []Node{}}, {Name: "a", Type: "file", Size: 3}, {Name: "z", Type: "file", Size: 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v", got)
	}
	deep := tree([]file{{strings.Repeat("a/", 5000) + "b", 1}})
	depth := 1
	for n := deep[0]; len(n.Children) > 0; n = n.Children[0] {
		depth++
	}
	if depth != maxTreeDepth {
		t.Errorf("a path of 5000 folders is %d deep", depth)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(Packed(f, "chart/values.yaml", "a: 1", "chart/README.md", "# x"))
	f.Add([]byte("\x1f\x8b"))
	f.Add(bytes.Repeat([]byte{0}, 1024))
	f.Fuzz(func(t *testing.T, p []byte) {
		got, err := readArchive(bytes.NewReader(p), every)
		if err != nil && !errors.Is(err, errInvalid) {
			t.Fatalf("an error that is not about the archive: %v", err)
		}
		for _, x := range got.files {
			if x.name == "" || strings.HasPrefix(x.name, "/") || strings.HasPrefix(x.name, "../") || x.size < 0 {
				t.Fatalf("%+v", x)
			}
		}
		_ = tree(got.files)
	})
}
