package auth

import (
	"context"
	"fmt"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/user"
)

// joinThreshold is how many accounts, and questions whether a name is taken, one
// address may ask for before it has to wait: an office behind one address signs up,
// a list of names does not.
const joinThreshold = 20

// Join makes an account for somebody who is not known yet; whether that is allowed
// at all the caller has decided. The account administers nothing.
func (s *Service) Join(ctx context.Context, in user.New, from Source) (user.User, error) {
	if err := s.AdmitStranger(ctx, from); err != nil {
		return user.User{}, err
	}
	in.SysAdmin = false
	return s.users.Create(ctx, rbac.Subject{Name: in.Name, Address: from.Address}, in)
}

// AdmitStranger counts a request of somebody unknown that makes an account or asks
// whether one exists. After some from one address it is fault.TooMany for a growing
// time; a quiet hour forgets them.
func (s *Service) AdmitStranger(ctx context.Context, from Source) error {
	key := strings.Replace(addressKey(from.Address), "addr:", "join:", 1)
	if key == "" {
		key = "join:" // of requests without an address, all together
	}
	now := s.now()
	const admit = countFailure + " WHERE f.locked_until <= @now RETURNING f.key"
	var counted []string
	err := s.db.WithContext(ctx).Raw(admit, map[string]any{
		"key": key, "now": now, "forget": now.Add(-forgetAfter), "threshold": joinThreshold, "longest": longestLock.Seconds(),
	}).Scan(&counted).Error
	if err != nil {
		return fmt.Errorf("count registration: %w", err)
	}
	if len(counted) > 0 {
		return nil
	}
	locked := lockedError{key: key}
	if err := s.db.WithContext(ctx).Raw("SELECT locked_until FROM login_failure WHERE key = ?", key).Row().Scan(&locked.until); err != nil {
		return fmt.Errorf("look up registrations: %w", err)
	}
	wait := locked.seconds(now)
	return fault.TooMany(wait, "too many registrations from your address; try again in %d seconds", wait)
}
