-- What the migrations add up to. Generated: change a migration, not this file.

-- extensions

CREATE EXTENSION pg_trgm;

-- tables

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    realname text DEFAULT ''::text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    password_hash text,
    sysadmin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    password_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (id)
);

CREATE TABLE artifact (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    config_type text COLLATE "C" DEFAULT ''::text NOT NULL,
    artifact_type text COLLATE "C" DEFAULT ''::text NOT NULL,
    size bigint NOT NULL,
    subject_digest text COLLATE "C",
    refers boolean DEFAULT false NOT NULL,
    accessory_type text COLLATE "C" DEFAULT ''::text NOT NULL,
    annotations jsonb DEFAULT '{}'::jsonb NOT NULL,
    platform jsonb,
    config jsonb,
    tag_count integer DEFAULT 0 NOT NULL,
    parent_count integer DEFAULT 0 NOT NULL,
    pushed_by text DEFAULT ''::text NOT NULL,
    pushed_at timestamp with time zone DEFAULT now() NOT NULL,
    pulled_at timestamp with time zone,
    deleted_at timestamp with time zone,
    project_id bigint NOT NULL,
    CONSTRAINT artifact_pkey PRIMARY KEY (id),
    CONSTRAINT artifact_repository_digest_key UNIQUE (repository_id, digest)
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.02);

CREATE TABLE artifact_blob (
    artifact_id bigint NOT NULL,
    blob_id bigint NOT NULL,
    role text COLLATE "C" NOT NULL,
    CONSTRAINT artifact_blob_pkey PRIMARY KEY (artifact_id, blob_id),
    CONSTRAINT artifact_blob_role_check CHECK ((role = ANY (ARRAY['manifest'::text, 'config'::text, 'layer'::text])))
);

CREATE TABLE artifact_child (
    parent_id bigint NOT NULL,
    child_id bigint NOT NULL,
    "position" integer NOT NULL,
    platform jsonb,
    CONSTRAINT artifact_child_pkey PRIMARY KEY (parent_id, "position")
);

CREATE TABLE artifact_label (
    artifact_id bigint NOT NULL,
    label_id bigint NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT artifact_label_pkey PRIMARY KEY (artifact_id, label_id)
);

CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    project_id bigint,
    username text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    operation text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    resource text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    succeeded boolean DEFAULT true NOT NULL,
    payload jsonb,
    request_id text DEFAULT ''::text NOT NULL,
    CONSTRAINT audit_event_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

CREATE TABLE audit_event_default /* partition of audit_event DEFAULT */ (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    project_id bigint,
    username text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    operation text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    resource text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    succeeded boolean DEFAULT true NOT NULL,
    payload jsonb,
    request_id text DEFAULT ''::text NOT NULL,
    CONSTRAINT audit_event_default_pkey PRIMARY KEY (id, at)
);

CREATE TABLE audit_tallied (
    id bigint NOT NULL
);

CREATE TABLE audit_tally (
    project_id bigint NOT NULL,
    username text NOT NULL,
    entries bigint NOT NULL,
    CONSTRAINT audit_tally_pkey PRIMARY KEY (project_id, username)
);

CREATE TABLE blob (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    state text COLLATE "C" DEFAULT 'live'::text NOT NULL,
    stored boolean DEFAULT true NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blob_pkey PRIMARY KEY (id),
    CONSTRAINT blob_digest_key UNIQUE (digest),
    CONSTRAINT blob_size_check CHECK ((size >= 0)),
    CONSTRAINT blob_state_check CHECK ((state = ANY (ARRAY['live'::text, 'deleting'::text])))
);

CREATE TABLE blob_content (
    blob_id bigint NOT NULL,
    content bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blob_content_pkey PRIMARY KEY (blob_id)
);

CREATE TABLE change (
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    topic text COLLATE "C" NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE deletion (
    repository_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by_name text NOT NULL,
    cause text COLLATE "C" NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT deletion_pkey PRIMARY KEY (repository_id, at)
);

CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    listener text COLLATE "C" NOT NULL,
    subject_id bigint DEFAULT 0 NOT NULL,
    kind text COLLATE "C" NOT NULL,
    repository text COLLATE "C" NOT NULL,
    artifact_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    tag text COLLATE "C" NOT NULL,
    before text COLLATE "C" DEFAULT ''::text NOT NULL,
    replicated boolean DEFAULT false NOT NULL,
    by_name text NOT NULL,
    at timestamp with time zone NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (id)
);

