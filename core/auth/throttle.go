package auth

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"net/netip"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	nameThreshold    = 5  // the failure on one name from which on there is a lock
	addressThreshold = 20 // and from one address
	longestLock      = 15 * time.Minute
	forgetAfter      = time.Hour // without a failure

	stripes    = 256
	knownLocks = 1024
)

// throttle counts failures, in the database for all replicas, and locks names
// and addresses: 1 second at the threshold, twice as long after each failure
// more, at most 15 minutes. A right password clears the name. An address is not
// cleared, or a guesser with one account of their own could go on for ever; it
// is forgotten after a quiet hour.
type throttle struct {
	db      *gorm.DB
	seed    maphash.Seed
	turns   [stripes]chan struct{} // a name's attempts take turns; some names share one
	audited *lru.Cache[lockedError, struct{}]
}

// lockedError says which lock refuses an attempt.
type lockedError struct {
	key   string
	until time.Time
}

func (e *lockedError) Error() string { return e.key + " is locked" }

func (e *lockedError) seconds(now time.Time) int {
	return max(1, int(math.Ceil(e.until.Sub(now).Seconds())))
}

func newThrottle(db *gorm.DB) *throttle {
	t := &throttle{db: db, seed: maphash.MakeSeed()}
	for i := range t.turns {
		t.turns[i] = make(chan struct{}, 1)
	}
	t.audited, _ = lru.New[lockedError, struct{}](knownLocks) // fails for a size below 1 only
	return t
}

// enter waits for the name's turn; release ends it.
func (t *throttle) enter(ctx context.Context, name string) (release func(), err error) {
	turn := t.turns[maphash.String(t.seed, nameKey(name))%stripes]
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to sign in: %w", ctx.Err())
	}
}

// admit returns a lockedError while the name or the address is locked, and else
// whether there are failures to forgive.
func (t *throttle) admit(ctx context.Context, name, address string, now time.Time) (failed bool, err error) {
	var rows []struct {
		Key         string
		LockedUntil time.Time
	}
	const query = "SELECT key, locked_until FROM login_failure WHERE key IN ?"
	if err := t.db.WithContext(ctx).Raw(query, keys(name, address)).Scan(&rows).Error; err != nil {
		return false, fmt.Errorf("look up failed sign-ins: %w", err)
	}
	var locked *lockedError
	for _, r := range rows {
		if r.LockedUntil.After(now) && (locked == nil || r.LockedUntil.After(locked.until)) {
			locked = &lockedError{key: r.Key, until: r.LockedUntil.UTC()}
		}
		failed = failed || r.Key == nameKey(name)
	}
	if locked != nil {
		return failed, locked
	}
	return failed, nil
}

const countFailure = `INSERT INTO login_failure AS f (key, failures, last_at, locked_until) VALUES (@key, 1, @now, @now)
	ON CONFLICT (key) DO UPDATE SET last_at = @now,
		failures = CASE WHEN f.last_at < @forget THEN 1 ELSE f.failures + 1 END,
		locked_until = CASE WHEN f.last_at < @forget OR f.failures + 1 < @threshold THEN @now
			ELSE CAST(@now AS timestamptz) + make_interval(secs => least(power(2, least(f.failures + 1 - @threshold, 30)), @longest)) END`

// fail counts a failure on the name and from the address, and writes the entry.
// The order of the keys is the same for all, so that two cannot deadlock.
func (t *throttle) fail(ctx context.Context, name, address string, now time.Time, r refusedEntry) error {
	return store.InTx(ctx, t.db, func(tx store.Tx) error {
		for i, key := range keys(name, address) {
			threshold := nameThreshold
			if i > 0 {
				threshold = addressThreshold
			}
			err := tx.Exec(countFailure, map[string]any{
				"key": key, "now": now, "forget": now.Add(-forgetAfter), "threshold": threshold, "longest": longestLock.Seconds(),
			}).Error
			if err != nil {
				return fmt.Errorf("count failed sign-in: %w", err)
			}
		}
		return audit.Record(tx, r.by, r.entry)
	})
}

// forgive forgets the name's failures.
func (t *throttle) forgive(ctx context.Context, name string) error {
	if err := t.db.WithContext(ctx).Exec("DELETE FROM login_failure WHERE key = ?", nameKey(name)).Error; err != nil {
		return fmt.Errorf("forget failed sign-ins: %w", err)
	}
	return nil
}

// firstOf says whether this process has not yet refused anybody by that lock.
func (t *throttle) firstOf(locked *lockedError) bool {
	seen, _ := t.audited.ContainsOrAdd(*locked, struct{}{})
	return !seen
}

func keys(name, address string) []string {
	out := []string{nameKey(name)}
	if key := addressKey(address); key != "" {
		out = append(out, key)
	}
	return out
}

func nameKey(name string) string {
	return "name:" + strings.ToLower(short(name))
}

// addressKey takes the network of an IPv6 address: one customer has 2^64 of
// them.
func addressKey(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		network, err := ip.Prefix(64)
		if err != nil {
			return ""
		}
		return "addr:" + network.String()
	}
	return "addr:" + ip.String()
}
