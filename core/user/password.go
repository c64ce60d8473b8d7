package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// PasswordParams are the costs of argon2id. Hashes carry their own, so changing
// them leaves old passwords valid.
type PasswordParams struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// DefaultPasswordParams costs about 30 ms and 46 MiB a password (OWASP Password
// Storage Cheat Sheet, first configuration for argon2id).
func DefaultPasswordParams() PasswordParams {
	return PasswordParams{Memory: 46 * 1024, Time: 1, Threads: 1}
}

const (
	saltSize = 16
	keySize  = 32

	// What a stored hash may ask for at most: whoever can write to the database
	// must not be able to stop the server with one row.
	maxMemory = 1 << 20
	maxTime   = 64

	// Longer than any password can be: refused without work, and whatever the
	// account, so that it tells nothing.
	maxPasswordBytes = 4 * maxPassword
)

var errHashFormat = errors.New("a stored password hash is not argon2id in PHC form; set the user's password again")

// hash is the password's argon2id hash in PHC string form.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := s.derive(ctx, password, salt, s.params)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.params.Memory, s.params.Time, s.params.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// matches says whether the password has the hash. An account that is not there,
// or has no password, has the hash "", and takes as long to refuse.
func (s *Service) matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > maxPasswordBytes {
		return false, nil
	}
	params, salt, want := s.params, make([]byte, saltSize), make([]byte, keySize)
	if hash != "" {
		var err error
		if params, salt, want, err = parseHash(hash); err != nil {
			return false, err
		}
	}
	got, err := s.derive(ctx, password, salt, params)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && hash != "", nil
}

// derive does the costly part, when there is a processor for it.
func (s *Service) derive(ctx context.Context, password string, salt []byte, p PasswordParams) ([]byte, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to check a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Threads, keySize), nil
}

func parseHash(hash string) (p PasswordParams, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHashFormat
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return p, nil, nil, errHashFormat
	}
	if p.Memory > maxMemory || p.Time < 1 || p.Time > maxTime || p.Threads < 1 {
		return p, nil, nil, errHashFormat
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, nil, nil, errHashFormat
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != keySize {
		return p, nil, nil, errHashFormat
	}
	return p, salt, key, nil
}
