package audit

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Event is one row of the record.
type Event struct {
	ID           int64     `gorm:"primaryKey;autoIncrement"`
	At           time.Time `gorm:"default:now()"`
	ProjectID    *int64
	Username     string
	Address      string
	Operation    string
	ResourceType string
	Resource     string
	Description  string
	Succeeded    bool
	Payload      *string `gorm:"type:jsonb"`
	RequestID    string
}

// TableName is the table of the rows.
func (Event) TableName() string { return "audit_event" }

// Scope narrows a list to what the reader may see; the zero Scope is everything.
type Scope struct {
	ProjectID *int64 // only what happened in this project
	Username  string // only what this user did
}

// List returns one page of the record, newest first unless the page says
// otherwise, in two queries. The page is read along one of the indexes; all pages
// together are counted by the tally, or along an index for what a query lets through.
func (s *Service) List(ctx context.Context, scope Scope, p page.Page) (page.List[Event], error) {
	db := scope.narrow(s.db.WithContext(ctx).Model(&Event{}))
	p.Sort = byID(p.Sort)
	db, err := p.Apply(db, columns(), "id DESC")
	if err != nil {
		return page.List[Event]{}, err
	}
	var out page.List[Event]
	db = db.Session(&gorm.Session{}) // both queries below start from it
	if !filtered(p.Query) {
		out.Total, err = s.total(ctx, scope)
	} else {
		err = db.Count(&out.Total).Error
	}
	if err != nil {
		return page.List[Event]{}, fmt.Errorf("count audit entries: %w", err)
	}
	if err := p.Window(db).Find(&out.Items).Error; err != nil {
		return page.List[Event]{}, fmt.Errorf("list audit entries: %w", err)
	}
	return out, nil
}

// byID turns an order by time into the order of ids, which is the same to a
// reader and has an index.
func byID(sorts []page.Sort) []page.Sort {
	out := make([]page.Sort, 0, len(sorts))
	for _, s := range sorts {
		if s.Key == "op_time" || s.Key == "creation_time" {
			s.Key = "id"
		}
		out = append(out, s)
	}
	return out
}

func columns() page.Columns {
	return page.Columns{
		"id":                    {SQL: "id", Kind: page.Int},
		"op_time":               {SQL: "at", Kind: page.Time},
		"creation_time":         {SQL: "at", Kind: page.Time},
		"project_id":            {SQL: "project_id", Kind: page.Int},
		"username":              {SQL: "username", Kind: page.Text},
		"operation":             {SQL: "operation", Kind: page.Text},
		"resource_type":         {SQL: "resource_type", Kind: page.Text},
		"resource":              {SQL: "resource", Kind: page.Text},
		"operation_description": {SQL: "description", Kind: page.Text},
		"operation_result":      {SQL: "succeeded", Kind: page.Bool},
	}
}

// EventTypes lists the kinds of entries that settings and purges may name, in
// Harbor's order.
func EventTypes() []string {
	return []string{
		"create_artifact", "delete_artifact", "pull_artifact",
		"create_project", "delete_project", "delete_repository",
		"login_user", "logout_user", "create_user", "delete_user", "update_user",
		"create_robot", "delete_robot", "update_configuration",
		"create_member", "delete_member", "update_member", "update_project",
	}
}
