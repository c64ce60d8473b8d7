package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/roadstead-registry/roadstead/core/user"
)

const (
	remembered = 4096 // passwords and secrets at a time

	// A machine's secret is checked each time anyway; what is remembered is that it
	// needs no turn. So it can be long, and who guesses at a machine's name does not
	// lock out the machine.
	rememberMachine = 24 * time.Hour
)

type memoryKey [sha256.Size]byte

// memory knows passwords that were right moments ago, by an HMAC under a key
// that never leaves this process. It saves a CI run's hundred pulls a hash each.
type memory struct {
	secret [32]byte
	keep   time.Duration
	cache  *lru.Cache[memoryKey, memorised]
}

type memorised struct {
	machine           bool
	id                user.ID
	passwordChangedAt time.Time
	until             time.Time
}

func newMemory(keep time.Duration) *memory {
	m := &memory{keep: keep}
	_, _ = rand.Read(m.secret[:])                          // never fails (crypto/rand)
	m.cache, _ = lru.New[memoryKey, memorised](remembered) // fails for a size below 1 only
	return m
}

func (m *memory) key(name, password string) memoryKey {
	mac := hmac.New(sha256.New, m.secret[:])
	nameSum := sha256.Sum256([]byte(name)) // of one length, so that no two pairs run together
	mac.Write(nameSum[:])
	mac.Write([]byte(password))
	return memoryKey(mac.Sum(nil))
}

func (m *memory) get(key memoryKey, now time.Time) (memorised, bool) {
	seen, ok := m.cache.Get(key)
	if ok && !now.Before(seen.until) {
		m.cache.Remove(key)
		return memorised{}, false
	}
	return seen, ok
}

func (m *memory) put(key memoryKey, u user.User, now time.Time) {
	m.cache.Add(key, memorised{id: u.ID, passwordChangedAt: u.PasswordChangedAt, until: now.Add(m.keep)})
}

func (m *memory) putMachine(key memoryKey, now time.Time) {
	m.cache.Add(key, memorised{machine: true, until: now.Add(rememberMachine)})
}

func (m *memory) drop(key memoryKey) { m.cache.Remove(key) }
