-- +goose Up

-- What was changed that processes may remember, by the transaction that changed it.
-- A process asks for the transactions that its last look did not see; see core/change.
CREATE TABLE change (
    xid   xid8 NOT NULL DEFAULT pg_current_xact_id(),
    topic text COLLATE "C" NOT NULL,
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX change_xid_idx ON change (xid);

-- The bytes of small blobs for the seconds until the storage has synced its copy of
-- them: an upload then waits for one commit and for no file system. See ADR 0008.
CREATE TABLE blob_content (
    blob_id bigint PRIMARY KEY REFERENCES blob (id) ON DELETE CASCADE,
    content bytea NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE blob_content ALTER COLUMN content SET STORAGE EXTERNAL; -- gone before compressing pays
