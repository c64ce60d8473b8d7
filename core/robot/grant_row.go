package robot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// hold keeps the projects of grants from being deleted until the transaction ends.
// It comes before a robot is locked: who deletes a project has the same order.
func hold(tx store.Tx, grants []Grant, projects map[string]project.ID) error {
	var ids []project.ID
	for _, g := range grants {
		if g.Scope == Project {
			ids = append(ids, projects[g.Project])
		}
	}
	slices.Sort(ids)
	const lock = "SELECT id FROM project WHERE id = ANY($1) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE"
	rows, err := store.PgxTx(tx).Query(tx.Statement.Context, lock, ids)
	if err != nil {
		return fmt.Errorf("lock projects: %w", err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[project.ID])
	if err != nil {
		return fmt.Errorf("lock projects: %w", err)
	}
	if len(there) < len(ids) {
		return fault.NotFound("a project of the permissions is not there any more; load the list of projects again")
	}
	return nil
}

// give writes a robot's grants.
func give(tx store.Tx, id ID, grants []Grant, projects map[string]project.ID) error {
	var scopes, permissions []string
	var in []*project.ID
	for _, g := range grants {
		var of *project.ID
		if p := projects[g.Project]; g.Scope == Project {
			of = &p
		}
		scopes, in, permissions = append(scopes, string(g.Scope)), append(in, of), append(permissions, words(g.Permissions))
	}
	const insert = `INSERT INTO robot_grant (robot_id, scope, project_id, permissions)
		SELECT $1, scope, project_id, string_to_array(words, ' ') FROM unnest($2::text[], $3::bigint[], $4::text[]) AS g (scope, project_id, words)`
	if _, err := store.PgxTx(tx).Exec(tx.Statement.Context, insert, id, scopes, in, permissions); err != nil {
		return fmt.Errorf("give robot %d its permissions: %w", id, err)
	}
	return nil
}

func words(permissions []rbac.Permission) string {
	all := make([]string, len(permissions))
	for i, p := range permissions {
		all[i] = p.String()
	}
	return strings.Join(all, " ")
}

func permissions(words string) []rbac.Permission {
	var out []rbac.Permission
	for word := range strings.FieldsSeq(words) {
		resource, action, _ := strings.Cut(word, ":")
		out = append(out, rbac.On(rbac.Resource(resource), rbac.Action(action)))
	}
	return out
}

// grantsOf returns the grants of many robots with one query.
func grantsOf(db *gorm.DB, ids []ID) (map[ID][]Grant, error) {
	out := map[ID][]Grant{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		RobotID     ID
		Scope       Scope
		Project     string
		Permissions string
	}
	const query = `SELECT g.robot_id, g.scope, coalesce(p.name, '') AS project, array_to_string(g.permissions, ' ') AS permissions
		FROM robot_grant g LEFT JOIN project p ON p.id = g.project_id WHERE g.robot_id IN ?
		ORDER BY g.robot_id, CASE g.scope WHEN 'system' THEN 0 WHEN 'projects' THEN 1 ELSE 2 END, p.name`
	if err := db.Raw(query, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("look up grants of robots: %w", err)
	}
	for _, r := range rows {
		out[r.RobotID] = append(out[r.RobotID], Grant{Scope: r.Scope, Project: r.Project, Permissions: permissions(r.Permissions)})
	}
	return out, nil
}
