-- +goose Up

-- Jobs ----------------------------------------------------------------------------
--
-- What people see of background work. How it is handed to a process is River's tables;
-- a River job is one attempt at one task, and says nothing that is not said here.

CREATE TABLE execution (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,           -- PURGE_AUDIT_LOG, ...: core/job has the list
    subject_id bigint NOT NULL DEFAULT 0,           -- the policy that it is a run of; 0: none
    trigger    text COLLATE "C" NOT NULL,           -- manual, schedule, event
    username   text NOT NULL,
    status     text COLLATE "C" NOT NULL DEFAULT 'Pending', -- Pending, Running, Stopped, Error, Success
    message    text NOT NULL DEFAULT '',
    single     boolean NOT NULL,                    -- no second one of its kind and subject while it has not ended
    parameters jsonb NOT NULL,
    result     jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at   timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX execution_single_key ON execution (kind, subject_id) WHERE single AND ended_at IS NULL;
CREATE INDEX execution_kind_idx ON execution (kind, id DESC);
CREATE INDEX execution_subject_idx ON execution (kind, subject_id, id DESC) WHERE subject_id <> 0;
CREATE INDEX execution_status_idx ON execution (status, id DESC);

CREATE TABLE task (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    execution_id bigint NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
    job_id       text COLLATE "C" NOT NULL,         -- its name in the API: 24 hex digits
    kind         text COLLATE "C" NOT NULL,
    parameters   jsonb NOT NULL,
    priority     smallint NOT NULL,                 -- 1: somebody waits for it, to 4
    status       text COLLATE "C" NOT NULL DEFAULT 'Pending', -- and Scheduled: waits for its next attempt
    attempt      integer NOT NULL DEFAULT 1,        -- only who holds this number may change the row
    failures     integer NOT NULL DEFAULT 0,
    lost         integer NOT NULL DEFAULT 0,        -- attempts that ended with their process
    river_id     bigint,                            -- the River job of this attempt
    worker       text COLLATE "C" NOT NULL DEFAULT '',
    heartbeat_at timestamptz,
    stopping     boolean NOT NULL DEFAULT false,    -- somebody asked to stop it
    done         bigint NOT NULL DEFAULT 0,
    total        bigint NOT NULL DEFAULT 0,         -- 0: not known
    bytes        bigint NOT NULL DEFAULT 0,
    result       jsonb,
    error        text NOT NULL DEFAULT '',
    log_seq      bigint NOT NULL DEFAULT 0,         -- of the log's last line
    log_bytes    bigint NOT NULL DEFAULT 0,
    log_dropped  bigint NOT NULL DEFAULT 0,         -- lines
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    ended_at     timestamptz,
    updated_at   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70); -- progress and heartbeats change no indexed column: they stay on the page
CREATE UNIQUE INDEX task_job_id_key ON task (job_id);
CREATE INDEX task_execution_idx ON task (execution_id, id);
CREATE INDEX task_running_idx ON task (id) WHERE status = 'Running';
CREATE INDEX task_waiting_idx ON task (kind, created_at) WHERE status IN ('Pending', 'Scheduled');
CREATE INDEX task_logged_idx ON task (ended_at) WHERE log_seq > 0;

CREATE TABLE task_log (
    task_id bigint NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    level   text COLLATE "C" NOT NULL,              -- INFO, WARNING, ERROR; '' says that lines were dropped
    text    text NOT NULL,
    PRIMARY KEY (task_id, seq)
);

CREATE TABLE schedule (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,
    subject_id bigint NOT NULL DEFAULT 0,
    cron_type  text COLLATE "C" NOT NULL,           -- Hourly, Daily, Weekly, Custom: how people chose it
    cron       text COLLATE "C" NOT NULL,           -- six fields, seconds first, UTC
    parameters jsonb NOT NULL,
    username   text NOT NULL,
    next_at    timestamptz NOT NULL,
    last_at    timestamptz,
    skipped    text NOT NULL DEFAULT '',            -- why the last time made no run; '': it made one
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()   -- by people
);
CREATE UNIQUE INDEX schedule_subject_key ON schedule (kind, subject_id);
CREATE INDEX schedule_next_idx ON schedule (next_at);

-- What is paused: kinds of jobs, and SCHEDULER for all schedules.
CREATE TABLE paused_queue (
    kind     text COLLATE "C" PRIMARY KEY,
    username text NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
);

-- The processes that work, each renewed every few seconds.
CREATE TABLE worker_pool (
    id           text COLLATE "C" PRIMARY KEY,
    host         text NOT NULL,
    pid          bigint NOT NULL,
    concurrency  integer NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now()
);
