package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/seal"
)

func box(t *testing.T, fill byte) *seal.Box {
	t.Helper()
	b, err := seal.New(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatWasSealedOpensForTheSameContextOnly(t *testing.T) {
	b := box(t, 1)
	sealed, err := b.Seal([]byte("secret"), "signing_key/a")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("secret")) {
		t.Fatal("the sealed value shows the secret")
	}
	plain, err := b.Open(sealed, "signing_key/a")
	if err != nil || string(plain) != "secret" {
		t.Fatalf("Open gave %q, %v", plain, err)
	}
	if _, err := b.Open(sealed, "signing_key/b"); err == nil {
		t.Fatal("another context must not open it")
	}
}

func TestAnotherMasterKeyIsNamedAsTheReason(t *testing.T) {
	sealed, err := box(t, 1).Seal([]byte("x"), "c")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := box(t, 2).Open(sealed, "c"); !errors.Is(err, seal.ErrWrongKey) {
		t.Fatalf("got %v", err)
	}
}

func TestATamperedOrShortValueDoesNotOpen(t *testing.T) {
	b := box(t, 1)
	sealed, err := b.Seal([]byte("x"), "c")
	if err != nil {
		t.Fatal(err)
	}
	sealed[len(sealed)-1] ^= 1
	for _, bad := range [][]byte{nil, {1}, sealed, sealed[:10]} {
		if _, err := b.Open(bad, "c"); err == nil {
			t.Errorf("%d bytes opened", len(bad))
		}
	}
}

func TestTheKeyFileIsMadeOnceAndKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.key")
	first, err := seal.LoadKey("", file)
	if err != nil {
		t.Fatal(err)
	}
	second, err := seal.LoadKey("", file)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("the second start has another key (%v)", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
}

func TestAUselessKeyIsRefusedWithWhatToDo(t *testing.T) {
	_, err := seal.LoadKey("c2hvcnQ=", "")
	if err == nil || !strings.Contains(err.Error(), "base64") {
		t.Fatalf("got %v", err)
	}
}
