package user

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// EnsureAdmin makes the first administrator, admin with id 1, unless there is
// one. Without a password it makes up one and returns it, the only time that it
// can be read. Of several servers that start at once one creates. What else a
// first start makes is made with it, in one transaction, or not at all.
func (s *Service) EnsureAdmin(ctx context.Context, password string, also ...func(store.Tx) error) (created bool, generated string, err error) {
	var there bool
	const exists = "SELECT EXISTS (SELECT FROM account WHERE id = ?)"
	if err := s.db.WithContext(ctx).Raw(exists, AdminID).Scan(&there).Error; err != nil {
		return false, "", fmt.Errorf("look for the administrator: %w", err)
	}
	if there {
		return false, "", nil
	}
	if password == "" {
		if generated, err = generatePassword(); err != nil {
			return false, "", err
		}
		password = generated
	}
	if err := CheckPassword(password); err != nil {
		return false, "", fmt.Errorf("the first administrator's password: %w", err)
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return false, "", err
	}
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		if created, err = s.insertAdmin(tx, hash); err != nil || !created {
			return err
		}
		for _, fn := range also {
			if err := fn(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !created {
		return false, "", err
	}
	return true, generated, nil
}

func (s *Service) insertAdmin(tx store.Tx, hash string) (bool, error) {
	const insert = `INSERT INTO account (id, name, realname, comment, password_hash, sysadmin, created_at, updated_at, password_changed_at)
		OVERRIDING SYSTEM VALUE VALUES (?, 'admin', 'system admin', 'admin user', ?, true, ?, ?, ?) ON CONFLICT DO NOTHING`
	now := s.now()
	inserted := tx.Exec(insert, AdminID, hash, now, now, now)
	if inserted.Error != nil {
		return false, fmt.Errorf("make the administrator: %w", inserted.Error)
	}
	if inserted.RowsAffected == 0 {
		return false, nil
	}
	const next = "SELECT setval(pg_get_serial_sequence('account', 'id'), (SELECT max(id) FROM account))"
	if err := tx.Exec(next).Error; err != nil {
		return false, fmt.Errorf("make the administrator: %w", err)
	}
	return true, audit.Record(tx, rbac.SystemSubject(), audit.Entry{Operation: audit.Create, ResourceType: audit.User, Resource: "admin"})
}

// generatePassword makes 20 characters, of those that are not mistaken for one
// another, that meet the rule for passwords: about 115 bits.
func generatePassword() (string, error) {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
	for {
		out := make([]byte, 20)
		for i := range out {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
			if err != nil {
				return "", err
			}
			out[i] = alphabet[n.Int64()]
		}
		if CheckPassword(string(out)) == nil {
			return string(out), nil
		}
	}
}
