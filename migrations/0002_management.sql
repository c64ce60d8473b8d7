-- +goose Up

-- Trusted since PostgreSQL 13: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Names as people search them --------------------------------------------------

-- project/name, which no operation changes: one column to search, sort and match by.
ALTER TABLE repository ADD COLUMN full_name text COLLATE "C";
UPDATE repository r SET full_name = p.name || '/' || r.name FROM project p WHERE p.id = r.project_id;
ALTER TABLE repository ALTER COLUMN full_name SET NOT NULL;
-- No list of pending entries, which every search would read until VACUUM has been there.
CREATE INDEX repository_search_idx ON repository USING gin (full_name gin_trgm_ops) WITH (fastupdate = off) WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX repository_full_name_idx ON repository (full_name) WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX project_search_idx ON project USING gin (name gin_trgm_ops) WITH (fastupdate = off) WHERE deleted_at IS NULL;

-- Lists at 100,000 artifacts -------------------------------------------------------

-- The repository's project, which no operation changes: a project's artifacts in their order.
ALTER TABLE artifact ADD COLUMN project_id bigint;
UPDATE artifact a SET project_id = r.project_id FROM repository r WHERE r.id = a.repository_id;
ALTER TABLE artifact ALTER COLUMN project_id SET NOT NULL;
CREATE INDEX artifact_project_idx ON artifact (project_id, pushed_at DESC, id DESC) INCLUDE (kind)
    WHERE deleted_at IS NULL AND accessory_type = '' AND (tag_count > 0 OR parent_count = 0);
-- With the kind, so that lists of one type are counted without the table.
DROP INDEX artifact_listed_idx;
CREATE INDEX artifact_listed_idx ON artifact (repository_id, pushed_at DESC, id DESC) INCLUDE (kind)
    WHERE deleted_at IS NULL AND accessory_type = '' AND (tag_count > 0 OR parent_count = 0);
DROP INDEX tag_artifact_idx;
CREATE INDEX tag_artifact_idx ON tag (artifact_id, since DESC, id DESC);
CREATE INDEX repository_newest_idx ON repository (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND published_at IS NOT NULL;
-- Counts read the visibility map instead of rows where VACUUM has been: let it come early.
ALTER TABLE artifact SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- The last edit by a person; updated_at moves with every push too.
ALTER TABLE repository ADD COLUMN edited_at timestamptz;

-- Labels -------------------------------------------------------------------------

CREATE TABLE label (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    description text NOT NULL DEFAULT '',
    color       text NOT NULL DEFAULT '',           -- #rrggbb
    project_id  bigint REFERENCES project (id),     -- NULL: of all projects
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX label_name_key ON label (coalesce(project_id, 0), name);

CREATE TABLE artifact_label (
    artifact_id bigint NOT NULL REFERENCES artifact (id) ON DELETE CASCADE,
    label_id    bigint NOT NULL REFERENCES label (id) ON DELETE CASCADE,
    added_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (artifact_id, label_id)
);
CREATE INDEX artifact_label_label_idx ON artifact_label (label_id, artifact_id);

-- Immutable tags -----------------------------------------------------------------

-- A tag of a repository that a rule's selectors match can be made, and then neither
-- moved nor deleted. Selectors are as Harbor's API has them: kind, decoration, pattern.
CREATE TABLE immutable_rule (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id   bigint NOT NULL REFERENCES project (id),
    disabled     boolean NOT NULL DEFAULT false,
    repositories jsonb NOT NULL,
    tags         jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
-- Of a hash: patterns may be longer than an index holds.
CREATE UNIQUE INDEX immutable_rule_key ON immutable_rule (project_id, md5(repositories::text || tags::text));

-- Robots -------------------------------------------------------------------------

CREATE TABLE robot (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,         -- without prefix and project
    project_id   bigint REFERENCES project (id),    -- NULL: of the system
    description  text NOT NULL DEFAULT '',
    secret_hash  bytea NOT NULL,                    -- SHA-256: the secret is random and long
    disabled     boolean NOT NULL DEFAULT false,
    duration     integer NOT NULL,                  -- days, as asked for; -1: for ever
    expires_at   timestamptz,                       -- NULL: never
    creator_kind text COLLATE "C" NOT NULL,         -- user, robot
    creator_id   bigint NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    used_at      timestamptz                        -- written at most once a minute
);
CREATE UNIQUE INDEX robot_name_key ON robot (coalesce(project_id, 0), name);
CREATE INDEX robot_project_idx ON robot (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX robot_creator_idx ON robot (creator_kind, creator_id);

CREATE TABLE robot_grant (
    robot_id    bigint NOT NULL REFERENCES robot (id) ON DELETE CASCADE,
    scope       text COLLATE "C" NOT NULL CHECK (scope IN ('system', 'project', 'projects')), -- projects: all, also later ones
    project_id  bigint REFERENCES project (id),     -- of the scope project
    permissions text[] NOT NULL,                    -- resource:action
    CHECK ((scope = 'project') = (project_id IS NOT NULL))
);
CREATE UNIQUE INDEX robot_grant_key ON robot_grant (robot_id, scope, coalesce(project_id, 0));
CREATE INDEX robot_grant_project_idx ON robot_grant (project_id) WHERE project_id IS NOT NULL;

-- Settings -----------------------------------------------------------------------

-- What an administrator has changed from its default, by Harbor's key.
CREATE TABLE setting (
    key        text COLLATE "C" PRIMARY KEY,
    value      jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by text NOT NULL
);

-- What a person chose in the portal: language, theme, pinned projects.
ALTER TABLE account ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}';

-- Activity -----------------------------------------------------------------------

-- Appended by each push and folded by a job, as pulls are.
CREATE TABLE push_delta (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL,
    at         timestamptz NOT NULL
);

-- A project's day (UTC): what happened, and what it held when it ended.
CREATE TABLE project_day (
    project_id bigint NOT NULL REFERENCES project (id),
    day        date NOT NULL,
    pushes     bigint NOT NULL DEFAULT 0,
    pulls      bigint NOT NULL DEFAULT 0,
    stored     bigint,                              -- bytes against the quota; NULL: not measured yet
    PRIMARY KEY (project_id, day)
);
CREATE INDEX project_day_idx ON project_day (day);

-- Tags of all repositories by the beginning of their name, for the search.
CREATE INDEX tag_name_idx ON tag (name);

-- The vulnerabilities that a project accepts, and until when.
ALTER TABLE project ADD COLUMN cve_allowlist jsonb; -- NULL: never set

-- Audit --------------------------------------------------------------------------

-- How many entries there are up to audit_tallied, for lists of millions.
CREATE TABLE audit_tally (
    project_id bigint NOT NULL,                     -- 0: of no project
    username   text NOT NULL,
    entries    bigint NOT NULL,
    PRIMARY KEY (project_id, username)
);
CREATE INDEX audit_tally_username_idx ON audit_tally (username);
CREATE TABLE audit_tallied (id bigint NOT NULL);
INSERT INTO audit_tallied (id) VALUES (0);

-- What people filter by. At 1,000,000 entries a rare operation is counted in 1 ms
-- with them and in 200 ms without; failures are few and their index is tiny.
CREATE INDEX audit_event_operation_idx ON audit_event (operation, id DESC);
CREATE INDEX audit_event_kind_idx ON audit_event (resource_type, operation, id DESC);
CREATE INDEX audit_event_failed_idx ON audit_event (id DESC) WHERE NOT succeeded;
