package remote

import (
	"context"
	"errors"
	"sync"
	"time"
)

// temporaryMargin is how long before its end a password is not used any more.
const temporaryMargin = 5 * time.Minute

// temporary is the password of a registry that a vendor's API gives for a while.
type temporary struct {
	clock func() time.Time
	get   func(ctx context.Context) (user, password string, expires time.Time, err error)

	mu             sync.Mutex // held while it is fetched
	user, password string
	until          time.Time
}

// login is a login with the password, which it gets when there is none or it ends.
func (t *temporary) login(ctx context.Context) (string, string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.password != "" && t.clock().Before(t.until) {
		return t.user, t.password, nil
	}
	user, password, expires, err := t.get(ctx)
	if errors.Is(err, ErrNotFound) {
		return "", "", errors.New(err.Error()) // it is the account or the instance, not what is asked for with the password
	}
	if err != nil {
		return "", "", err
	}
	if password == "" {
		return "", "", errors.New("sign in to the registry: it gives no password")
	}
	t.user, t.password, t.until = user, password, expires.Add(-temporaryMargin)
	return user, password, nil
}
