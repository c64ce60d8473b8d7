package auth

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// shownSessions bounds the list; somebody with more has forgotten the older ones.
const shownSessions = 100

// Seat is a session as its owner sees it, to recognise it and to end it.
type Seat struct {
	IDHash    []byte // SHA-256 of the cookie, from which nobody gets the cookie
	Address   string
	UserAgent string
	CreatedAt time.Time
	SeenAt    time.Time // within a minute
	ExpiresAt time.Time
}

// ID names the seat in paths.
func (s Seat) ID() string { return hex.EncodeToString(s.IDHash) }

// Seats lists where who is signed in, the one used last first.
func (s *Service) Seats(ctx context.Context, who rbac.Subject) ([]Seat, error) {
	const query = `SELECT id_hash, address, user_agent, created_at, seen_at, expires_at FROM session
		WHERE account_id = ? AND expires_at > ? ORDER BY seen_at DESC, created_at DESC, id_hash LIMIT ?`
	var out []Seat
	if err := s.db.WithContext(ctx).Raw(query, who.ID, s.now(), shownSessions).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return out, nil
}

// EndSeat signs who out of one of their sessions.
func (s *Service) EndSeat(ctx context.Context, who rbac.Subject, id string) error {
	key, err := hex.DecodeString(id)
	if err != nil {
		return noSeat()
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		ended := tx.Exec("DELETE FROM session WHERE account_id = ? AND id_hash = ?", who.ID, key)
		if ended.Error != nil {
			return fmt.Errorf("end session: %w", ended.Error)
		}
		if ended.RowsAffected == 0 {
			return noSeat()
		}
		return recordEnd(tx, who, "ended one session")
	})
}

func noSeat() error {
	return fault.NotFound("there is no such session of yours; it may have ended already")
}

// EndOtherSeats signs who out everywhere but in the session with the key; without
// one, everywhere.
func (s *Service) EndOtherSeats(ctx context.Context, who rbac.Subject, key []byte) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		if key == nil {
			key = []byte{} // which no session has
		}
		ended := tx.Exec("DELETE FROM session WHERE account_id = ? AND id_hash <> ?", who.ID, key)
		if ended.Error != nil {
			return fmt.Errorf("end sessions: %w", ended.Error)
		}
		if ended.RowsAffected == 0 {
			return nil
		}
		return recordEnd(tx, who, fmt.Sprintf("ended %d sessions elsewhere", ended.RowsAffected))
	})
}

func recordEnd(tx store.Tx, who rbac.Subject, what string) error {
	return audit.Record(tx, who, audit.Entry{
		Operation: audit.Logout, ResourceType: audit.User, Resource: who.Name,
		Description: "logout user: " + who.Name + " " + what,
	})
}
