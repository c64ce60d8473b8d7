package robot

import (
	"context"
	"slices"
	"strings"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
)

// List lists the robots of a project, or with 0 those of the system, in the order
// in which they were made.
func (s *Service) List(ctx context.Context, of project.ID, p page.Page) (page.List[Robot], error) {
	set, err := s.settings.Get(ctx)
	if err != nil {
		return page.List[Robot]{}, err
	}
	db := robots(s.db.WithContext(ctx)).Where("coalesce(robot.project_id, 0) = ?", of)
	db, err = withoutPrefix(p, set.RobotNamePrefix).Apply(db, listColumns(), "robot.id")
	if err != nil {
		return page.List[Robot]{}, err
	}
	out, err := page.Fetch[Robot](db, p, columns, "robots")
	if err != nil {
		return page.List[Robot]{}, err
	}
	rows := make([]*Robot, len(out.Items))
	for i := range out.Items {
		rows[i] = &out.Items[i]
	}
	return out, s.complete(s.db.WithContext(ctx), rows)
}

func listColumns() page.Columns {
	return page.Columns{
		"id":            {SQL: "robot.id", Kind: page.Int},
		"name":          {SQL: "(coalesce(project.name || '" + separator + "', '') || robot.name)", Kind: page.Text},
		"description":   {SQL: "robot.description", Kind: page.Text},
		"disable":       {SQL: "robot.disabled", Kind: page.Bool},
		"duration":      {SQL: "robot.duration", Kind: page.Int},
		"expires_at":    {SQL: "coalesce(extract(epoch FROM robot.expires_at)::bigint, -1)", Kind: page.Int},
		"creation_time": {SQL: "robot.created_at", Kind: page.Time},
		"update_time":   {SQL: "robot.updated_at", Kind: page.Time},
	}
}

// withoutPrefix lets people look for a name as they see it.
func withoutPrefix(p page.Page, prefix string) page.Page {
	p.Query.Terms = slices.Clone(p.Query.Terms)
	for i, term := range p.Query.Terms {
		if term.Key != "name" {
			continue
		}
		values := slices.Clone(term.Values)
		for j := range values {
			values[j] = strings.TrimPrefix(values[j], prefix)
		}
		p.Query.Terms[i].Values = values
	}
	return p
}
