package stats

import (
	"context"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// MaxDays is how far back activity can be asked for.
const MaxDays = 365

// Day is what happened on a day (UTC), and how many bytes were stored when it ended.
type Day struct {
	Day    time.Time
	Pushes int64
	Pulls  int64
	Stored int64
}

// A day without a row of its own stores what the day before did. So the sum over
// many projects is what they stored before the first day, and then what changed.
const activity = `WITH span AS (SELECT (now() AT TIME ZONE 'UTC')::date AS last, (now() AT TIME ZONE 'UTC')::date - ?::integer + 1 AS first),
seen AS MATERIALIZED (SELECT p.id FROM project p WHERE p.deleted_at IS NULL AND %s),
level AS (
  SELECT d.project_id, d.day, d.stored FROM span JOIN project_day d ON d.day BETWEEN span.first AND span.last JOIN seen ON seen.id = d.project_id
  WHERE d.stored IS NOT NULL
  UNION ALL
  SELECT seen.id, span.first - 1, before.stored FROM span CROSS JOIN seen CROSS JOIN LATERAL (
    SELECT d.stored FROM project_day d WHERE d.project_id = seen.id AND d.day < span.first AND d.stored IS NOT NULL ORDER BY d.day DESC LIMIT 1) before),
change AS (SELECT day, stored - coalesce(lag(stored) OVER (PARTITION BY project_id ORDER BY day), 0) AS bytes FROM level),
happened AS (
  SELECT d.day, sum(d.pushes)::bigint AS pushes, sum(d.pulls)::bigint AS pulls
  FROM span JOIN project_day d ON d.day BETWEEN span.first AND span.last JOIN seen ON seen.id = d.project_id GROUP BY d.day)
SELECT g.day::date AS day, coalesce(h.pushes, 0) AS pushes, coalesce(h.pulls, 0) AS pulls, (sum(coalesce(c.bytes, 0)) OVER (ORDER BY g.day))::bigint AS stored
FROM span CROSS JOIN generate_series(span.first - 1, span.last, interval '1 day') AS g(day)
LEFT JOIN happened h ON h.day = g.day
LEFT JOIN (SELECT day, sum(bytes) AS bytes FROM change GROUP BY day) c ON c.day = g.day
ORDER BY g.day`

// Activity sums the last days over the projects that who can see, oldest first,
// today last and one of each.
func (s *Service) Activity(ctx context.Context, who rbac.Subject, days int) ([]Day, error) {
	visible, args := project.Visible("p", who, rbac.On(rbac.Project, rbac.List))
	return s.activity(ctx, days, visible, args)
}

// ProjectActivity is Activity of one project.
func (s *Service) ProjectActivity(ctx context.Context, id project.ID, days int) ([]Day, error) {
	return s.activity(ctx, days, "p.id = ?", []any{id})
}

func (s *Service) activity(ctx context.Context, days int, seen string, args []any) ([]Day, error) {
	if days < 1 || days > MaxDays {
		return nil, fault.Unprocessable("days in query should be 1 to %d", MaxDays)
	}
	var out []Day
	if err := s.db.WithContext(ctx).Raw(fmt.Sprintf(activity, seen), append([]any{days}, args...)...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("sum up activity: %w", err)
	}
	return out[1:], nil // the first is the day before
}
