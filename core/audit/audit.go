// Package audit is the record of who did what to what, and whether it worked.
// A change's entry is written in the change's own transaction, so that there is
// neither a change without an entry nor an entry without its change. Entries are
// only ever added; the package must not decide what is worth recording, and
// callers keep secrets out of what they hand over.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// What was done, as Harbor's clients know it.
const (
	Create = "create"
	Read   = "read"
	Update = "update"
	Delete = "delete"
	Pull   = "pull"
	Login  = "login"
	Logout = "logout"

	Restore = "restore" // our own: what was deleted came back
)

// What it was done to, as Harbor's clients know it.
const (
	Artifact        = "artifact"
	Project         = "project"
	Repository      = "repository"
	Member          = "member"
	User            = "user"
	Tag             = "tag"
	Robot           = "robot"
	Configuration   = "configuration"
	Quota           = "quota"
	Log             = "auditlog"
	Label           = "label"
	ImmutableRule   = "immutable_rule"
	Registry        = "registry"
	Replication     = "replication_policy"
	RetentionPolicy = "retention_policy"
)

const (
	maxText    = 2048      // bytes of one text column
	maxPayload = 16 * 1024 // bytes of a payload's JSON
)

// Entry is one thing that happened, before it is written.
type Entry struct {
	ProjectID    *int64
	Operation    string
	ResourceType string
	Resource     string
	Description  string // "" means "<operation> <resource type>: <resource>"
	Failed       bool
	Payload      any    // marshalled to JSON; must hold no secret
	RequestID    string // "" means the context's
}

// Service reads the record, and writes what has no transaction of its own.
type Service struct {
	db    *gorm.DB
	clock func() time.Time
}

// NewService returns the Service over db.
func NewService(db *gorm.DB, clock func() time.Time) *Service {
	return &Service{db: db, clock: clock}
}

const insertEvent = `
INSERT INTO audit_event (project_id, username, address, operation, resource_type, resource, description, succeeded, payload, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

// Record writes the entry in the transaction of the change it is about.
func Record(tx store.Tx, by rbac.Subject, e Entry) error {
	ctx, batch := tx.Statement.Context, &pgx.Batch{}
	if err := Queue(ctx, batch, by, e); err != nil {
		return err
	}
	if err := store.PgxTx(tx).SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("record audit entry: %w", err)
	}
	return nil
}

// Queue is Record for a batch of the transaction; ctx is the request's.
func Queue(ctx context.Context, batch *pgx.Batch, by rbac.Subject, e Entry) error {
	if e.RequestID == "" {
		e.RequestID = RequestID(ctx)
	}
	r, err := e.event(by)
	if err != nil {
		return err
	}
	batch.Queue(insertEvent, r.ProjectID, r.Username, r.Address, r.Operation, r.ResourceType, r.Resource, r.Description, r.Succeeded, r.Payload, r.RequestID)
	return nil
}

// RecordJob writes what somebody did to background work.
func RecordJob(tx store.Tx, by rbac.Subject, c job.Change) error {
	return Record(tx, by, Entry{Operation: c.Operation, ResourceType: c.Type, Resource: c.Resource, Description: c.Description})
}

// RecordNow writes an entry that belongs to no change: a sign-in, a refusal.
func (s *Service) RecordNow(ctx context.Context, by rbac.Subject, e Entry) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error { return Record(tx, by, e) })
}

func (e Entry) event(by rbac.Subject) (Event, error) {
	out := Event{
		ProjectID: e.ProjectID, Username: clean(by.Name), Address: clean(by.Address),
		Operation: e.Operation, ResourceType: e.ResourceType, Resource: clean(e.Resource),
		Description: clean(e.Description), Succeeded: !e.Failed, RequestID: clean(e.RequestID),
	}
	if out.Username == "" {
		out.Username = "anonymous"
	}
	if out.Description == "" {
		out.Description = clean(fmt.Sprintf("%s %s: %s", e.Operation, e.ResourceType, e.Resource))
	}
	if e.Payload == nil {
		return out, nil
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return Event{}, fmt.Errorf("marshal audit payload: %w", err)
	}
	if len(payload) > maxPayload {
		payload = fmt.Appendf(nil, `{"omitted":"the payload had %d bytes"}`, len(payload))
	}
	text := strings.ReplaceAll(string(payload), `\u0000`, `\ufffd`) // jsonb holds no NUL
	out.Payload = &text
	return out, nil
}

// clean makes text that Postgres takes, whatever a client sent: valid UTF-8
// without NUL, and bounded, cut between two characters.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}
