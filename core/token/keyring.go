package token

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/seal"
)

const (
	algorithm   = "ES256"
	rotateAfter = 90 * 24 * time.Hour
	reloadEvery = time.Second // unknown key ids must not become a query each
	renewEvery  = time.Minute // after which a key that another replica made is used here too
	loadTimeout = 5 * time.Second
)

// keyring is this process's picture of the table signing_key: one key that
// signs, and older ones that verify until the last token they signed is over.
type keyring struct {
	db     *gorm.DB
	sealer seal.Sealer
	clock  func() time.Time
	keep   time.Duration // a retired key

	mu       sync.RWMutex
	current  *signingKey
	known    map[string]*ecdsa.PublicKey
	loadedAt time.Time
	loading  sync.Mutex // one load at a time
}

type signingKey struct {
	id        string
	private   *ecdsa.PrivateKey
	createdAt time.Time
}

// keyringError is a failure to read the keys: the server's, not the token's.
type keyringError struct{ err error }

func (e *keyringError) Error() string { return "read signing keys: " + e.err.Error() }
func (e *keyringError) Unwrap() error { return e.err }

func newKeyring(db *gorm.DB, sealer seal.Sealer, clock func() time.Time, lifetime time.Duration) (*keyring, error) {
	k := &keyring{db: db, sealer: sealer, clock: clock, keep: 2*lifetime + leeway}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	if _, err := k.signer(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// signer returns the key to sign with, and makes one when there is none or it is
// too old.
func (k *keyring) signer(ctx context.Context) (*signingKey, error) {
	current, loadedAt := k.picture()
	if current != nil && k.clock().Sub(loadedAt) >= renewEvery {
		if err := k.load(ctx); err != nil {
			return nil, err
		}
		current, _ = k.picture()
	}
	if current != nil && k.clock().Sub(current.createdAt) < rotateAfter {
		return current, nil
	}
	return k.rotate(ctx, rotateAfter)
}

func (k *keyring) picture() (current *signingKey, loadedAt time.Time) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.current, k.loadedAt
}

// load reads all keys that may still verify.
func (k *keyring) load(ctx context.Context) error {
	var rows []struct {
		ID        string
		Sealed    []byte
		CreatedAt time.Time
		RetiredAt *time.Time
	}
	const query = `SELECT id, sealed, created_at, retired_at FROM signing_key
		WHERE algorithm = ? AND (retired_at IS NULL OR retired_at > ?) ORDER BY created_at`
	now := k.clock()
	if err := k.db.WithContext(ctx).Raw(query, algorithm, now.Add(-k.keep)).Scan(&rows).Error; err != nil {
		return &keyringError{err}
	}
	var current *signingKey
	known := make(map[string]*ecdsa.PublicKey, len(rows))
	for _, r := range rows {
		private, err := k.open(r.ID, r.Sealed)
		if err != nil {
			return &keyringError{fmt.Errorf("key %s: %w", r.ID, err)}
		}
		known[r.ID] = &private.PublicKey
		if r.RetiredAt == nil {
			current = &signingKey{id: r.ID, private: private, createdAt: r.CreatedAt}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.current, k.known, k.loadedAt = current, known, now
	return nil
}

// verifier returns the public key with an id, nil when there is none. An id that
// is not known may be a key that another replica has just made.
func (k *keyring) verifier(id string) (*ecdsa.PublicKey, error) {
	if key, fresh := k.lookup(id); key != nil || fresh {
		return key, nil
	}
	k.loading.Lock()
	defer k.loading.Unlock()
	if key, fresh := k.lookup(id); key != nil || fresh {
		return key, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	key, _ := k.lookup(id)
	return key, nil
}

// lookup also says whether the picture is too fresh to be taken again.
func (k *keyring) lookup(id string) (key *ecdsa.PublicKey, fresh bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.known[id], k.clock().Sub(k.loadedAt) < reloadEvery
}