CREATE TABLE event_subscription (
    kind text COLLATE "C" NOT NULL,
    listener text COLLATE "C" NOT NULL,
    subject_id bigint NOT NULL,
    CONSTRAINT event_subscription_pkey PRIMARY KEY (kind, listener, subject_id)
);

CREATE TABLE execution (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_id bigint DEFAULT 0 NOT NULL,
    trigger text COLLATE "C" NOT NULL,
    username text NOT NULL,
    status text COLLATE "C" DEFAULT 'Pending'::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    single boolean NOT NULL,
    parameters jsonb NOT NULL,
    result jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    concurrency integer DEFAULT 0 NOT NULL,
    CONSTRAINT execution_pkey PRIMARY KEY (id)
) WITH (fillfactor=80);

CREATE TABLE gc_candidate (
    kind text COLLATE "C" NOT NULL,
    id bigint NOT NULL,
    scope_id bigint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone NOT NULL,
    CONSTRAINT gc_candidate_pkey PRIMARY KEY (kind, id, scope_id),
    CONSTRAINT gc_candidate_kind_check CHECK ((kind = ANY (ARRAY['artifact'::text, 'repository_blob'::text, 'blob'::text, 'repository'::text])))
);

CREATE TABLE gc_cursor (
    name text COLLATE "C" NOT NULL,
    at bigint DEFAULT 0 NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT gc_cursor_pkey PRIMARY KEY (name)
);

CREATE TABLE gc_tally (
    day date NOT NULL,
    execution_id bigint DEFAULT 0 NOT NULL,
    repositories bigint DEFAULT 0 NOT NULL,
    artifacts bigint DEFAULT 0 NOT NULL,
    links bigint DEFAULT 0 NOT NULL,
    blobs bigint DEFAULT 0 NOT NULL,
    manifests bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    CONSTRAINT gc_tally_pkey PRIMARY KEY (day, execution_id)
);

CREATE TABLE immutable_rule (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    project_id bigint NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    repositories jsonb NOT NULL,
    tags jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT immutable_rule_pkey PRIMARY KEY (id)
);

CREATE TABLE installation (
    key text COLLATE "C" NOT NULL,
    value bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (key)
);

CREATE TABLE label (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    color text DEFAULT ''::text NOT NULL,
    project_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT label_pkey PRIMARY KEY (id)
);

CREATE TABLE login_failure (
    key text COLLATE "C" NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    locked_until timestamp with time zone NOT NULL,
    CONSTRAINT login_failure_pkey PRIMARY KEY (key)
);

CREATE TABLE manifest (
    digest text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    size integer NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT manifest_pkey PRIMARY KEY (digest)
);

CREATE TABLE paused_queue (
    kind text COLLATE "C" NOT NULL,
    username text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT paused_queue_pkey PRIMARY KEY (kind)
);

CREATE TABLE project (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    owner_id bigint NOT NULL,
    public boolean DEFAULT false NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    cve_allowlist jsonb,
    CONSTRAINT project_pkey PRIMARY KEY (id)
);

CREATE TABLE project_blob (
    project_id bigint NOT NULL,
    blob_id bigint NOT NULL,
    CONSTRAINT project_blob_pkey PRIMARY KEY (project_id, blob_id)
);

CREATE TABLE project_day (
    project_id bigint NOT NULL,
    day date NOT NULL,
    pushes bigint DEFAULT 0 NOT NULL,
    pulls bigint DEFAULT 0 NOT NULL,
    stored bigint,
    CONSTRAINT project_day_pkey PRIMARY KEY (project_id, day)
);

CREATE TABLE project_deletion (
    project_id bigint NOT NULL,
    by_name text NOT NULL,
    until timestamp with time zone NOT NULL,
    robots integer DEFAULT 0 NOT NULL,
    robot_grants integer DEFAULT 0 NOT NULL,
    retention_policies integer DEFAULT 0 NOT NULL,
    CONSTRAINT project_deletion_pkey PRIMARY KEY (project_id)
);

