package token

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
)

// One process at a time makes a key; the number only has to be the same in all
// of them.
const keyLock = 0x726f6164_6b657973

// Rotate makes a new signing key now. Tokens of the old one stay good until they
// expire.
func (s *Service) Rotate(ctx context.Context) error {
	_, err := s.keys.rotate(ctx, 0)
	return err
}

// rotate makes a new key unless there is one younger than age; another replica
// may have been first.
func (k *keyring) rotate(ctx context.Context, age time.Duration) (*signingKey, error) {
	err := store.InTx(ctx, k.db, func(tx store.Tx) error {
		if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(keyLock)).Error; err != nil {
			return err
		}
		now := k.clock().UTC()
		var young bool
		const look = "SELECT EXISTS (SELECT FROM signing_key WHERE retired_at IS NULL AND algorithm = ? AND created_at > ?)"
		if err := tx.Raw(look, algorithm, now.Add(-age)).Scan(&young).Error; err != nil || young {
			return err
		}
		if err := tx.Exec("DELETE FROM signing_key WHERE retired_at < ?", now.Add(-k.keep)).Error; err != nil {
			return err
		}
		if err := tx.Exec("UPDATE signing_key SET retired_at = ? WHERE retired_at IS NULL", now).Error; err != nil {
			return err
		}
		return k.insert(tx, now)
	})
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	current, _ := k.picture()
	if current == nil {
		return nil, errors.New("there is no signing key; start the server again")
	}
	return current, nil
}

func (k *keyring) insert(tx store.Tx, now time.Time) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(public)
	id := base64.RawURLEncoding.EncodeToString(sum[:])
	sealed, err := k.sealer.Seal(plain, sealContext(id))
	if err != nil {
		return err
	}
	const insert = "INSERT INTO signing_key (id, algorithm, sealed, created_at) VALUES (?, ?, ?, ?)"
	return tx.Exec(insert, id, algorithm, sealed, now).Error
}

func sealContext(id string) string { return "signing_key/" + id }

func (k *keyring) open(id string, sealed []byte) (*ecdsa.PrivateKey, error) {
	plain, err := k.sealer.Open(sealed, sealContext(id))
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, err
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("it is a %T, not one for %s", parsed, algorithm)
	}
	return private, nil
}
