// Package auth finds out who is asking: by name and password, by a machine's name
// and secret, or by a browser's session. It brakes guessing, remembers a checked
// password for some moments, and writes sign-ins and refusals to the audit log. It
// must not decide what anybody may do, and neither its answers nor their timing say
// whether a name exists.
package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/user"
)

const countTimeout = 5 * time.Second

// Options are the lifetimes, and who knows the accounts of machines.
type Options struct {
	SessionIdle     func(context.Context) (time.Duration, error) // after a browser's last request
	SessionAbsolute time.Duration                                // after signing in
	Remember        time.Duration                                // how long a checked password is not hashed again
	Machines        Machines                                     // nil: there are none
}

// DefaultOptions are 60 minutes idle and 24 hours in all, one minute's memory for
// passwords, and no machines.
func DefaultOptions() Options {
	idle := func(context.Context) (time.Duration, error) { return time.Hour, nil }
	return Options{SessionIdle: idle, SessionAbsolute: 24 * time.Hour, Remember: time.Minute}
}

// Source is where a request came from.
type Source struct {
	Address   string // IP address without port; "" when it is not known
	UserAgent string
	Purpose   string // what it is for: api, portal, registry, token
}

// Service authenticates. It is safe for concurrent use.
type Service struct {
	db       *gorm.DB
	users    *user.Service
	log      *audit.Service
	clock    func() time.Time
	opts     Options
	memory   *memory
	throttle *throttle
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, users *user.Service, log *audit.Service, clock func() time.Time, opts Options) *Service {
	return &Service{
		db: db, users: users, log: log, clock: clock, opts: opts,
		memory: newMemory(opts.Remember), throttle: newThrottle(db),
	}
}

// now is in the microseconds that Postgres keeps.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Basic returns who has that name and password, a person or a machine. Wrong ones
// are fault.Unauthorized; after some of them the account and the address are locked
// for a growing time, which is fault.TooMany. Only refusals are audited.
func (s *Service) Basic(ctx context.Context, name, password string, from Source) (rbac.Subject, error) {
	k, err := s.authenticate(ctx, name, password, from)
	if err != nil {
		return rbac.Subject{}, err
	}
	return k.subject(from.Address), nil
}

// known is who a name and a password belong to.
type known struct {
	user    user.User
	machine *rbac.Subject // nil for a person
}

func (k known) subject(address string) rbac.Subject {
	if k.machine == nil {
		return subject(k.user, address)
	}
	out := *k.machine
	out.Address = address
	return out
}

func subject(u user.User, address string) rbac.Subject {
	return rbac.Subject{Kind: rbac.Human, ID: u.ID, Name: u.Name, SysAdmin: u.SysAdmin, Address: address}
}

func (s *Service) authenticate(ctx context.Context, name, password string, from Source) (known, error) {
	key := s.memory.key(name, password)
	if k, ok, err := s.recall(ctx, key, name, password); ok || err != nil {
		return k, err
	}
	// Attempts on one name are checked one after the other: neither can a burst
	// guess many times before the first failure counts, nor do the parallel
	// requests of one client each cost a hash.
	release, err := s.throttle.enter(ctx, name)
	if err != nil {
		return known{}, err
	}
	defer release()
	if k, ok, err := s.recall(ctx, key, name, password); ok || err != nil {
		return k, err
	}
	failed, err := s.throttle.admit(ctx, name, from.Address, s.now())
	var locked *lockedError
	if errors.As(err, &locked) {
		return known{}, s.refuseLocked(ctx, name, from, locked)
	}
	if err != nil {
		return known{}, err
	}
	k, err := s.check(ctx, key, name, password)
	if wrong := errors.Is(err, fault.ErrUnauthorized) && !hasEnded(err); wrong {
		return known{}, s.refuse(ctx, name, from, err)
	}
	if err != nil {
		return known{}, err
	}
	if failed {
		if err := s.throttle.forgive(ctx, name); err != nil {
			return known{}, err
		}
	}
	return k, nil
}

// check asks the machines and then the people, and remembers what was right. A
// wrong secret of a machine takes as long as a name that nobody has.
func (s *Service) check(ctx context.Context, key memoryKey, name, password string) (known, error) {
	if k, ok, err := s.machine(ctx, name, password); ok || err != nil {
		if ok {
			s.memory.putMachine(key, s.now())
		}
		return k, err
	}
	u, err := s.users.VerifyPassword(ctx, name, password)
	if err != nil {
		return known{}, err
	}
	s.memory.put(key, u, s.now())
	return known{user: u}, nil
}

// recall returns the account of a password that was checked before, as the account
// is now. A changed password and a deleted account are forgotten.
func (s *Service) recall(ctx context.Context, key memoryKey, name, password string) (known, bool, error) {
	seen, ok := s.memory.get(key, s.now())
	if !ok {
		return known{}, false, nil
	}
	if seen.machine {
		k, ok, err := s.machine(ctx, name, password)
		if !ok && err == nil {
			s.memory.drop(key)
		}
		return k, ok, err
	}
	u, err := s.users.Get(ctx, seen.id)
	switch gone := errors.Is(err, fault.ErrNotFound); {
	case err != nil && !gone:
		return known{}, false, err
	case gone || !u.PasswordChangedAt.Equal(seen.passwordChangedAt):
		s.memory.drop(key)
		return known{}, false, nil
	}
	return known{user: u}, true, nil
}

// refuse counts a wrong name or password and writes it down, both or neither.
// It does so even if the request is over: a guesser who hangs up when the answer
// is late would not be counted.
func (s *Service) refuse(ctx context.Context, name string, from Source, reason error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTimeout)
	defer cancel()
	err := s.throttle.fail(ctx, name, from.Address, s.now(), refusal(name, from, "wrong user name or password"))
	if err != nil {
		return err
	}
	return reason
}

// refuseLocked writes down the first refusal of each lock and no more: what a
// locked-out guesser can do without end must not fill the database.
func (s *Service) refuseLocked(ctx context.Context, name string, from Source, locked *lockedError) error {
	if s.throttle.firstOf(locked) {
		r := refusal(name, from, "locked after too many wrong passwords")
		if err := s.log.RecordNow(ctx, r.by, r.entry); err != nil {
			return err
		}
	}
	wait := locked.seconds(s.now())
	return fault.TooMany(wait, "too many failed sign-ins; try again in %d seconds", wait)
}

type refusedEntry struct {
	by    rbac.Subject
	entry audit.Entry
}

func refusal(name string, from Source, reason string) refusedEntry {
	return refusedEntry{
		by: rbac.Subject{Name: name, Address: from.Address},
		entry: audit.Entry{
			Operation: audit.Login, ResourceType: audit.User, Resource: name, Failed: true,
			Description: fmt.Sprintf("login user: %s refused, %s", name, reason),
			Payload:     map[string]string{"purpose": from.Purpose, "user_agent": short(from.UserAgent)},
		},
	}
}

// short bounds what a client says about itself, and makes it text that Postgres
// takes.
func short(s string) string {
	const longest = 256 // characters
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	return fmt.Sprintf("%.*s", longest, s)
}
