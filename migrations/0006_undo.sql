-- +goose Up

-- Deletions ----------------------------------------------------------------------

-- What was deleted together: by whom, why, and until when it can be restored. The rows
-- that it took carry its time in deleted_at, and its tags' events in at.
CREATE TABLE deletion (
    repository_id bigint NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    at            timestamptz NOT NULL,
    by_name       text NOT NULL,
    cause         text COLLATE "C" NOT NULL,        -- as tag_event.cause
    until         timestamptz NOT NULL,             -- by the window that held at its time
    PRIMARY KEY (repository_id, at)
);
CREATE INDEX deletion_until_idx ON deletion (until);

-- What one deletion took, and the deleted repositories of a project, the newest first.
CREATE INDEX artifact_deletion_idx ON artifact (repository_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX repository_bin_idx ON repository (project_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

-- What older versions have deleted and garbage collection has not taken yet.
INSERT INTO deletion (repository_id, at, by_name, cause, until)
SELECT a.repository_id, a.deleted_at,
       coalesce((SELECT e.by_name FROM tag_event e WHERE e.repository_id = a.repository_id AND e.at = a.deleted_at ORDER BY e.id LIMIT 1), ''),
       CASE WHEN bool_or(r.deleted_at = a.deleted_at) THEN 'delete-repository' ELSE 'delete-artifact' END,
       coalesce(max(c.not_before), a.deleted_at)
FROM artifact a JOIN repository r ON r.id = a.repository_id LEFT JOIN gc_candidate c ON c.kind = 'artifact' AND c.id = a.id
WHERE a.deleted_at IS NOT NULL GROUP BY a.repository_id, a.deleted_at;

-- History ------------------------------------------------------------------------

-- A repository's history, and the tags that a deletion took from an artifact.
CREATE INDEX tag_event_repository_idx ON tag_event (repository_id, id);
CREATE INDEX tag_event_removed_idx ON tag_event (from_artifact_id, at) WHERE to_artifact_id IS NULL;

-- Expiry -------------------------------------------------------------------------

-- When the sweep looks at a tag that expires: a day before, to warn; then when it
-- expires; then every day while a rule keeps it.
ALTER TABLE tag ADD COLUMN expiry_due timestamptz;
CREATE INDEX tag_expiry_idx ON tag (expiry_due) WHERE expiry_due IS NOT NULL;
