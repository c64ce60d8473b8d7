package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

const (
	cookieSize = 32          // random bytes
	seenEvery  = time.Minute // a session's row is written no more often, unless the timeout is near that

	sweepBatch      = 1000
	sweepFailsAfter = 24 * time.Hour
)

// Session is a browser that has signed in.
type Session struct {
	// Cookie is what the browser keeps. Only Login returns it; the database has
	// its hash.
	Cookie    string
	Key       []byte // SHA-256 of the cookie
	User      user.User
	CreatedAt time.Time
	ExpiresAt time.Time // unless there is a request before
}

// String keeps the cookie out of logs.
func (s Session) String() string { return "session of " + s.User.Name }

// GoString is String for %#v.
func (s Session) GoString() string { return s.String() }

// Login checks name and password as Basic does, and starts a session. There are
// none for machines.
func (s *Service) Login(ctx context.Context, name, password string, from Source) (Session, error) {
	k, err := s.authenticate(ctx, name, password, from)
	if err != nil {
		return Session{}, err
	}
	if k.machine != nil {
		return Session{}, fault.Forbidden("%s is a robot account, which has no session: use its name and secret with docker login, or with the API as basic authentication", k.machine.Name)
	}
	u := k.user
	raw := make([]byte, cookieSize)
	if _, err := rand.Read(raw); err != nil {
		return Session{}, err
	}
	now := s.now()
	idle, err := s.idle(ctx)
	if err != nil {
		return Session{}, err
	}
	out := Session{Cookie: base64.RawURLEncoding.EncodeToString(raw), User: u, CreatedAt: now, ExpiresAt: s.expiry(idle, now, now)}
	out.Key = hashed(out.Cookie)
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		if err := unchanged(tx, u); err != nil {
			return err
		}
		const insert = "INSERT INTO session (account_id, id_hash, address, user_agent, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
		if err := tx.Exec(insert, u.ID, out.Key, short(from.Address), short(from.UserAgent), now, now, out.ExpiresAt).Error; err != nil {
			return fmt.Errorf("start session: %w", err)
		}
		return audit.Record(tx, subject(u, from.Address), audit.Entry{Operation: audit.Login, ResourceType: audit.User, Resource: u.Name})
	})
	if err != nil {
		return Session{}, err
	}
	return out, nil
}

// unchanged locks the account until the session is there, and refuses when the
// account was deleted or its password changed since the password was checked:
// that change ends all sessions, and must not miss this one.
func unchanged(tx store.Tx, u user.User) error {
	var changed []time.Time
	const lock = "SELECT password_changed_at FROM account WHERE id = ? AND deleted_at IS NULL FOR SHARE"
	if err := tx.Raw(lock, u.ID).Scan(&changed).Error; err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	if len(changed) == 0 || !changed[0].Equal(u.PasswordChangedAt) {
		return fault.Unauthorized("unauthorized")
	}
	return nil
}

func (s *Service) idle(ctx context.Context) (time.Duration, error) {
	idle, err := s.opts.SessionIdle(ctx)
	if err != nil {
		return 0, fmt.Errorf("timeout of sessions: %w", err)
	}
	return idle, nil
}

// expiry is when a session ends without another request. A timeout that is longer
// than a session lives otherwise makes it live for so long.
func (s *Service) expiry(timeout time.Duration, created, seen time.Time) time.Time {
	idle, absolute := seen.Add(timeout), created.Add(max(timeout, s.opts.SessionAbsolute))
	if absolute.Before(idle) {
		return absolute
	}
	return idle
}

// Session returns who a cookie belongs to, and puts the end of the session off.
// The subject has no address: it is the request's, not the session's. No session
// is fault.Unauthorized.
func (s *Service) Session(ctx context.Context, cookie string) (rbac.Subject, Session, error) {
	none := fault.Unauthorized("unauthorized")
	if len(cookie) != base64.RawURLEncoding.EncodedLen(cookieSize) {
		return rbac.Subject{}, Session{}, none
	}
	var row struct {
		user.User
		Started, SeenAt, ExpiresAt time.Time
	}
	key, now := hashed(cookie), s.now()
	err := s.db.WithContext(ctx).Table("session").
		Select("account.id, account.name, account.sysadmin, account.password_changed_at, session.created_at AS started, session.seen_at, session.expires_at").
		Joins("JOIN account ON account.id = session.account_id AND account.deleted_at IS NULL").
		Where("session.id_hash = ? AND session.expires_at > ?", key, now).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return rbac.Subject{}, Session{}, none
	}
	if err != nil {
		return rbac.Subject{}, Session{}, fmt.Errorf("look up session: %w", err)
	}
	idle, err := s.idle(ctx)
	if err != nil {
		return rbac.Subject{}, Session{}, err
	}
	if !s.expiry(idle, row.Started, row.SeenAt).After(now) { // the timeout has become shorter
		return rbac.Subject{}, Session{}, none
	}
	if now.Sub(row.SeenAt) >= min(seenEvery, idle/4) {
		row.ExpiresAt = s.expiry(idle, row.Started, now)
		const touch = "UPDATE session SET seen_at = ?, expires_at = ? WHERE id_hash = ? AND seen_at = ?"
		if err := s.db.WithContext(ctx).Exec(touch, now, row.ExpiresAt, key, row.SeenAt).Error; err != nil {
			return rbac.Subject{}, Session{}, fmt.Errorf("keep session: %w", err)
		}
	}
	return subject(row.User, ""), Session{Key: key, User: row.User, CreatedAt: row.Started, ExpiresAt: row.ExpiresAt}, nil
}

// Logout ends a session. One that has ended already is no error.
func (s *Service) Logout(ctx context.Context, cookie string) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		var ended []user.User
		const end = `DELETE FROM session USING account WHERE session.id_hash = ? AND account.id = session.account_id
			RETURNING account.id, account.name, account.sysadmin`
		if err := tx.Raw(end, hashed(cookie)).Scan(&ended).Error; err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if len(ended) == 0 {
			return nil
		}
		return audit.Record(tx, subject(ended[0], ""), audit.Entry{Operation: audit.Logout, ResourceType: audit.User, Resource: ended[0].Name})
	})
}

// Sweep removes sessions that have expired and failed sign-ins that no longer
// matter, and returns how many rows went. It holds no lock for long.
func (s *Service) Sweep(ctx context.Context) (int64, error) {
	now := s.now()
	var total int64
	for _, sweep := range []struct {
		sql   string
		until time.Time
	}{
		{"DELETE FROM session WHERE id_hash IN (SELECT id_hash FROM session WHERE expires_at <= ? LIMIT ? FOR UPDATE SKIP LOCKED)", now},
		{"DELETE FROM login_failure WHERE key IN (SELECT key FROM login_failure WHERE last_at < ? LIMIT ? FOR UPDATE SKIP LOCKED)", now.Add(-sweepFailsAfter)},
	} {
		for {
			gone := s.db.WithContext(ctx).Exec(sweep.sql, sweep.until, sweepBatch)
			if gone.Error != nil {
				return total, fmt.Errorf("sweep sessions: %w", gone.Error)
			}
			total += gone.RowsAffected
			if gone.RowsAffected < sweepBatch {
				break
			}
		}
	}
	return total, nil
}

func hashed(cookie string) []byte {
	sum := sha256.Sum256([]byte(cookie))
	return sum[:]
}
