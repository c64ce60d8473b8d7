// Package seal keeps secrets unreadable at rest: signing keys, credentials of
// other registries, webhook tokens. A sealed value is AES-256-GCM under a master
// key that lives outside the database (a file in the data directory, or the
// setting secret_key), so a stolen database dump opens nothing. It must not
// store anything itself.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// KeySize is the size of a master key in bytes.
const KeySize = 32

const (
	version   = 1
	keyIDSize = 4
	overhead  = 1 + keyIDSize + 12 // version, key id, nonce
)

// ErrWrongKey is returned when a value was sealed under another master key.
var ErrWrongKey = errors.New("sealed under another master key; start with the secret_key, or the secret.key file, that this database was created with")

// Sealer seals and opens small secrets. The context names what the secret is
// for ("signing_key/<kid>"); opening with another context fails, so that a
// sealed value cannot be moved to another row.
type Sealer interface {
	Seal(plain []byte, context string) ([]byte, error)
	Open(sealed []byte, context string) ([]byte, error)
}

// Box is the Sealer over one master key. It is safe for concurrent use.
type Box struct {
	aead   cipher.AEAD
	keyID  [keyIDSize]byte
	master []byte
}

// New returns a Box for a master key of KeySize bytes.
func New(master []byte) (*Box, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("a master key has %d bytes, this one %d", KeySize, len(master))
	}
	b := &Box{master: master}
	sealing, err := b.Derive("roadstead/seal", KeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	if b.aead, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	id, err := b.Derive("roadstead/seal/key-id", keyIDSize)
	if err != nil {
		return nil, err
	}
	copy(b.keyID[:], id)
	return b, nil
}

// Derive returns size bytes for one purpose (HKDF-SHA256), the same on every
// process with this master key: for MAC keys that replicas share.
func (b *Box) Derive(purpose string, size int) ([]byte, error) {
	return hkdf.Key(sha256.New, b.master, nil, purpose, size)
}

// Seal encrypts plain for context.
func (b *Box) Seal(plain []byte, context string) ([]byte, error) {
	out := make([]byte, overhead, overhead+len(plain)+b.aead.Overhead())
	out[0] = version
	copy(out[1:], b.keyID[:])
	nonce := out[1+keyIDSize : overhead]
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return b.aead.Seal(out, nonce, plain, []byte(context)), nil
}

// Open decrypts what Seal made for the same context. It returns ErrWrongKey for
// a value of another master key.
func (b *Box) Open(sealed []byte, context string) ([]byte, error) {
	if len(sealed) < overhead+b.aead.Overhead() || sealed[0] != version {
		return nil, errors.New("not a sealed value")
	}
	if string(sealed[1:1+keyIDSize]) != string(b.keyID[:]) {
		return nil, ErrWrongKey
	}
	plain, err := b.aead.Open(nil, sealed[1+keyIDSize:overhead], sealed[overhead:], []byte(context))
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", context, err)
	}
	return plain, nil
}

// LoadKey returns the master key: configured (base64 of KeySize bytes) when it
// is not empty, else the content of file, which is made with a random key the
// first time (mode 0600, durable before it is used).
func LoadKey(configured, file string) ([]byte, error) {
	if configured != "" {
		return decode(configured, "secret_key")
	}
	text, err := os.ReadFile(file)
	if err == nil {
		return decode(string(text), file)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	key := make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := writeNew(file, base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
		if errors.Is(err, os.ErrExist) { // another process was first
			return LoadKey("", file)
		}
		return nil, fmt.Errorf("write master key: %w", err)
	}
	return key, nil
}

func decode(text, source string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("%s: want %d bytes in base64, as printed by: head -c %d /dev/urandom | base64", source, KeySize, KeySize)
	}
	return key, nil
}

// writeNew makes the file whole or not at all, and never over an existing one.
func writeNew(file, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".secret-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if _, err := tmp.WriteString(text); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