CREATE TABLE pull_delta (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    artifact_id bigint NOT NULL,
    tag_id bigint,
    count bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT pull_delta_pkey PRIMARY KEY (id)
);

CREATE TABLE purged_artifact (
    id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT purged_artifact_pkey PRIMARY KEY (id)
);

CREATE TABLE push_delta (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    project_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT push_delta_pkey PRIMARY KEY (id)
);

CREATE TABLE quota (
    project_id bigint NOT NULL,
    hard bigint DEFAULT '-1'::integer NOT NULL,
    used bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT quota_pkey PRIMARY KEY (project_id)
);

CREATE TABLE quota_delta (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    project_id bigint NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT quota_delta_pkey PRIMARY KEY (id)
);

CREATE TABLE registry (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    kind text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL,
    credential_type text COLLATE "C" DEFAULT ''::text NOT NULL,
    access_key text DEFAULT ''::text NOT NULL,
    secret bytea,
    insecure boolean DEFAULT false NOT NULL,
    ca_certificate text DEFAULT ''::text NOT NULL,
    healthy boolean DEFAULT true NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    checked_at timestamp with time zone,
    check_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT registry_pkey PRIMARY KEY (id)
);

CREATE TABLE replication_policy (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    creator text NOT NULL,
    registry_id bigint NOT NULL,
    push boolean NOT NULL,
    namespace text COLLATE "C" DEFAULT ''::text NOT NULL,
    replace_count smallint DEFAULT '-1'::integer NOT NULL,
    filters jsonb DEFAULT '[]'::jsonb NOT NULL,
    trigger text COLLATE "C" NOT NULL,
    cron text COLLATE "C" DEFAULT ''::text NOT NULL,
    deletion boolean DEFAULT false NOT NULL,
    override boolean DEFAULT false NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    speed integer DEFAULT 0 NOT NULL,
    by_chunk boolean DEFAULT false NOT NULL,
    single boolean DEFAULT false NOT NULL,
    concurrency integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT replication_policy_pkey PRIMARY KEY (id),
    CONSTRAINT replication_policy_concurrency_check CHECK ((concurrency >= 0)),
    CONSTRAINT replication_policy_speed_check CHECK ((speed >= 0)),
    CONSTRAINT replication_policy_trigger_check CHECK ((trigger = ANY (ARRAY['manual'::text, 'scheduled'::text, 'event_based'::text])))
);

CREATE TABLE replication_upload (
    task_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    location bytea NOT NULL,
    CONSTRAINT replication_upload_pkey PRIMARY KEY (task_id, digest)
);

CREATE TABLE repository (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    project_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    pull_count bigint DEFAULT 0 NOT NULL,
    published_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    full_name text COLLATE "C" NOT NULL,
    edited_at timestamp with time zone,
    CONSTRAINT repository_pkey PRIMARY KEY (id)
);

CREATE TABLE repository_blob (
    repository_id bigint NOT NULL,
    blob_id bigint NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    CONSTRAINT repository_blob_pkey PRIMARY KEY (repository_id, blob_id)
);

CREATE TABLE retention_policy (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    project_id bigint NOT NULL,
    rules jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT retention_policy_pkey PRIMARY KEY (id),
    CONSTRAINT retention_policy_project_key UNIQUE (project_id)
);

CREATE TABLE robot (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    project_id bigint,
    description text DEFAULT ''::text NOT NULL,
    secret_hash bytea NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    duration integer NOT NULL,
    expires_at timestamp with time zone,
    creator_kind text COLLATE "C" NOT NULL,
    creator_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT robot_pkey PRIMARY KEY (id)
);

CREATE TABLE robot_grant (
    robot_id bigint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    project_id bigint,
    permissions text[] NOT NULL,
    CONSTRAINT robot_grant_check CHECK (((scope = 'project'::text) = (project_id IS NOT NULL))),
    CONSTRAINT robot_grant_scope_check CHECK ((scope = ANY (ARRAY['system'::text, 'project'::text, 'projects'::text])))
);

CREATE TABLE role (
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    builtin boolean NOT NULL,
    permissions text[],
    CONSTRAINT role_pkey PRIMARY KEY (id),
    CONSTRAINT role_name_key UNIQUE (name)
);

