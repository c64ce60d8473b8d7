package user

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const maxPinned = 50

// Preferences are what a person chose in the portal, so that it is the same in every
// browser. "" is no choice.
type Preferences struct {
	Language       string  `json:"language,omitempty"`
	Theme          string  `json:"theme,omitempty"`
	PullClient     string  `json:"pull_client,omitempty"`
	PinnedProjects []int64 `json:"pinned_projects,omitempty"` // ids, in the person's order; a project may be gone
}

// Languages are those that the portal speaks.
func Languages() []string { return []string{"en", "zh-CN"} }

// Themes are light, dark, and what the browser prefers.
func Themes() []string { return []string{"light", "dark", "auto"} }

// PullClients are the programs whose commands the portal shows.
func PullClients() []string {
	return []string{"docker", "podman", "nerdctl", "crane", "oras", "helm"}
}

func (p Preferences) check() error {
	for _, c := range []struct {
		field, value string
		choices      []string
	}{{"language", p.Language, Languages()}, {"theme", p.Theme, Themes()}, {"pull_client", p.PullClient, PullClients()}} {
		if c.value != "" && !slices.Contains(c.choices, c.value) {
			return fault.Invalid(c.field, "%s cannot be %.64q; it must be one of %s, or empty", c.field, c.value, strings.Join(c.choices, ", "))
		}
	}
	if len(p.PinnedProjects) > maxPinned {
		return fault.Invalid("pinned_projects", "at most %d projects can be pinned", maxPinned)
	}
	for i, id := range p.PinnedProjects {
		if id < 1 || slices.Contains(p.PinnedProjects[:i], id) {
			return fault.Invalid("pinned_projects", "pinned_projects must be ids of different projects")
		}
	}
	return nil
}

// Preferences returns what a person chose.
func (s *Service) Preferences(ctx context.Context, id ID) (Preferences, error) {
	var found []string
	const query = "SELECT preferences FROM account WHERE id = ? AND deleted_at IS NULL"
	if err := s.db.WithContext(ctx).Raw(query, id).Scan(&found).Error; err != nil {
		return Preferences{}, fmt.Errorf("read preferences: %w", err)
	}
	if len(found) == 0 {
		return Preferences{}, fault.NotFound("user %d not found", id)
	}
	var out Preferences
	if err := json.Unmarshal([]byte(found[0]), &out); err != nil {
		return Preferences{}, fmt.Errorf("read preferences: %w", err)
	}
	return out, nil
}

// SetPreferences replaces what a person chose.
func (s *Service) SetPreferences(ctx context.Context, by rbac.Subject, id ID, p Preferences) error {
	if err := p.check(); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		who, err := Find(tx, id, "")
		if err != nil {
			return err
		}
		const update = "UPDATE account SET preferences = ?::jsonb WHERE id = ? AND preferences <> ?::jsonb"
		changed := tx.Exec(update, string(text), id, string(text))
		if changed.Error != nil {
			return fmt.Errorf("set preferences: %w", changed.Error)
		}
		if changed.RowsAffected == 0 {
			return nil
		}
		return audit.Record(tx, by, audit.Entry{
			Operation: audit.Update, ResourceType: audit.User, Resource: who.Name,
			Description: "update user: " + who.Name + ", preferences",
		})
	})
}
