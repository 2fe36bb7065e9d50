-- What was read from Kafka, one schema v<N> for each time that it was read from the beginning. Readers use the views in
-- `live`, which point at one schema as a whole, so nobody ever sees one that is half built. Who writes holds the advisory
-- lock of `projection.hold()` shared until the end of the transaction, who switches holds it alone. `log_key`: under which
-- key clients are named in it, and so which topics it was read from (docs/keys.md).

REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA projection;
CREATE SCHEMA live;

CREATE TABLE projection.current (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    schema text NOT NULL CHECK (schema ~ '^v[1-9][0-9]{0,8}$'),
    before text CHECK (before ~ '^v[1-9][0-9]{0,8}$'),
    log_key integer NOT NULL DEFAULT 1
);

-- The schema that counts, which stays the same until the end of this transaction; alone: nobody else writes until then.
CREATE FUNCTION projection.hold(alone boolean) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $hold$
BEGIN
    IF alone THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('closeknit projection', 0));
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('closeknit projection', 0));
    END IF;
    RETURN (SELECT schema FROM projection.current);
END
$hold$;

-- Drops what was made and never taken. For whoever makes one, alone.
CREATE FUNCTION projection.forget_unfinished() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $forget$
DECLARE
    left_over text;
BEGIN
    FOR left_over IN SELECT nspname FROM pg_namespace
        WHERE nspname ~ '^v[1-9][0-9]{0,8}$'
        AND NOT EXISTS (SELECT FROM projection.current WHERE nspname IN (schema, before))
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', left_over);
    END LOOP;
END
$forget$;

-- A new, empty schema without indexes on facts (they are made by finish, after the load); gives its name.
CREATE FUNCTION projection.make() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $make$
DECLARE
    name text;
BEGIN
    SELECT 'v' || coalesce(max(substr(nspname, 2)::bigint), 0) + 1 INTO name
        FROM pg_namespace WHERE nspname ~ '^v[1-9][0-9]{0,8}$';
    UPDATE projection.current SET before = NULL;
    PERFORM projection.forget_unfinished();
    EXECUTE format('CREATE SCHEMA %I', name);
    EXECUTE format($ddl$
        CREATE TABLE %1$I.facts (
            event_id uuid NOT NULL,
            initiative text NOT NULL,
            subject text NOT NULL,
            type text NOT NULL,
            agency text NOT NULL,
            occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            position bigint NOT NULL,
            topic text NOT NULL,
            partition integer NOT NULL,
            offset_ bigint NOT NULL,
            traceparent text,
            data json NOT NULL
        );
        CREATE TABLE %1$I.positions (
            topic text NOT NULL,
            partition integer NOT NULL,
            next_offset bigint NOT NULL,
            position bigint NOT NULL,
            PRIMARY KEY (topic, partition)
        );
        CREATE TABLE %1$I.parked (
            topic text NOT NULL,
            partition integer NOT NULL,
            offset_ bigint NOT NULL,
            key bytea,
            reason text NOT NULL,
            behind boolean NOT NULL,
            PRIMARY KEY (topic, partition, offset_)
        );
        GRANT USAGE ON SCHEMA %1$I TO measures_app;
        GRANT SELECT, INSERT ON %1$I.facts TO measures_app;
        GRANT SELECT, INSERT, UPDATE ON %1$I.positions TO measures_app;
        GRANT SELECT, INSERT, DELETE ON %1$I.parked TO measures_app;
    $ddl$, name);
    RETURN name;
END
$make$;

-- Indexes of a loaded schema. Fails when an event is there twice.
CREATE FUNCTION projection.finish(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $finish$
BEGIN
    IF name !~ '^v[1-9][0-9]{0,8}$' THEN
        RAISE EXCEPTION 'no projection schema';
    END IF;
    EXECUTE format('ALTER TABLE %I.facts ADD PRIMARY KEY (event_id)', name);
    EXECUTE format('CREATE INDEX facts_of_a_subject ON %I.facts (initiative, subject)', name);
    EXECUTE format('CREATE INDEX facts_by_when_recorded ON %I.facts USING brin (recorded_at)', name);
    EXECUTE format('ANALYZE %I.facts', name);
END
$finish$;

-- Makes one schema the one that is read and written. The one before is kept, for a look back, until the next make.
CREATE FUNCTION projection.switch_to(name text, under integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $switch$
DECLARE
    part text;
BEGIN
    IF name !~ '^v[1-9][0-9]{0,8}$' THEN
        RAISE EXCEPTION 'no projection schema';
    END IF;
    INSERT INTO projection.current AS stored (schema, log_key) VALUES (name, under)
        ON CONFLICT (one) DO UPDATE SET schema = excluded.schema, log_key = excluded.log_key,
            before = CASE WHEN stored.schema = excluded.schema THEN stored.before ELSE stored.schema END;
    FOREACH part IN ARRAY ARRAY['facts', 'positions', 'parked'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW live.%I AS SELECT * FROM %I.%I', part, name, part);
        EXECUTE format('GRANT SELECT ON live.%I TO measures_app', part);
    END LOOP;
END
$switch$;

-- Drops the schema before: the names that clients had in it are nowhere then.
CREATE FUNCTION projection.forget() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $forget$
DECLARE
    name text := (SELECT before FROM projection.current);
BEGIN
    IF name IS NOT NULL THEN
        UPDATE projection.current SET before = NULL;
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END IF;
END
$forget$;

REVOKE ALL ON FUNCTION projection.hold(boolean), projection.make(), projection.finish(text), projection.switch_to(text, integer), projection.forget(), projection.forget_unfinished() FROM PUBLIC;
GRANT USAGE ON SCHEMA projection, live TO measures_app;
GRANT SELECT ON projection.current TO measures_app;
GRANT EXECUTE ON FUNCTION projection.hold(boolean), projection.make(), projection.finish(text), projection.switch_to(text, integer), projection.forget(), projection.forget_unfinished() TO measures_app;

DO $first$
DECLARE
    name text := projection.make();
BEGIN
    PERFORM projection.finish(name);
    PERFORM projection.switch_to(name, 1);
END
$first$;
