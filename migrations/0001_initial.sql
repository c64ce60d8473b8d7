-- +goose Up

-- People ---------------------------------------------------------------------

CREATE TABLE account (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text COLLATE "C" NOT NULL,
    email               text NOT NULL DEFAULT '',
    realname            text NOT NULL DEFAULT '',
    comment             text NOT NULL DEFAULT '',
    password_hash       text,                       -- argon2id in PHC form; NULL: cannot sign in with a password
    sysadmin            boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    deleted_at          timestamptz
);
CREATE UNIQUE INDEX account_name_key ON account (lower(name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX account_email_key ON account (lower(email)) WHERE deleted_at IS NULL AND email <> '';

CREATE TABLE session (
    id_hash    bytea PRIMARY KEY,                   -- SHA-256 of the cookie; the cookie itself is never stored
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    address    text NOT NULL DEFAULT '',
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_account_idx ON session (account_id);
CREATE INDEX session_expires_idx ON session (expires_at);

-- Refused sign-ins, by account name and by address; the delay grows with failures.
CREATE TABLE login_failure (
    key          text COLLATE "C" PRIMARY KEY,      -- 'name:alice' or 'addr:192.0.2.7'
    failures     integer NOT NULL,
    last_at      timestamptz NOT NULL,
    locked_until timestamptz NOT NULL
);
CREATE INDEX login_failure_last_idx ON login_failure (last_at);

-- Roles and grants -----------------------------------------------------------

CREATE TABLE role (
    id          bigint PRIMARY KEY,                 -- 1 to 5 are Harbor's; custom roles start at 101
    name        text COLLATE "C" NOT NULL UNIQUE,
    builtin     boolean NOT NULL,
    permissions text[]                              -- NULL for the built-in ones: core/rbac has their table
);
INSERT INTO role (id, name, builtin) VALUES
    (1, 'projectAdmin', true), (2, 'developer', true), (3, 'guest', true), (4, 'maintainer', true), (5, 'limitedGuest', true);

-- Projects -------------------------------------------------------------------

CREATE TABLE project (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    owner_id   bigint NOT NULL REFERENCES account (id),
    public     boolean NOT NULL DEFAULT false,
    metadata   jsonb NOT NULL DEFAULT '{}',         -- Harbor's string settings other than public
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE UNIQUE INDEX project_name_key ON project (name) WHERE deleted_at IS NULL;
CREATE INDEX project_owner_idx ON project (owner_id);

-- A principal holds a role in a scope. Today the scope is a project; system-wide and
-- narrower scopes need no new shape.
CREATE TABLE role_grant (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    principal_kind text COLLATE "C" NOT NULL CHECK (principal_kind IN ('u', 'g', 'r')),
    principal_id   bigint NOT NULL,
    role_id        bigint NOT NULL REFERENCES role (id),
    project_id     bigint NOT NULL REFERENCES project (id),
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT role_grant_principal_key UNIQUE (project_id, principal_kind, principal_id)
);
CREATE INDEX role_grant_principal_idx ON role_grant (principal_kind, principal_id);

-- Content --------------------------------------------------------------------

CREATE TABLE repository (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id   bigint NOT NULL REFERENCES project (id),
    name         text COLLATE "C" NOT NULL,         -- without the project
    description  text NOT NULL DEFAULT '',
    pull_count   bigint NOT NULL DEFAULT 0,
    published_at timestamptz,                       -- first manifest; until then an upload made the row and no list shows it
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz
);
CREATE UNIQUE INDEX repository_name_key ON repository (project_id, name) WHERE deleted_at IS NULL;
CREATE INDEX repository_recent_idx ON repository (project_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL AND published_at IS NOT NULL;

CREATE TABLE blob (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest      text COLLATE "C" NOT NULL UNIQUE,
    size        bigint NOT NULL CHECK (size >= 0),
    state       text COLLATE "C" NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'deleting')),
    stored      boolean NOT NULL DEFAULT true,      -- durably in storage; a manifest's durable home is the table manifest
    lease_until timestamptz NOT NULL,
    verified_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- This repository may serve that blob.
CREATE TABLE repository_blob (
    repository_id bigint NOT NULL REFERENCES repository (id),
    blob_id       bigint NOT NULL REFERENCES blob (id),
    lease_until   timestamptz NOT NULL,
    PRIMARY KEY (repository_id, blob_id)
);
CREATE INDEX repository_blob_blob_idx ON repository_blob (blob_id);

-- Manifests are small: their bytes live here, so that a pull by tag is one query
-- and no file. Shared by all repositories and never changed.
CREATE TABLE manifest (
    digest     text COLLATE "C" PRIMARY KEY,
    media_type text COLLATE "C" NOT NULL,
    size       integer NOT NULL,
    payload    bytea NOT NULL
);

CREATE TABLE artifact (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id  bigint NOT NULL REFERENCES repository (id),
    digest         text COLLATE "C" NOT NULL REFERENCES manifest (digest),
    kind           text COLLATE "C" NOT NULL,       -- image, index, chart, signature, sbom, ... (core/oci Kind)
    media_type     text COLLATE "C" NOT NULL,       -- of the manifest
    config_type    text COLLATE "C" NOT NULL DEFAULT '',
    artifact_type  text COLLATE "C" NOT NULL DEFAULT '',
    size           bigint NOT NULL,                 -- manifest, config and layers, bytes
    subject_digest text COLLATE "C",
    refers         boolean NOT NULL DEFAULT false,  -- the manifest names the subject itself; cosign's tags only mean it
    accessory_type text COLLATE "C" NOT NULL DEFAULT '', -- signature.cosign, ...; '' when it is no accessory
    annotations    jsonb NOT NULL DEFAULT '{}',
    platform       jsonb,                           -- os, architecture, variant of an image
    config         jsonb,                           -- facts of the config that lists show: author, created, config
    tag_count      integer NOT NULL DEFAULT 0,      -- kept by whoever changes tag
    parent_count   integer NOT NULL DEFAULT 0,      -- living indexes that have it as a child
    pushed_by      text NOT NULL DEFAULT '',
    pushed_at      timestamptz NOT NULL DEFAULT now(),
    pulled_at      timestamptz,
    deleted_at     timestamptz,
    CONSTRAINT artifact_repository_digest_key UNIQUE (repository_id, digest)
);
CREATE INDEX artifact_digest_idx ON artifact (digest);
CREATE INDEX artifact_subject_idx ON artifact (repository_id, subject_digest) WHERE subject_digest IS NOT NULL;
-- The list people see: no accessories, no untagged children of an index.
CREATE INDEX artifact_listed_idx ON artifact (repository_id, pushed_at DESC, id DESC)
    WHERE deleted_at IS NULL AND accessory_type = '' AND (tag_count > 0 OR parent_count = 0);

CREATE TABLE artifact_blob (
    artifact_id bigint NOT NULL REFERENCES artifact (id),
    blob_id     bigint NOT NULL REFERENCES blob (id),
    role        text COLLATE "C" NOT NULL CHECK (role IN ('manifest', 'config', 'layer')),
    PRIMARY KEY (artifact_id, blob_id)
);
CREATE INDEX artifact_blob_blob_idx ON artifact_blob (blob_id);

CREATE TABLE artifact_child (
    parent_id bigint NOT NULL REFERENCES artifact (id),
    child_id  bigint NOT NULL REFERENCES artifact (id),
    position  integer NOT NULL,
    platform  jsonb,
    PRIMARY KEY (parent_id, position)
);
CREATE INDEX artifact_child_child_idx ON artifact_child (child_id);

CREATE TABLE tag (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id bigint NOT NULL REFERENCES repository (id),
    name          text COLLATE "C" NOT NULL,
    artifact_id   bigint NOT NULL REFERENCES artifact (id),
    since         timestamptz NOT NULL DEFAULT now(),
    by_name       text NOT NULL DEFAULT '',
    pulled_at     timestamptz,
    expires_at    timestamptz,
    CONSTRAINT tag_repository_name_key UNIQUE (repository_id, name)
);
CREATE INDEX tag_artifact_idx ON tag (artifact_id);

-- Each change of a row of tag, append-only: tag is the fold of this.
CREATE TABLE tag_event (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id    bigint NOT NULL REFERENCES repository (id),
    name             text COLLATE "C" NOT NULL,
    from_artifact_id bigint REFERENCES artifact (id),
    to_artifact_id   bigint REFERENCES artifact (id),
    at               timestamptz NOT NULL DEFAULT now(),
    by_name          text NOT NULL,
    cause            text COLLATE "C" NOT NULL      -- push, retag, delete, delete-artifact, delete-repository
);
CREATE INDEX tag_event_tag_idx ON tag_event (repository_id, name, id);

-- Upload sessions with bytes; one without any lives in its signed id alone.
CREATE TABLE upload (
    id         text COLLATE "C" PRIMARY KEY,
    repository text COLLATE "C" NOT NULL,           -- project/name: the repository's row comes with its first blob
    owner      text NOT NULL,
    size       bigint NOT NULL,                     -- bytes received
    hash_state bytea NOT NULL,                      -- of SHA-256 after size bytes
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX upload_expires_idx ON upload (expires_at);

-- Quota ----------------------------------------------------------------------

-- The distinct blobs of a project's artifacts, alive or recoverable: what quota counts.
-- No reference count: a shared base layer's row would make concurrent pushes queue.
CREATE TABLE project_blob (
    project_id bigint NOT NULL REFERENCES project (id),
    blob_id    bigint NOT NULL REFERENCES blob (id),
    PRIMARY KEY (project_id, blob_id)
);
CREATE INDEX project_blob_blob_idx ON project_blob (blob_id);

CREATE TABLE quota (
    project_id bigint PRIMARY KEY REFERENCES project (id),
    hard       bigint NOT NULL DEFAULT -1,          -- bytes; -1: no limit
    used       bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
-- Without a limit nothing is locked: usage is appended here and folded by a job.
CREATE TABLE quota_delta (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES project (id),
    bytes      bigint NOT NULL
);
CREATE INDEX quota_delta_project_idx ON quota_delta (project_id);

-- What garbage collection will look at once its time has come.
CREATE TABLE gc_candidate (
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('artifact', 'repository_blob', 'blob')),
    id         bigint NOT NULL,
    scope_id   bigint NOT NULL DEFAULT 0,           -- the repository of a repository_blob
    not_before timestamptz NOT NULL,
    PRIMARY KEY (kind, id, scope_id)
);
CREATE INDEX gc_candidate_due_idx ON gc_candidate (not_before);

-- Pulls, batched by each process and folded by a job ---------------------------

CREATE TABLE pull_delta (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    artifact_id bigint NOT NULL,
    tag_id      bigint,
    count       bigint NOT NULL,
    last_at     timestamptz NOT NULL
);

-- Audit ------------------------------------------------------------------------

CREATE TABLE audit_event (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    at            timestamptz NOT NULL DEFAULT now(),
    project_id    bigint,
    username      text NOT NULL,
    address       text NOT NULL DEFAULT '',
    operation     text COLLATE "C" NOT NULL,        -- create, read, update, delete, pull, login, logout
    resource_type text COLLATE "C" NOT NULL,        -- project, member, user, repository, artifact, tag, ...
    resource      text NOT NULL,
    description   text NOT NULL DEFAULT '',
    succeeded     boolean NOT NULL DEFAULT true,
    payload       jsonb,
    request_id    text NOT NULL DEFAULT '',
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;
CREATE INDEX audit_event_project_idx ON audit_event (project_id, id DESC);
CREATE INDEX audit_event_username_idx ON audit_event (username, id DESC);

-- Keys -------------------------------------------------------------------------

CREATE TABLE signing_key (
    id         text COLLATE "C" PRIMARY KEY,        -- the JWT header's kid
    algorithm  text COLLATE "C" NOT NULL,
    sealed     bytea NOT NULL,                      -- PKCS #8, sealed by core/seal
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);

-- Small facts of the installation: the id, when it was first started, sealed secrets.
CREATE TABLE installation (
    key        text COLLATE "C" PRIMARY KEY,
    value      bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
