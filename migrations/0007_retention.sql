-- +goose Up

-- Retention: which artifacts of a project stay. When a policy runs by itself is a row of
-- schedule with the policy's id as its subject.

CREATE TABLE retention_policy (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES project (id),
    rules      jsonb NOT NULL, -- of core/retention.Rule
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT retention_policy_project_key UNIQUE (project_id)
);

-- Until now anybody who may change a project's settings could write any number here.
-- From now on it names the project's policy and is written with it.
UPDATE project SET metadata = metadata - 'retention_id' WHERE jsonb_exists(metadata, 'retention_id');
