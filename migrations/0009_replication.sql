-- +goose Up

-- News --------------------------------------------------------------------------
--
-- Who wants to act on what happens in the registry says so in event_subscription,
-- which has a handful of rows: whoever changes something looks there, in a statement of
-- its own transaction, and writes one row of event for each listener. Who listens
-- deletes it in the transaction that acts on it, so that each is acted on once.
CREATE TABLE event_subscription (
    kind       text COLLATE "C" NOT NULL,           -- push, delete_tag, delete_artifact: core/event has the list
    listener   text COLLATE "C" NOT NULL,           -- replication, ...
    subject_id bigint NOT NULL,                     -- the policy that wants it
    PRIMARY KEY (kind, listener, subject_id)
);

CREATE TABLE event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    listener    text COLLATE "C" NOT NULL,
    subject_id  bigint NOT NULL DEFAULT 0,          -- for one policy of the listener alone; 0: for all
    kind        text COLLATE "C" NOT NULL,
    repository  text COLLATE "C" NOT NULL,          -- project/name
    artifact_id bigint NOT NULL,                    -- may be gone by the time somebody looks
    digest      text COLLATE "C" NOT NULL,
    tag         text COLLATE "C" NOT NULL,          -- '': the artifact itself
    before      text COLLATE "C" NOT NULL DEFAULT '', -- the digest that the tag named before
    replicated  boolean NOT NULL DEFAULT false,     -- another registry's replication did it
    by_name     text NOT NULL,
    at          timestamptz NOT NULL,
    due_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_due_idx ON event (listener, due_at, id);

-- Replication ---------------------------------------------------------------------

CREATE TABLE replication_policy (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text COLLATE "C" NOT NULL,
    description   text NOT NULL DEFAULT '',
    creator       text NOT NULL,
    registry_id   bigint NOT NULL REFERENCES registry (id), -- the other side
    push          boolean NOT NULL,                 -- from here to it, else from it to here
    namespace     text COLLATE "C" NOT NULL DEFAULT '', -- where copies go; '': their own names
    replace_count smallint NOT NULL DEFAULT -1,     -- how many components of a name the namespace stands for; -1: all but the last
    filters       jsonb NOT NULL DEFAULT '[]',
    trigger       text COLLATE "C" NOT NULL CHECK (trigger IN ('manual', 'scheduled', 'event_based')),
    cron          text COLLATE "C" NOT NULL DEFAULT '',
    deletion      boolean NOT NULL DEFAULT false,
    override      boolean NOT NULL DEFAULT false,
    enabled       boolean NOT NULL DEFAULT true,
    speed         integer NOT NULL DEFAULT 0 CHECK (speed >= 0),  -- KiB/s of one run in one process; 0: no limit
    by_chunk      boolean NOT NULL DEFAULT false,
    single        boolean NOT NULL DEFAULT false,   -- no second run while one has not ended
    concurrency   integer NOT NULL DEFAULT 0 CHECK (concurrency >= 0), -- repositories at the same time; 0: as many as there are workers
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX replication_policy_name_key ON replication_policy (name);
CREATE INDEX replication_policy_registry_idx ON replication_policy (registry_id);
CREATE INDEX replication_policy_event_idx ON replication_policy (id) WHERE trigger = 'event_based' AND enabled;

-- Jobs of many tasks -----------------------------------------------------------------

ALTER TABLE execution ADD COLUMN concurrency integer NOT NULL DEFAULT 0; -- tasks at the same time; 0: no bound of its own
ALTER TABLE task ADD COLUMN plans boolean NOT NULL DEFAULT false;        -- it only makes the others, and does not count among them
ALTER TABLE task ADD COLUMN held boolean NOT NULL DEFAULT false;         -- Pending, and in no queue until another of its execution has ended
ALTER TABLE schedule ADD COLUMN single boolean NOT NULL DEFAULT false;   -- as the executions that it starts
ALTER TABLE schedule ADD COLUMN concurrency integer NOT NULL DEFAULT 0;
ALTER TABLE schedule ADD COLUMN plans boolean NOT NULL DEFAULT false;
CREATE INDEX task_held_idx ON task (execution_id, id) WHERE held;
CREATE INDEX task_unfinished_idx ON task (execution_id) WHERE ended_at IS NULL;
