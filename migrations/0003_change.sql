-- +goose Up

-- What was changed that processes may remember, by the transaction that changed it.
-- A process asks for the transactions that its last look did not see; see core/change.
CREATE TABLE change (
    xid   xid8 NOT NULL DEFAULT pg_current_xact_id(),
    topic text COLLATE "C" NOT NULL,
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX change_xid_idx ON change (xid);