CREATE TABLE role_grant (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    principal_kind text COLLATE "C" NOT NULL,
    principal_id bigint NOT NULL,
    role_id bigint NOT NULL,
    project_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT role_grant_pkey PRIMARY KEY (id),
    CONSTRAINT role_grant_principal_key UNIQUE (project_id, principal_kind, principal_id),
    CONSTRAINT role_grant_principal_kind_check CHECK ((principal_kind = ANY (ARRAY['u'::text, 'g'::text, 'r'::text])))
);

CREATE TABLE schedule (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject_id bigint DEFAULT 0 NOT NULL,
    cron_type text COLLATE "C" NOT NULL,
    cron text COLLATE "C" NOT NULL,
    parameters jsonb NOT NULL,
    username text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone,
    skipped text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    single boolean DEFAULT false NOT NULL,
    concurrency integer DEFAULT 0 NOT NULL,
    plans boolean DEFAULT false NOT NULL,
    CONSTRAINT schedule_pkey PRIMARY KEY (id)
);

CREATE TABLE session (
    id_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id_hash)
);

CREATE TABLE setting (
    key text COLLATE "C" NOT NULL,
    value jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (key)
);

CREATE TABLE signing_key (
    id text COLLATE "C" NOT NULL,
    algorithm text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT signing_key_pkey PRIMARY KEY (id)
);

CREATE TABLE storage_finding (
    digest text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    detail text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT storage_finding_pkey PRIMARY KEY (digest),
    CONSTRAINT storage_finding_kind_check CHECK ((kind = ANY (ARRAY['missing'::text, 'damaged'::text])))
);

CREATE TABLE tag (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    repository_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    artifact_id bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    by_name text DEFAULT ''::text NOT NULL,
    pulled_at timestamp with time zone,
    expires_at timestamp with time zone,
    expiry_due timestamp with time zone,
    CONSTRAINT tag_pkey PRIMARY KEY (id),
    CONSTRAINT tag_repository_name_key UNIQUE (repository_id, name)
);

CREATE TABLE tag_event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    repository_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    from_artifact_id bigint,
    to_artifact_id bigint,
    at timestamp with time zone DEFAULT now() NOT NULL,
    by_name text NOT NULL,
    cause text COLLATE "C" NOT NULL,
    CONSTRAINT tag_event_pkey PRIMARY KEY (id)
);

CREATE TABLE task (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    execution_id bigint NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    parameters jsonb NOT NULL,
    priority smallint NOT NULL,
    status text COLLATE "C" DEFAULT 'Pending'::text NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    lost integer DEFAULT 0 NOT NULL,
    river_id bigint,
    worker text COLLATE "C" DEFAULT ''::text NOT NULL,
    heartbeat_at timestamp with time zone,
    stopping boolean DEFAULT false NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    result jsonb,
    error text DEFAULT ''::text NOT NULL,
    log_seq bigint DEFAULT 0 NOT NULL,
    log_bytes bigint DEFAULT 0 NOT NULL,
    log_dropped bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    plans boolean DEFAULT false NOT NULL,
    held boolean DEFAULT false NOT NULL,
    CONSTRAINT task_pkey PRIMARY KEY (id)
) WITH (fillfactor=70);

CREATE TABLE task_log (
    task_id bigint NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    level text COLLATE "C" NOT NULL,
    text text NOT NULL,
    CONSTRAINT task_log_pkey PRIMARY KEY (task_id, seq)
);

CREATE TABLE upkeep (
    name text COLLATE "C" NOT NULL,
    cron text COLLATE "C" NOT NULL,
    started_at timestamp with time zone NOT NULL,
    took_ms bigint NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    succeeded_at timestamp with time zone,
    removed bigint DEFAULT 0 NOT NULL,
    removed_at timestamp with time zone,
    total bigint DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    failed_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT upkeep_pkey PRIMARY KEY (name)
);

CREATE TABLE upload (
    id text COLLATE "C" NOT NULL,
    repository text COLLATE "C" NOT NULL,
    owner text NOT NULL,
    size bigint NOT NULL,
    hash_state bytea NOT NULL,
    started_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT upload_pkey PRIMARY KEY (id)
);

CREATE TABLE worker_pool (
    id text COLLATE "C" NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    concurrency integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT worker_pool_pkey PRIMARY KEY (id)
);

