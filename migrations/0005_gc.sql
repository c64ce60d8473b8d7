-- +goose Up

-- Garbage collection ----------------------------------------------------------------

-- The history of tags outlives the artifacts that it tells of: it holds their numbers,
-- and purged_artifact says what they were.
ALTER TABLE tag_event DROP CONSTRAINT tag_event_from_artifact_id_fkey, DROP CONSTRAINT tag_event_to_artifact_id_fkey;

CREATE TABLE purged_artifact (
    id            bigint PRIMARY KEY,               -- the artifact's
    repository_id bigint NOT NULL,
    digest        text COLLATE "C" NOT NULL,
    at            timestamptz NOT NULL
);
CREATE INDEX purged_artifact_repository_idx ON purged_artifact (repository_id);

ALTER TABLE gc_candidate DROP CONSTRAINT gc_candidate_kind_check;
ALTER TABLE gc_candidate ADD CONSTRAINT gc_candidate_kind_check CHECK (kind IN ('artifact', 'repository_blob', 'blob', 'repository'));
DROP INDEX gc_candidate_due_idx;
CREATE INDEX gc_candidate_due_idx ON gc_candidate (kind, not_before, id);

-- The recycle bin, of one project and of all.
CREATE INDEX artifact_deleted_idx ON artifact (project_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

-- How far something that goes through a table or the storage has come.
CREATE TABLE gc_cursor (
    name  text COLLATE "C" PRIMARY KEY,             -- blob: new blobs that were looked at; verify: blobs that were read
    at    bigint NOT NULL DEFAULT 0,
    since timestamptz NOT NULL DEFAULT now()        -- when it moved last
);
INSERT INTO gc_cursor (name) VALUES ('blob'), ('verify');

-- What was freed, by day, and by whom: an execution, or 0 for what goes on by itself.
CREATE TABLE gc_tally (
    day          date NOT NULL,
    execution_id bigint NOT NULL DEFAULT 0,
    repositories bigint NOT NULL DEFAULT 0,
    artifacts    bigint NOT NULL DEFAULT 0,
    links        bigint NOT NULL DEFAULT 0,         -- rows of repository_blob
    blobs        bigint NOT NULL DEFAULT 0,         -- without manifests
    manifests    bigint NOT NULL DEFAULT 0,
    bytes        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (day, execution_id)
);
CREATE INDEX gc_tally_execution_idx ON gc_tally (execution_id) WHERE execution_id <> 0;

-- What is wrong between the index and the storage, until it is put right.
CREATE TABLE storage_finding (
    digest   text COLLATE "C" PRIMARY KEY,
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('missing', 'damaged')),
    size     bigint NOT NULL,                       -- that it should have
    detail   text NOT NULL,
    found_at timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL                   -- last
);
