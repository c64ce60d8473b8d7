-- +goose Up

-- Uploads that go on ----------------------------------------------------------------------

-- Where the upload of a large blob is that a replication's task has begun: the next attempt
-- goes on with it after its process has died or left. The row goes when the upload is over.
CREATE TABLE replication_upload (
    task_id  bigint NOT NULL REFERENCES task (id) ON DELETE CASCADE, -- which has one destination
    digest   text COLLATE "C" NOT NULL,
    location bytea NOT NULL, -- sealed: it may hold a token of the other registry
    PRIMARY KEY (task_id, digest)
);
