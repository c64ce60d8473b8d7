package robot

import (
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	secretLength = 32 // characters, 190 bits
	minSecret    = 8
	maxSecret    = 128

	digits   = "0123456789"
	lower    = "abcdefghijklmnopqrstuvwxyz"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alphabet = digits + lower + upper
)

// newSecret returns one that keeps the rules for secrets which people choose.
func newSecret() (string, error) {
	for {
		raw := make([]byte, secretLength)
		for i := range raw {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
			if err != nil {
				return "", err
			}
			raw[i] = alphabet[n.Int64()]
		}
		if secret := string(raw); checkSecret(secret) == nil {
			return secret, nil
		}
	}
}

func checkSecret(secret string) error {
	n := utf8.RuneCountInString(secret)
	if n < minSecret || n > maxSecret || !utf8.ValidString(secret) ||
		!strings.ContainsAny(secret, upper) || !strings.ContainsAny(secret, lower) || !strings.ContainsAny(secret, digits) {
		return fault.Invalid("secret", "the secret must be %d-%d, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number", minSecret, maxSecret)
	}
	return nil
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
