-- The event table. Nobody writes it but the functions of 0003, which run as referrals_store; nobody changes it at all.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'referrals_store') THEN
        CREATE ROLE referrals_store NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'referrals_app') THEN
        CREATE ROLE referrals_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'referrals_history') THEN
        CREATE ROLE referrals_history NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- roles belong to the cluster: the migrator of another database has just made them
END;
$$;

CREATE TABLE stored_events (
    originator_id      uuid        NOT NULL,
    originator_version bigint      NOT NULL CHECK (originator_version >= 0),
    notification_id    bigint      NOT NULL CHECK (notification_id > 0),
    occurred_at        timestamptz NOT NULL,
    recorded_at        timestamptz NOT NULL,
    event_id           uuid        NOT NULL,
    client_id          uuid        NOT NULL,
    correlation_id     uuid        NOT NULL,
    causation_id       uuid,
    topic              text        NOT NULL,
    initiative         text        NOT NULL,
    agency             text        NOT NULL,
    actor              text        NOT NULL,
    traceparent        text,
    state              bytea       NOT NULL,
    checksum           bigint      NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

COMMENT ON COLUMN stored_events.notification_id IS
    'Position: 1, 2, 3, ... without a gap, in the order of commits. Never leaves the referrals service.';
COMMENT ON COLUMN stored_events.state IS 'The fact as JSON, keys sorted, UTF-8. Never an identity, never free text.';

COMMENT ON COLUMN stored_events.checksum IS
    'Of every other column, made when the event was appended: closeknit verify finds what was changed by hand since.';

CREATE UNIQUE INDEX stored_events_position ON stored_events (notification_id);
CREATE UNIQUE INDEX stored_events_event ON stored_events (event_id);
CREATE INDEX stored_events_timeline ON stored_events (client_id, occurred_at, notification_id);

-- The hash that PostgreSQL itself keeps stable for hash partitions: against slips and disks, not against a forger (what
-- is published can be compared with Kafka). SHA-256 would cost as much as the rest of the insert.
CREATE FUNCTION event_checksum(
    originator_id uuid, originator_version bigint, notification_id bigint, occurred_at timestamptz,
    recorded_at timestamptz, event_id uuid, client_id uuid, correlation_id uuid, causation_id uuid, topic text,
    initiative text, agency text, actor text, traceparent text, state bytea
) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN hash_record_extended(ROW(
    originator_id, originator_version, notification_id, occurred_at, recorded_at, event_id, client_id, correlation_id,
    causation_id, topic, initiative, agency, actor, traceparent, state
), 0);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stored events are never changed: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER stored_events_are_final
    BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Clients whose whole record was made by append_history: it may write to no other.
CREATE TABLE history_clients (client_id uuid PRIMARY KEY);

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO referrals_store, referrals_app, referrals_history;
GRANT SELECT, INSERT ON stored_events, history_clients TO referrals_store;
GRANT SELECT ON stored_events TO referrals_app, referrals_history;
GRANT EXECUTE ON FUNCTION event_checksum TO referrals_store, referrals_app, referrals_history;
