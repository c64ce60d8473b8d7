// Package settings is what an administrator can change while the server runs,
// under Harbor's keys. A setting is one tagged field of Settings: the API, the
// documentation and the portal's form follow from it. It must not act on what it
// holds; whoever is told by a setting asks for it.
package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// Settings are all of them. A duration is told to clients in its unit. Tags:
// allowed lists words, or numbers and ranges of them, separated by bars; length
// bounds a text's characters, form is the pattern that it has.
type Settings struct {
	SelfRegistration           bool          `setting:"self_registration" default:"false" doc:"Whether people may make an account for themselves."`
	ProjectCreationRestriction string        `setting:"project_creation_restriction" default:"everyone" allowed:"everyone|adminonly" doc:"Who may create projects: everyone who has signed in, or system administrators only."`
	ReadOnly                   bool          `setting:"read_only" default:"false" doc:"While it is true nothing can be pushed, changed or deleted; pulling and looking go on."`
	StoragePerProject          int64         `setting:"storage_per_project" default:"-1" allowed:"-1|1..1125899906842624" unit:"bytes" doc:"How much a new project may store when nothing else is said; -1 for no limit."`
	RobotNamePrefix            string        `setting:"robot_name_prefix" default:"robot$" length:"1..64" form:"^[A-Za-z0-9._@$#~!*-]+$" doc:"What the names of robots begin with. Robots that are there have their new name at once: change what signs in with the old one."`
	RobotTokenDuration         int64         `setting:"robot_token_duration" default:"30" allowed:"-1|1..36500" unit:"days" doc:"How long a new robot is valid when nothing else is said; -1 for ever."`
	TokenExpiration            time.Duration `setting:"token_expiration" default:"30" allowed:"1..1440" unit:"minutes" doc:"How long a registry token is valid."`
	SessionTimeout             time.Duration `setting:"session_timeout" default:"60" allowed:"1..43200" unit:"minutes" doc:"A portal session ends when it was not used for so long."`
	RecoveryWindow             time.Duration `setting:"recovery_days" default:"14" allowed:"0..365" unit:"days" doc:"How long what is deleted can be restored, unless its project says otherwise; 0 for not at all. What is in the recycle bin keeps the time that held when it was deleted."`
	BannerMessage              string        `setting:"banner_message" default:"" length:"0..4096" doc:"A message that the portal shows to everybody: a JSON object with message, type (info, success, warning, danger), closable, fromDate and toDate, or empty for none."`
}

// life is how long a change that another process made may stay unseen.
const life = time.Second

// Given are settings that the configuration file or the environment gives: nobody
// can change them while the server runs.
type Given struct {
	Values Settings
	Keys   []string // which of the Values are given
}

// Service reads and changes settings. It is safe for concurrent use.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
	given Given

	now     atomic.Pointer[snapshot]
	reading sync.Mutex // held from the query to the store of now, so that an older answer never replaces a newer one
}

// snapshot is what the database had at a time.
type snapshot struct {
	Settings
	changedAt time.Time // the last change of any; zero when there was none
	readAt    time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time, given Given) *Service {
	return &Service{db: db, clock: clock, given: given}
}

// Get returns the settings as they were at most a second ago, and as this process
// has changed them.
func (s *Service) Get(ctx context.Context) (Settings, error) {
	now, err := s.current(ctx)
	return now.Settings, err
}

func (s *Service) current(ctx context.Context) (snapshot, error) {
	if have := s.fresh(); have != nil {
		return *have, nil
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	if have := s.fresh(); have != nil { // another request has read them meanwhile
		return *have, nil
	}
	return s.refresh(ctx)
}

func (s *Service) fresh() *snapshot {
	have := s.now.Load()
	if have == nil || s.clock().Sub(have.readAt) >= life {
		return nil
	}
	return have
}

// refresh reads the settings; reading is held.
func (s *Service) refresh(ctx context.Context) (snapshot, error) {
	at := s.clock()
	out, err := s.read(s.db.WithContext(ctx))
	if err != nil {
		s.now.Store(nil)
		return snapshot{}, err
	}
	out.readAt = at
	s.now.Store(&out)
	return out, nil
}

// read returns the settings as db has them. A value that this version does not
// allow, from another version of the program, counts as the default.
func (s *Service) read(db *gorm.DB) (snapshot, error) {
	var rows []struct {
		Key       string
		Value     string
		UpdatedAt time.Time
	}
	if err := db.Raw("SELECT key, value, updated_at FROM setting").Scan(&rows).Error; err != nil {
		return snapshot{}, fmt.Errorf("read settings: %w", err)
	}
	stored := map[string]json.RawMessage{}
	var out snapshot
	for _, r := range rows {
		stored[r.Key] = json.RawMessage(r.Value)
		if r.UpdatedAt.After(out.changedAt) {
			out.changedAt = r.UpdatedAt
		}
	}
	target, given := reflect.ValueOf(&out.Settings).Elem(), reflect.ValueOf(s.given.Values)
	for _, f := range Fields() {
		at := target.Field(f.index)
		if s.fixed(f.Key) {
			at.Set(given.Field(f.index))
			continue
		}
		value, err := f.parse(stored[f.Key])
		if err != nil { // also when nobody has changed it
			value = f.Default
		}
		f.put(at, value)
	}
	return out, nil
}