-- indexes

CREATE UNIQUE INDEX account_email_key ON public.account USING btree (lower(email)) WHERE ((deleted_at IS NULL) AND (email <> ''::text));
CREATE UNIQUE INDEX account_name_key ON public.account USING btree (lower(name)) WHERE (deleted_at IS NULL);
CREATE INDEX artifact_deleted_idx ON public.artifact USING btree (project_id, deleted_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX artifact_deletion_idx ON public.artifact USING btree (repository_id, deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX artifact_digest_idx ON public.artifact USING btree (digest);
CREATE INDEX artifact_listed_idx ON public.artifact USING btree (repository_id, pushed_at DESC, id DESC) INCLUDE (kind) WHERE ((deleted_at IS NULL) AND (accessory_type = ''::text) AND ((tag_count > 0) OR (parent_count = 0)));
CREATE INDEX artifact_project_idx ON public.artifact USING btree (project_id, pushed_at DESC, id DESC) INCLUDE (kind) WHERE ((deleted_at IS NULL) AND (accessory_type = ''::text) AND ((tag_count > 0) OR (parent_count = 0)));
CREATE INDEX artifact_subject_idx ON public.artifact USING btree (repository_id, subject_digest) WHERE (subject_digest IS NOT NULL);
CREATE INDEX artifact_blob_blob_idx ON public.artifact_blob USING btree (blob_id);
CREATE INDEX artifact_child_child_idx ON public.artifact_child USING btree (child_id);
CREATE INDEX artifact_label_label_idx ON public.artifact_label USING btree (label_id, artifact_id);
CREATE INDEX audit_event_failed_idx ON ONLY public.audit_event USING btree (id DESC) WHERE (NOT succeeded);
CREATE INDEX audit_event_kind_idx ON ONLY public.audit_event USING btree (resource_type, operation, id DESC);
CREATE INDEX audit_event_operation_idx ON ONLY public.audit_event USING btree (operation, id DESC);
CREATE INDEX audit_event_project_idx ON ONLY public.audit_event USING btree (project_id, id DESC);
CREATE INDEX audit_event_username_idx ON ONLY public.audit_event USING btree (username, id DESC);
CREATE INDEX audit_event_default_id_idx ON public.audit_event_default USING btree (id DESC) WHERE (NOT succeeded);
CREATE INDEX audit_event_default_operation_id_idx ON public.audit_event_default USING btree (operation, id DESC);
CREATE INDEX audit_event_default_project_id_id_idx ON public.audit_event_default USING btree (project_id, id DESC);
CREATE INDEX audit_event_default_resource_type_operation_id_idx ON public.audit_event_default USING btree (resource_type, operation, id DESC);
CREATE INDEX audit_event_default_username_id_idx ON public.audit_event_default USING btree (username, id DESC);
CREATE INDEX audit_tally_username_idx ON public.audit_tally USING btree (username);
CREATE INDEX change_xid_idx ON public.change USING btree (xid);
CREATE INDEX deletion_until_idx ON public.deletion USING btree (until);
CREATE INDEX event_due_idx ON public.event USING btree (listener, due_at, id);
CREATE INDEX execution_kind_idx ON public.execution USING btree (kind, id DESC);
CREATE UNIQUE INDEX execution_single_key ON public.execution USING btree (kind, subject_id) WHERE (single AND (ended_at IS NULL));
CREATE INDEX execution_status_idx ON public.execution USING btree (status, id DESC);
CREATE INDEX execution_subject_idx ON public.execution USING btree (kind, subject_id, id DESC) WHERE (subject_id <> 0);
CREATE INDEX gc_candidate_due_idx ON public.gc_candidate USING btree (kind, not_before, id);
CREATE INDEX gc_tally_execution_idx ON public.gc_tally USING btree (execution_id) WHERE (execution_id <> 0);
CREATE UNIQUE INDEX immutable_rule_key ON public.immutable_rule USING btree (project_id, md5(((repositories)::text || (tags)::text)));
CREATE UNIQUE INDEX label_name_key ON public.label USING btree (COALESCE(project_id, (0)::bigint), name);
CREATE INDEX login_failure_last_idx ON public.login_failure USING btree (last_at);
CREATE UNIQUE INDEX project_name_key ON public.project USING btree (name) WHERE (deleted_at IS NULL);
CREATE INDEX project_owner_idx ON public.project USING btree (owner_id);
CREATE INDEX project_search_idx ON public.project USING gin (name gin_trgm_ops) WITH (fastupdate=off) WHERE (deleted_at IS NULL);
CREATE INDEX project_blob_blob_idx ON public.project_blob USING btree (blob_id);
CREATE INDEX project_day_idx ON public.project_day USING btree (day);
CREATE INDEX project_deletion_until_idx ON public.project_deletion USING btree (until);
CREATE INDEX purged_artifact_repository_idx ON public.purged_artifact USING btree (repository_id);
CREATE INDEX quota_delta_project_idx ON public.quota_delta USING btree (project_id);
CREATE INDEX registry_check_idx ON public.registry USING btree (check_at);
CREATE UNIQUE INDEX registry_name_key ON public.registry USING btree (name);
CREATE INDEX replication_policy_event_idx ON public.replication_policy USING btree (id) WHERE ((trigger = 'event_based'::text) AND enabled);
CREATE UNIQUE INDEX replication_policy_name_key ON public.replication_policy USING btree (name);
CREATE INDEX replication_policy_registry_idx ON public.replication_policy USING btree (registry_id);
CREATE INDEX repository_bin_idx ON public.repository USING btree (project_id, deleted_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX repository_full_name_idx ON public.repository USING btree (full_name) WHERE ((deleted_at IS NULL) AND (published_at IS NOT NULL));
CREATE UNIQUE INDEX repository_name_key ON public.repository USING btree (project_id, name) WHERE (deleted_at IS NULL);
CREATE INDEX repository_newest_idx ON public.repository USING btree (updated_at DESC, id DESC) WHERE ((deleted_at IS NULL) AND (published_at IS NOT NULL));
CREATE INDEX repository_recent_idx ON public.repository USING btree (project_id, updated_at DESC, id DESC) WHERE ((deleted_at IS NULL) AND (published_at IS NOT NULL));
CREATE INDEX repository_search_idx ON public.repository USING gin (full_name gin_trgm_ops) WITH (fastupdate=off) WHERE ((deleted_at IS NULL) AND (published_at IS NOT NULL));
CREATE INDEX repository_blob_blob_idx ON public.repository_blob USING btree (blob_id);
CREATE INDEX robot_creator_idx ON public.robot USING btree (creator_kind, creator_id);
CREATE UNIQUE INDEX robot_name_key ON public.robot USING btree (COALESCE(project_id, (0)::bigint), name);
CREATE INDEX robot_project_idx ON public.robot USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE UNIQUE INDEX robot_grant_key ON public.robot_grant USING btree (robot_id, scope, COALESCE(project_id, (0)::bigint));
CREATE INDEX robot_grant_project_idx ON public.robot_grant USING btree (project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX role_grant_principal_idx ON public.role_grant USING btree (principal_kind, principal_id);
CREATE INDEX schedule_next_idx ON public.schedule USING btree (next_at);
CREATE UNIQUE INDEX schedule_subject_key ON public.schedule USING btree (kind, subject_id);
CREATE INDEX session_account_idx ON public.session USING btree (account_id);
CREATE INDEX session_expires_idx ON public.session USING btree (expires_at);
CREATE INDEX tag_artifact_idx ON public.tag USING btree (artifact_id, since DESC, id DESC);
CREATE INDEX tag_expiry_idx ON public.tag USING btree (expiry_due) WHERE (expiry_due IS NOT NULL);
CREATE INDEX tag_name_idx ON public.tag USING btree (name);
CREATE INDEX tag_event_removed_idx ON public.tag_event USING btree (from_artifact_id, at) WHERE (to_artifact_id IS NULL);
CREATE INDEX tag_event_repository_idx ON public.tag_event USING btree (repository_id, id);
CREATE INDEX tag_event_tag_idx ON public.tag_event USING btree (repository_id, name, id);
CREATE INDEX task_execution_idx ON public.task USING btree (execution_id, id);
CREATE INDEX task_held_idx ON public.task USING btree (execution_id, id) WHERE held;
CREATE UNIQUE INDEX task_job_id_key ON public.task USING btree (job_id);
CREATE INDEX task_logged_idx ON public.task USING btree (ended_at) WHERE (log_seq > 0);
CREATE INDEX task_running_idx ON public.task USING btree (id) WHERE (status = 'Running'::text);
CREATE INDEX task_unfinished_idx ON public.task USING btree (execution_id) WHERE (ended_at IS NULL);
CREATE INDEX task_waiting_idx ON public.task USING btree (kind, created_at) WHERE (status = ANY (ARRAY['Pending'::text, 'Scheduled'::text]));
CREATE INDEX upload_expires_idx ON public.upload USING btree (expires_at);

-- foreign keys

ALTER TABLE artifact ADD CONSTRAINT artifact_digest_fkey FOREIGN KEY (digest) REFERENCES manifest(digest);
ALTER TABLE artifact ADD CONSTRAINT artifact_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id);
ALTER TABLE artifact_blob ADD CONSTRAINT artifact_blob_artifact_id_fkey FOREIGN KEY (artifact_id) REFERENCES artifact(id);
ALTER TABLE artifact_blob ADD CONSTRAINT artifact_blob_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES blob(id);
ALTER TABLE artifact_child ADD CONSTRAINT artifact_child_child_id_fkey FOREIGN KEY (child_id) REFERENCES artifact(id);
ALTER TABLE artifact_child ADD CONSTRAINT artifact_child_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES artifact(id);
ALTER TABLE artifact_label ADD CONSTRAINT artifact_label_artifact_id_fkey FOREIGN KEY (artifact_id) REFERENCES artifact(id) ON DELETE CASCADE;
ALTER TABLE artifact_label ADD CONSTRAINT artifact_label_label_id_fkey FOREIGN KEY (label_id) REFERENCES label(id) ON DELETE CASCADE;
ALTER TABLE blob_content ADD CONSTRAINT blob_content_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES blob(id) ON DELETE CASCADE;
ALTER TABLE deletion ADD CONSTRAINT deletion_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id) ON DELETE CASCADE;
ALTER TABLE immutable_rule ADD CONSTRAINT immutable_rule_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE label ADD CONSTRAINT label_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE project ADD CONSTRAINT project_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES account(id);
ALTER TABLE project_blob ADD CONSTRAINT project_blob_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES blob(id);
ALTER TABLE project_blob ADD CONSTRAINT project_blob_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE project_day ADD CONSTRAINT project_day_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE project_deletion ADD CONSTRAINT project_deletion_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE quota ADD CONSTRAINT quota_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE quota_delta ADD CONSTRAINT quota_delta_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE replication_policy ADD CONSTRAINT replication_policy_registry_id_fkey FOREIGN KEY (registry_id) REFERENCES registry(id);
ALTER TABLE replication_upload ADD CONSTRAINT replication_upload_task_id_fkey FOREIGN KEY (task_id) REFERENCES task(id) ON DELETE CASCADE;
ALTER TABLE repository ADD CONSTRAINT repository_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES blob(id);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id);
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE robot ADD CONSTRAINT robot_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE robot_grant ADD CONSTRAINT robot_grant_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE robot_grant ADD CONSTRAINT robot_grant_robot_id_fkey FOREIGN KEY (robot_id) REFERENCES robot(id) ON DELETE CASCADE;
ALTER TABLE role_grant ADD CONSTRAINT role_grant_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id);
ALTER TABLE role_grant ADD CONSTRAINT role_grant_role_id_fkey FOREIGN KEY (role_id) REFERENCES role(id);
ALTER TABLE session ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE;
ALTER TABLE tag ADD CONSTRAINT tag_artifact_id_fkey FOREIGN KEY (artifact_id) REFERENCES artifact(id);
ALTER TABLE tag ADD CONSTRAINT tag_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id);
ALTER TABLE tag_event ADD CONSTRAINT tag_event_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES repository(id);
ALTER TABLE task ADD CONSTRAINT task_execution_id_fkey FOREIGN KEY (execution_id) REFERENCES execution(id) ON DELETE CASCADE;
ALTER TABLE task_log ADD CONSTRAINT task_log_task_id_fkey FOREIGN KEY (task_id) REFERENCES task(id) ON DELETE CASCADE;
