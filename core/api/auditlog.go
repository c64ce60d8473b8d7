package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	ID                   int64  `json:"id"`
	OpTime               Time   `json:"op_time"`
	Operation            string `json:"operation"`
	OperationDescription string `json:"operation_description,omitempty"`
	OperationResult      bool   `json:"operation_result"`
	Resource             string `json:"resource"`
	ResourceType         string `json:"resource_type"`
	Username             string `json:"username"`
}

func showAuditEntry(e audit.Event) AuditEntry {
	return AuditEntry{
		ID: e.ID, OpTime: Time(e.At), Operation: e.Operation, OperationDescription: e.Description,
		OperationResult: e.Succeeded, Resource: e.Resource, ResourceType: e.ResourceType, Username: e.Username,
	}
}

// LegacyAuditEntry is a line of the audit log as Harbor had it before 2.13: only
// pushes, pulls and deletions.
type LegacyAuditEntry struct {
	ID           int64  `json:"id"`
	OpTime       Time   `json:"op_time"`
	Operation    string `json:"operation"`
	Resource     string `json:"resource"`
	ResourceType string `json:"resource_type"`
	Username     string `json:"username"`
}

func showLegacyAuditEntry(e audit.Event) LegacyAuditEntry {
	return LegacyAuditEntry{
		ID: e.ID, OpTime: Time(e.At), Operation: e.Operation, Resource: e.Resource,
		ResourceType: e.ResourceType, Username: e.Username,
	}
}

// legacy narrows a page to what the old log has.
func legacy(p page.Page) page.Page {
	terms := append([]page.Term(nil), p.Query.Terms...)
	p.Query.Terms = append(terms,
		page.Term{Key: "resource_type", Op: page.Or, Values: []string{audit.Artifact, audit.Repository}},
		page.Term{Key: "operation", Op: page.Or, Values: []string{audit.Create, audit.Delete, audit.Pull}})
	return p
}

// ownScope is everything for who may read the whole log, and what they did
// themselves for others.
func ownScope(ctx context.Context) audit.Scope {
	if who := subject(ctx); !rbac.AllowedInSystem(who, rbac.On(rbac.AuditLog, rbac.List)) {
		return audit.Scope{Username: who.Name}
	}
	return audit.Scope{}
}

func projectScope(ctx context.Context) audit.Scope {
	id := access(ctx).ProjectID
	return audit.Scope{ProjectID: &id}
}

func (s *server) listAuditLogs(ctx context.Context, in *struct{ Paged }) (*list[LegacyAuditEntry], error) {
	return s.legacyLog(ctx, in.Paged, ownScope(ctx))
}

func (s *server) listAuditLogExts(ctx context.Context, in *struct{ Paged }) (*list[AuditEntry], error) {
	return s.log(ctx, in.Paged, ownScope(ctx))
}

func (s *server) projectLogs(ctx context.Context, in *struct {
	ProjectNamePath
	Paged
}) (*list[LegacyAuditEntry], error) {
	return s.legacyLog(ctx, in.Paged, projectScope(ctx))
}

func (s *server) projectLogExts(ctx context.Context, in *struct {
	ProjectNamePath
	Paged
}) (*list[AuditEntry], error) {
	return s.log(ctx, in.Paged, projectScope(ctx))
}

func (s *server) log(ctx context.Context, in Paged, scope audit.Scope) (*list[AuditEntry], error) {
	rows, err := s.Audit.List(ctx, scope, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showAuditEntry), nil
}

func (s *server) legacyLog(ctx context.Context, in Paged, scope audit.Scope) (*list[LegacyAuditEntry], error) {
	rows, err := s.Audit.List(ctx, scope, legacy(in.page))
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showLegacyAuditEntry), nil
}

// EventType is a kind of audit entry.
type EventType struct {
	EventType string `json:"event_type"`
}

type eventTypesOutput struct {
	Body []EventType `nullable:"false"`
}

func (s *server) auditEventTypes(context.Context, *struct{}) (*eventTypesOutput, error) {
	return &eventTypesOutput{shown(audit.EventTypes(), func(t string) EventType { return EventType{t} })}, nil
}
