package user

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

type credential struct {
	User
	PasswordHash *string
}

func (c credential) hash() string {
	if c.PasswordHash == nil {
		return ""
	}
	return *c.PasswordHash
}

// credential returns the account and its hash; the zero one when there is none.
func (s *Service) credential(ctx context.Context, condition string, arg any) (credential, error) {
	var out credential
	err := s.db.WithContext(ctx).Table("account").Select(columns+", password_hash").
		Where("deleted_at IS NULL").Where(condition, arg).Take(&out).Error
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return credential{}, fmt.Errorf("read credential: %w", err)
	}
	return out, nil
}

// VerifyPassword returns the account whose name and password these are, and
// fault.Unauthorized otherwise: the same words after the same work, whether the
// name or the password is wrong.
func (s *Service) VerifyPassword(ctx context.Context, name, password string) (User, error) {
	var c credential
	if storable(name) && name != "" {
		var err error
		if c, err = s.credential(ctx, "lower(name) = lower(?)", name); err != nil {
			return User{}, err
		}
	}
	ok, err := s.matches(ctx, password, c.hash())
	if err != nil {
		return User{}, err
	}
	if !ok {
		return User{}, fault.Unauthorized("unauthorized")
	}
	return c.User, nil
}

// SetPassword changes a password: one's own with the old one, an administrator
// anybody's without. The user's sessions end, but for those whose hashed ids are
// in keep: a person who changes their password stays signed in where they did.
func (s *Service) SetPassword(ctx context.Context, by rbac.Subject, id ID, old *string, password string, keep ...[]byte) error {
	own := by.Kind == rbac.Human && by.ID == id
	if !own && !by.SysAdmin {
		return fault.Forbidden("only an administrator can set the password of another user")
	}
	c, err := s.credential(ctx, "id = ?", id)
	if err != nil {
		return err
	}
	if c.ID == 0 {
		return fault.NotFound("user %d not found", id)
	}
	if own {
		if err := s.checkOld(ctx, c, old); err != nil {
			return err
		}
	}
	if err := CheckPassword(password); err != nil {
		return err
	}
	switch same, err := s.matches(ctx, password, c.hash()); {
	case err != nil:
		return err
	case same:
		return fault.Invalid("new_password", "the new password can not be same with the old one")
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		return s.replace(tx, by, c, hash, keep)
	})
}

func (s *Service) checkOld(ctx context.Context, c credential, old *string) error {
	if old != nil {
		ok, err := s.matches(ctx, *old, c.hash())
		if err != nil || ok {
			return err
		}
	}
	return fault.Forbidden("Current password is incorrect")
}

// replace writes the new hash if nobody else changed it while it was computed.
func (s *Service) replace(tx store.Tx, by rbac.Subject, c credential, hash string, keep [][]byte) error {
	const update = `UPDATE account SET password_hash = ?, password_changed_at = ?, updated_at = ?
		WHERE id = ? AND deleted_at IS NULL AND password_hash IS NOT DISTINCT FROM ?`
	now := s.now()
	changed := tx.Exec(update, hash, now, now, c.ID, c.PasswordHash)
	if changed.Error != nil {
		return fmt.Errorf("set password: %w", changed.Error)
	}
	if changed.RowsAffected == 0 {
		return fault.Conflict("the password of user %s was changed by somebody else at the same moment; try again", c.Name)
	}
	ended := tx.Table("session").Where("account_id = ?", c.ID)
	if len(keep) > 0 {
		ended = ended.Where("id_hash NOT IN ?", keep)
	}
	if err := ended.Delete(nil).Error; err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return audit.Record(tx, by, audit.Entry{
		Operation: audit.Update, ResourceType: audit.User, Resource: c.Name,
		Description: "update user: " + c.Name + ", password",
	})
}
