-- What the migrations add up to. Generated: change a migration, not this file.

-- extensions

CREATE EXTENSION pg_trgm;

-- enumerations

CREATE TYPE rig AS ENUM ('sloop', 'ketch');

-- domains

CREATE DOMAIN tonnage AS integer NOT NULL CONSTRAINT tonnage_positive CHECK ((VALUE > 0));

-- sequences

CREATE SEQUENCE berth_number AS bigint;

-- functions

CREATE OR REPLACE FUNCTION public.hail()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RETURN NEW; END $function$
;

-- tables

CREATE TABLE boat (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    harbour_id bigint,
    "Odd Name" text[] DEFAULT '{}'::text[] NOT NULL,
    rig rig DEFAULT 'sloop'::rig NOT NULL,
    tons tonnage,
    CONSTRAINT boat_pkey PRIMARY KEY (id),
    CONSTRAINT boat_berth_key UNIQUE NULLS NOT DISTINCT (harbour_id, rig),
    CONSTRAINT boat_tons CHECK (((tons)::integer < 1000))
) WITH (fillfactor=80);

CREATE TABLE harbour (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    long_name character varying(200) GENERATED ALWAYS AS ((name || '!'::text)) STORED,
    CONSTRAINT harbour_pkey PRIMARY KEY (id)
);

CREATE TABLE visit (
    at timestamp with time zone NOT NULL,
    boat_id uuid
) PARTITION BY RANGE (at);

CREATE TABLE visit_2026 /* partition of visit FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00') */ (
    at timestamp with time zone NOT NULL,
    boat_id uuid
);

-- views

CREATE VIEW big_boat AS
 SELECT id
   FROM boat
  WHERE tons::integer > 100;

-- indexes

CREATE INDEX boat_by_harbour ON public.boat USING btree (harbour_id) INCLUDE (tons) WHERE ((tons)::integer > 5);
CREATE UNIQUE INDEX harbour_name ON public.harbour USING btree (lower(name));

-- foreign keys

ALTER TABLE boat ADD CONSTRAINT boat_harbour_fkey FOREIGN KEY (harbour_id) REFERENCES harbour(id) ON DELETE CASCADE;

-- triggers

CREATE TRIGGER boat_hail BEFORE INSERT ON public.boat FOR EACH ROW EXECUTE FUNCTION hail();
