package project

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Restored is a project that came back, under a name of its own or another.
type Restored struct {
	Lost
	ID   ID
	Name string
}

const (
	// Not FOR UPDATE: garbage collection, which counts what it takes from the project's
	// usage, does not wait for this.
	lockDeleted = `
SELECT p.name, d.robots, d.robot_grants, d.retention_policies FROM project p JOIN project_deletion d ON d.project_id = p.id
WHERE p.id = ? AND p.deleted_at IS NOT NULL AND d.until > ? FOR NO KEY UPDATE OF p`

	// Its retention policy was deleted with it.
	undelete = `UPDATE project SET deleted_at = NULL, updated_at = ?, name = ?, metadata = metadata - '` + RetentionID + `' WHERE id = ?`

	longestRepository = `SELECT coalesce(max(octet_length(name)), 0) FROM repository WHERE project_id = ?`

	// Those in the bin, too: they come back under the project's name.
	renameRepositories = `UPDATE repository SET full_name = ? || '/' || name WHERE project_id = ?`
)

// Restore brings back a deleted project with its members, settings, quota, labels and
// rules, under the name as, or its own when that is "". What was in its recycle bin is
// there again. What goes by the project's name is by its id everywhere but in the full
// names of its repositories.
func (s *Service) Restore(ctx context.Context, by rbac.Subject, id ID, as string) (Restored, error) {
	if as != "" {
		if err := checkName(as); err != nil {
			return Restored{}, err
		}
	}
	var out Restored
	err := store.InTx(ctx, s.db, func(tx store.Tx) error {
		out = Restored{ID: id, Name: as}
		now := s.now()
		var name string
		err := tx.Raw(lockDeleted, id, now).Row().Scan(&name, &out.Robots, &out.RobotGrants, &out.RetentionPolicies)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound("project %d is not among the deleted projects: it was restored, or its time has passed", id)
		}
		if err != nil {
			return fmt.Errorf("find deleted project %d: %w", id, err)
		}
		if as == "" {
			out.Name = name
		}
		if err := tx.Exec(undelete, now, out.Name, id).Error; err != nil {
			return store.Conflict(err, "project_name_key", "there is a project %s: restore this one under another name", out.Name)
		}
		if out.Name != name {
			if err := rename(tx, id, out.Name); err != nil {
				return err
			}
		}
		if err := tx.Exec("DELETE FROM project_deletion WHERE project_id = ?", id).Error; err != nil {
			return fmt.Errorf("restore project %s: %w", name, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &id, Operation: audit.Restore, ResourceType: audit.Project, Resource: out.Name, Description: out.told(name),
		})
	})
	return out, err
}

// rename gives a project's repositories their full names after it.
func rename(tx store.Tx, id ID, name string) error {
	var longest int
	if err := tx.Raw(longestRepository, id).Scan(&longest).Error; err != nil {
		return fmt.Errorf("measure the names of repositories: %w", err)
	}
	if len(name)+1+longest > oci.MaxRepositoryLength {
		return fault.Invalid("name", "the name is too long: project and repository together have at most %d characters, and a repository has %d", oci.MaxRepositoryLength, longest)
	}
	if err := tx.Exec(renameRepositories, name, id).Error; err != nil {
		return fmt.Errorf("rename the repositories of project %s: %w", name, err)
	}
	return nil
}

// told is the restoration as the audit log tells it.
func (r Restored) told(before string) string {
	out := "restore project: " + before
	if r.Name != before {
		out += " as " + r.Name
	}
	var not []string
	if r.Robots > 0 {
		not = append(not, fmt.Sprintf("%d robots", r.Robots))
	}
	if r.RobotGrants > 0 {
		not = append(not, fmt.Sprintf("what %d other robots were given", r.RobotGrants))
	}
	if r.RetentionPolicies > 0 {
		not = append(not, "the retention policy")
	}
	if len(not) > 0 {
		out += "; not restored: " + strings.Join(not, ", ")
	}
	return out
}
