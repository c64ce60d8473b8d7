package settings

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Item is a setting as a client sees it. Value is a bool, an int64, a string, or
// the JSON of a key whose function is not there.
type Item struct {
	Key      string
	Value    any
	Editable bool
}

// List returns every setting and every key of Harbor that is none yet, and when
// one was changed last.
func (s *Service) List(ctx context.Context) ([]Item, time.Time, error) {
	now, err := s.current(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	var out []Item
	for _, f := range Fields() {
		out = append(out, Item{Key: f.Key, Value: f.value(now.Settings), Editable: !s.fixed(f.Key)})
	}
	for _, f := range later() {
		if !f.write {
			out = append(out, Item{Key: f.key, Value: json.RawMessage(f.value)})
		}
	}
	return out, now.changedAt, nil
}

func (s *Service) fixed(key string) bool { return slices.Contains(s.given.Keys, key) }

// Update changes the settings that are named, all or none. null leaves one as it
// is, and so does a key that Harbor does not know, as with Harbor. A since that
// is not the last change's time refuses.
func (s *Service) Update(ctx context.Context, by rbac.Subject, values map[string]json.RawMessage, since *time.Time) error {
	wanted, err := s.check(values)
	if err != nil {
		return err
	}
	err = store.InTx(ctx, s.db, func(tx store.Tx) error { return s.change(tx, by, wanted, since) })
	if err != nil {
		return err
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	// The change is made whatever becomes of this: the next Get reads again.
	_, _ = s.refresh(ctx)
	return nil
}

// check returns the settings that a client wants to have, by key.
func (s *Service) check(values map[string]json.RawMessage) (map[string]any, error) {
	sent := maps.Clone(values)
	maps.DeleteFunc(sent, func(_ string, raw json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(raw), []byte("null")) })
	out := map[string]any{}
	for _, f := range Fields() {
		raw, ok := sent[f.Key]
		if !ok {
			continue
		}
		value, err := f.parse(raw)
		if err != nil {
			return nil, err
		}
		if s.fixed(f.Key) {
			if value != f.value(s.given.Values) {
				return nil, fault.Invalid(f.Key, "%s is set by the server's configuration file or environment; change it there and start the server again", f.Key)
			}
			continue
		}
		out[f.Key] = value
	}
	for _, f := range later() {
		if raw, ok := sent[f.key]; ok {
			if err := f.accept(raw); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// change writes what differs, each with its audit entry.
func (s *Service) change(tx store.Tx, by rbac.Subject, wanted map[string]any, since *time.Time) error {
	// Those who change settings take turns; those who read them do not wait.
	if err := tx.Exec("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
		return fmt.Errorf("lock settings: %w", err)
	}
	have, err := s.read(tx.DB)
	if err != nil {
		return err
	}
	if err := store.Unchanged(since, have.changedAt); err != nil {
		return err
	}
	// Clients see milliseconds: two changes never have the same time.
	at := s.clock().UTC().Truncate(time.Millisecond)
	if next := have.changedAt.Truncate(time.Millisecond).Add(time.Millisecond); at.Before(next) {
		at = next
	}
	for _, f := range Fields() {
		value, ok := wanted[f.Key]
		old := f.value(have.Settings)
		if !ok || value == old {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		const put = `INSERT INTO setting (key, value, updated_at, updated_by) VALUES (?, ?::jsonb, ?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by`
		if err := tx.Exec(put, f.Key, string(text), at, by.Name).Error; err != nil {
			return fmt.Errorf("change setting %s: %w", f.Key, err)
		}
		err = audit.Record(tx, by, audit.Entry{
			Operation: audit.Update, ResourceType: audit.Configuration, Resource: f.Key,
			Description: fmt.Sprintf("update configuration: %s from %v to %v", f.Key, old, value),
			Payload:     map[string]any{"key": f.Key, "old": old, "new": value},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
