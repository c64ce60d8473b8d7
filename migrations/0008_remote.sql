-- +goose Up

-- Other registries --------------------------------------------------------------------

-- The registries that administrators have named, to copy from and to.
CREATE TABLE registry (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text COLLATE "C" NOT NULL,
    description     text NOT NULL DEFAULT '',
    kind            text COLLATE "C" NOT NULL,          -- harbor, docker-registry, ...: core/remote has the list
    url             text COLLATE "C" NOT NULL,          -- without user, query and trailing slash
    credential_type text COLLATE "C" NOT NULL DEFAULT '',
    access_key      text NOT NULL DEFAULT '',
    secret          bytea,                              -- sealed for this row; NULL: none
    insecure        boolean NOT NULL DEFAULT false,     -- any certificate will do
    ca_certificate  text NOT NULL DEFAULT '',           -- PEM; trusted besides the system's
    healthy         boolean NOT NULL DEFAULT true,
    reason          text NOT NULL DEFAULT '',           -- why it is not healthy
    since           timestamptz NOT NULL DEFAULT now(), -- it has been like this
    checked_at      timestamptz,                        -- when it was looked at last
    check_at        timestamptz NOT NULL,               -- when it is looked at next
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()  -- by people
);
CREATE UNIQUE INDEX registry_name_key ON registry (name);
CREATE INDEX registry_check_idx ON registry (check_at);
