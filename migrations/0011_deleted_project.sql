-- +goose Up

-- Deleted projects -----------------------------------------------------------------------

-- Who deleted a project that can be restored, and until when: its own recovery window, or
-- what is in its recycle bin for longer than that. Nothing is deleted in it afterwards, so
-- that is known when it goes. Restoring removes the row.
CREATE TABLE project_deletion (
    project_id         bigint PRIMARY KEY REFERENCES project (id),
    by_name            text NOT NULL,
    until              timestamptz NOT NULL,
    robots             integer NOT NULL DEFAULT 0,  -- that were deleted with it and do not come back,
    robot_grants       integer NOT NULL DEFAULT 0,  -- what other robots were given in it,
    retention_policies integer NOT NULL DEFAULT 0   -- and its retention policy
);
CREATE INDEX project_deletion_until_idx ON project_deletion (until);

-- What older versions have deleted can be restored while something is in its recycle bin.
INSERT INTO project_deletion (project_id, by_name, until)
SELECT p.id,
       coalesce((SELECT e.username FROM audit_event e
                 WHERE e.project_id = p.id AND e.operation = 'delete' AND e.resource_type = 'project' ORDER BY e.id DESC LIMIT 1), ''),
       greatest(p.deleted_at, (SELECT max(d.until) FROM repository r JOIN deletion d ON d.repository_id = r.id AND d.at = r.deleted_at
                               WHERE r.project_id = p.id AND r.deleted_at IS NOT NULL))
FROM project p WHERE p.deleted_at IS NOT NULL;
