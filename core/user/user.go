// Package user is the people: their accounts, their passwords, and who of them
// administers the system. It must not know sessions or projects beyond taking
// away what a deleted account held; who may call what is decided above.
package user

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

// ID identifies an account for ever; a name can be used again.
type ID = int64

// AdminID is the account that the first start makes. It cannot be deleted.
const AdminID ID = 1

// User is a living account. Its password hash is never read into it.
type User struct {
	ID                ID `gorm:"primaryKey"`
	Name              string
	Email             string
	Realname          string
	Comment           string
	SysAdmin          bool `gorm:"column:sysadmin"`
	CreatedAt         time.Time
	UpdatedAt         time.Time
	PasswordChangedAt time.Time
}

// TableName is the table of the rows.
func (User) TableName() string { return "account" }

const columns = "id, name, email, realname, comment, sysadmin, created_at, updated_at, password_changed_at"

// Service makes, finds and changes accounts. It is safe for concurrent use.
type Service struct {
	db     *gorm.DB
	clock  func() time.Time
	params PasswordParams
	slots  chan struct{} // one for each password that may be hashed at a time
}

// NewService returns the Service over db. At most one password a processor is
// hashed at a time, so that a storm of sign-ins leaves the rest of the program
// its processor time and memory.
func NewService(db *gorm.DB, clock func() time.Time, params PasswordParams) *Service {
	return &Service{db: db, clock: clock, params: params, slots: make(chan struct{}, runtime.NumCPU())}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Get returns the account with an id.
func (s *Service) Get(ctx context.Context, id ID) (User, error) {
	return find(s.db.WithContext(ctx), id, "")
}

// FindByName returns the account with a name, whatever its letters' case.
func (s *Service) FindByName(ctx context.Context, name string) (User, error) {
	if name == "" {
		return User{}, fault.NotFound("user %s is not found", name)
	}
	return find(s.db.WithContext(ctx), 0, name)
}

// Find returns an account by id or, when id is 0, by name, and keeps it from
// being deleted until the transaction ends.
func Find(tx store.Tx, id ID, name string) (User, error) {
	return find(tx.Clauses(keyShare()), id, name)
}

func find(db *gorm.DB, id ID, name string) (User, error) {
	missing := fault.NotFound("user %d not found", id)
	db = db.Select(columns).Where("deleted_at IS NULL")
	if id != 0 {
		db = db.Where("id = ?", id)
	} else {
		missing = fault.NotFound("user %s is not found", printable(name))
		if !storable(name) {
			return User{}, missing
		}
		db = db.Where("lower(name) = lower(?)", name)
	}
	var out User
	err := db.Take(&out).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return User{}, missing
	}
	if err != nil {
		return User{}, fmt.Errorf("find user: %w", err)
	}
	return out, nil
}

// List returns one page of the accounts, by name unless the page says otherwise.
func (s *Service) List(ctx context.Context, p page.Page) (page.List[User], error) {
	db := s.db.WithContext(ctx).Model(&User{}).Where("deleted_at IS NULL")
	db, err := p.Apply(db, listColumns(), "lower(name)")
	if err != nil {
		return page.List[User]{}, err
	}
	return list(db, p)
}

// Search returns one page of the accounts whose names start with prefix, for
// somebody who is looking for a person to add.
func (s *Service) Search(ctx context.Context, prefix string, p page.Page) (page.List[User], error) {
	if !storable(prefix) {
		return page.List[User]{}, nil
	}
	// A range of names and not LIKE, so that the index on lower(name) serves it
	// whatever plan is cached.
	db := s.db.WithContext(ctx).Model(&User{}).Where("deleted_at IS NULL").
		Where("lower(name) >= lower(?) AND lower(name) < lower(?) || chr(1114111)", prefix, prefix)
	return list(db.Order("lower(name)"), p)
}

func list(db *gorm.DB, p page.Page) (page.List[User], error) {
	return page.Fetch[User](db, p, columns, "users")
}

func listColumns() page.Columns {
	return page.Columns{
		"user_id":       {SQL: "id", Kind: page.Int},
		"username":      {SQL: "name", Kind: page.Text},
		"email":         {SQL: "email", Kind: page.Text},
		"realname":      {SQL: "realname", Kind: page.Text},
		"comment":       {SQL: "comment", Kind: page.Text},
		"sysadmin_flag": {SQL: "sysadmin", Kind: page.Bool},
		"creation_time": {SQL: "created_at", Kind: page.Time},
		"update_time":   {SQL: "updated_at", Kind: page.Time},
	}
}

// storable says whether Postgres takes s as text at all.
func storable(s string) bool {
	return len(s) <= maxField*utf8.UTFMax && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// printable bounds a name that somebody sent before it goes into a message.
func printable(name string) string {
	if len(name) > maxField {
		name = name[:maxField]
	}
	return strings.ToValidUTF8(name, "\ufffd")
}
