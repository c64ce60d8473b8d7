package project

import (
	"context"
	"fmt"
)

// RecoverableSQL takes ids of projects and the time. It begins with what was deleted and
// can be restored, so that its cost grows with the recycle bin and not with the project.
const RecoverableSQL = `
SELECT x.project_id AS id, sum(b.size)::bigint AS bytes FROM (
  SELECT DISTINCT a.project_id, e.blob_id FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id
  LEFT JOIN gc_candidate c ON c.kind = 'artifact' AND c.id = a.id AND c.scope_id = 0
  WHERE a.project_id IN ? AND a.deleted_at IS NOT NULL AND coalesce(c.not_before, 'infinity') > ?) x
JOIN blob b ON b.id = x.blob_id
WHERE NOT EXISTS (SELECT FROM artifact_blob o JOIN artifact y ON y.id = o.artifact_id
  WHERE o.blob_id = x.blob_id AND y.project_id = x.project_id AND y.deleted_at IS NULL)
GROUP BY x.project_id`

// Recoverable is how many bytes of what projects use only the artifacts keep that were
// deleted and can be restored, with one query. A project without any is not in the
// answer.
func (s *Service) Recoverable(ctx context.Context, ids []ID) (map[ID]int64, error) {
	out := map[ID]int64{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct{ ID, Bytes int64 }
	if err := s.db.WithContext(ctx).Raw(RecoverableSQL, ids, s.now()).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("measure what can be restored: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Bytes
	}
	return out, nil
}
