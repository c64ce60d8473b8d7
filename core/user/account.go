package user

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// An insert that refers to an account takes this lock; deleting one takes FOR
// UPDATE, so one of the two waits for the other.
func keyShare() clause.Locking { return clause.Locking{Strength: "KEY SHARE"} }

// Create makes an account. Names and mail addresses are unique among the living
// whatever their case.
func (s *Service) Create(ctx context.Context, by rbac.Subject, in New) (User, error) {
	if err := in.check(); err != nil {
		return User{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var out User
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		now := s.now()
		row := struct {
			User
			PasswordHash string
		}{User{
			Name: in.Name, Email: in.Email, Realname: in.Realname, Comment: in.Comment, SysAdmin: in.SysAdmin,
			CreatedAt: now, UpdatedAt: now, PasswordChangedAt: now,
		}, hash}
		if err := tx.Table("account").Create(&row).Error; err != nil {
			return taken(err, in.Name, in.Email)
		}
		out = row.User
		return audit.Record(tx, by, audit.Entry{Operation: audit.Create, ResourceType: audit.User, Resource: in.Name})
	})
	return out, err
}

// UpdateProfile changes what a person says about themselves. A since that is not
// the account's UpdatedAt refuses; nil does not care.
func (s *Service) UpdateProfile(ctx context.Context, by rbac.Subject, id ID, in Profile, since *time.Time) error {
	if err := in.check(); err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		who, err := find(tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), id, "")
		if err != nil {
			return err
		}
		if err := store.Unchanged(since, who.UpdatedAt); err != nil {
			return err
		}
		const update = "UPDATE account SET email = ?, realname = ?, comment = ?, updated_at = ? WHERE id = ?"
		if err := tx.Exec(update, in.Email, in.Realname, in.Comment, s.now(), id).Error; err != nil {
			return taken(err, who.Name, in.Email)
		}
		return audit.Record(tx, by, audit.Entry{Operation: audit.Update, ResourceType: audit.User, Resource: who.Name})
	})
}

func taken(err error, name, email string) error {
	if store.IsUnique(err, "account_name_key") || store.IsUnique(err, "account_email_key") {
		return fault.Conflict("user %s or email %s already exists", name, email)
	}
	return fmt.Errorf("write account: %w", err)
}

// SetSysAdmin makes a user a system administrator, or no longer one. There is
// always one left.
func (s *Service) SetSysAdmin(ctx context.Context, by rbac.Subject, id ID, flag bool) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		if !flag {
			if err := othersAdminister(tx, id, "made an ordinary user"); err != nil {
				return err
			}
		}
		who, err := Find(tx, id, "")
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE account SET sysadmin = ?, updated_at = ? WHERE id = ?", flag, s.now(), id).Error; err != nil {
			return fmt.Errorf("set administrator flag: %w", err)
		}
		return audit.Record(tx, by, audit.Entry{
			Operation: audit.Update, ResourceType: audit.User, Resource: who.Name,
			Description: fmt.Sprintf("update user: %s, system administrator: %t", who.Name, flag),
		})
	})
}

// othersAdminister refuses when id is the only system administrator. It locks
// all of them, in one order, so that two who are demoted at once are counted one
// after the other.
func othersAdminister(tx store.Tx, id ID, what string) error {
	const lock = "SELECT id FROM account WHERE sysadmin AND deleted_at IS NULL ORDER BY id FOR UPDATE"
	var admins []ID
	if err := tx.Raw(lock).Scan(&admins).Error; err != nil {
		return fmt.Errorf("lock administrators: %w", err)
	}
	if len(admins) == 1 && admins[0] == id {
		return fault.Precondition("the last system administrator cannot be %s; make another user an administrator first", what)
	}
	return nil
}

// Topic is noted (core/change) when an account is deleted.
func Topic(id ID) change.Topic { return change.Topic(fmt.Sprintf("account:%d", id)) }

// Delete removes an account: its sessions end, its memberships go, its name can
// be used again. Nobody deletes themselves, or the first administrator.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id ID) error {
	if id == AdminID {
		return fault.Forbidden("User with ID %d can not be deleted: it is the administrator that the first start made", id)
	}
	if by.Kind == rbac.Human && by.ID == id {
		return fault.Forbidden("User with ID %d can not be deleted: nobody deletes themselves; ask another administrator", id)
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		if err := othersAdminister(tx, id, "deleted"); err != nil {
			return err
		}
		var name string
		err := tx.Raw("SELECT name FROM account WHERE id = ? AND deleted_at IS NULL FOR UPDATE", id).Row().Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound("user %d not found", id)
		}
		if err != nil {
			return fmt.Errorf("lock account: %w", err)
		}
		now := s.now()
		if err := change.Note(ctx, store.PgxTx(tx), Topic(id)); err != nil {
			return err
		}
		for _, done := range []*gorm.DB{
			tx.Exec("UPDATE account SET deleted_at = ?, updated_at = ?, sysadmin = false, password_hash = NULL WHERE id = ?", now, now, id),
			tx.Exec("DELETE FROM session WHERE account_id = ?", id),
			tx.Exec("DELETE FROM role_grant WHERE principal_kind = 'u' AND principal_id = ?", id),
		} {
			if done.Error != nil {
				return fmt.Errorf("delete account: %w", done.Error)
			}
		}
		return audit.Record(tx, by, audit.Entry{Operation: audit.Delete, ResourceType: audit.User, Resource: name})
	})
}
