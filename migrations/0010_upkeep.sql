-- +goose Up

-- The program's own upkeep -------------------------------------------------------------

-- How each step of it fared, one row a step. A run that did nothing is noted once a
-- minute at most; one that failed or removed something always is.
CREATE TABLE upkeep (
    name          text COLLATE "C" PRIMARY KEY,     -- session_expiry, ...: core/job has the list
    cron          text COLLATE "C" NOT NULL,        -- six fields, UTC
    started_at    timestamptz NOT NULL,             -- the run that ended last of those that were noted,
    took_ms       bigint NOT NULL,
    host          text NOT NULL,                    -- and the process that it was in
    pid           bigint NOT NULL,
    succeeded_at  timestamptz,
    removed       bigint NOT NULL DEFAULT 0,        -- or counted, by the last run that did either
    removed_at    timestamptz,
    total         bigint NOT NULL DEFAULT 0,        -- removed or counted since created_at
    error         text NOT NULL DEFAULT '',         -- of the last run that failed; it stays when later ones succeed
    failed_at     timestamptz,
    failures      integer NOT NULL DEFAULT 0,       -- runs that have failed since one succeeded
    failing_since timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
