-- The only ways to write events. One lock for all writers: the order of positions is the order of commits, so that
-- whoever reads by position passes over nothing that comes later.

-- Whether a referral or handoff in this state has not been answered, nor ended: questions about it are to be answered.
CREATE FUNCTION unanswered(state text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN state IN ('sent', 'received', 'waitlisted', 'offered');

-- A batch is {"events": [...], "expect": [...], "looked": [...], "work": [...], "keys": [...]}, the last three where
-- there are any; each row names its commit by "c". No two commits of a batch may touch the same stream, client's work or
-- key: the caller keeps such commits for its next batch. The answer is {"last": position, "at": recorded_at,
-- "refused": {c: outcome}}: what is not refused is stored. An outcome is {"stored": position} for a commit whose events
-- are there already, whoever sent them again; else {"replayed": answer} or {"reused": true} for a key that came before;
-- else {"conflict": [id]} of each stream that stands at another version than "expect" says, and each client whose
-- referrals and handoffs are not, in number and sum of versions, as "looked" says.
-- The planner first meets these statements while the tables are empty, so it is told to use the indexes all the same.
CREATE FUNCTION append_locked(batch jsonb, history boolean) RETURNS text LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    keys CONSTANT jsonb := batch -> 'keys';
    work CONSTANT jsonb := batch -> 'work';
    refused jsonb := '{}';
    skipped int[];
    stale uuid[];
    turned uuid[];
    found jsonb;
    touched_twice boolean;
    last_position bigint;
    last_recorded timestamptz;
    inserted bigint;
BEGIN
    SELECT bool_or(x.touched > 1), array_agg(x.c) FILTER (WHERE x.stale), array_agg(x.i) FILTER (WHERE x.stale)
    INTO touched_twice, skipped, stale
    FROM (
        SELECT r.c, r.i, count(*) OVER (PARTITION BY r.i) AS touched,
               r.v <> coalesce((SELECT e.originator_version FROM stored_events e WHERE e.originator_id = r.i
                                ORDER BY e.originator_version DESC LIMIT 1), 0) AS stale
        FROM jsonb_to_recordset(batch -> 'expect') AS r(c int, i uuid, v bigint)
    ) x;
    IF touched_twice THEN
        RAISE EXCEPTION 'two commits of one batch touch the same stream' USING ERRCODE = 'cardinality_violation';
    END IF;
    IF batch ? 'looked' THEN
        SELECT skipped || array_agg(l.c), stale || array_agg(l.p) INTO skipped, stale
        FROM jsonb_to_recordset(batch -> 'looked') AS l(c int, p uuid, n bigint, v bigint)
        WHERE (l.n, l.v) IS DISTINCT FROM
              (SELECT (count(*), coalesce(sum(w.version), 0)::bigint) FROM work_index w WHERE w.client_id = l.p);
    END IF;
    IF skipped IS NOT NULL THEN
        SELECT jsonb_object_agg(s.c, s.outcome) INTO refused FROM (
            SELECT u.c, jsonb_build_object('conflict', jsonb_agg(u.i)) AS outcome
            FROM unnest(skipped, stale) AS u(c, i) GROUP BY u.c
        ) s;
    END IF;

    IF keys IS NOT NULL THEN
        SELECT jsonb_object_agg(k.c, CASE WHEN i.fingerprint = decode(k.f, 'hex')
            THEN jsonb_build_object('replayed', i.answer) ELSE '{"reused": true}' END) INTO found
        FROM jsonb_to_recordset(keys) AS k(c int, a text, r text, k text, f text)
        JOIN idempotency i ON (i.agency, i.route, i.key) = (k.a, k.r, k.k)
        WHERE i.recorded_at > clock_timestamp() - interval '30 days';
        refused := refused || coalesce(found, '{}');
    END IF;

    -- What is there already has moved its own streams on: without a conflict there is nothing to look for, unless
    -- nothing was expected of any stream.
    IF skipped IS NOT NULL OR batch -> 'expect' = '[]' THEN
        SELECT jsonb_object_agg(s.c, jsonb_build_object('stored', s.position)) INTO found
        FROM (
            SELECT e.c, max(s.notification_id) AS position
            FROM jsonb_to_recordset(batch -> 'events') AS e(c int, e uuid)
            JOIN stored_events s ON s.event_id = e.e
            GROUP BY e.c
        ) s;
        refused := refused || coalesce(found, '{}');
    END IF;
    skipped := ARRAY(SELECT k::int FROM jsonb_object_keys(refused) AS k);

    SELECT e.notification_id, e.recorded_at INTO last_position, last_recorded
    FROM stored_events e ORDER BY e.notification_id DESC LIMIT 1;
    last_position := coalesce(last_position, 0);
    last_recorded := greatest(clock_timestamp(), last_recorded);

    INSERT INTO stored_events
        (originator_id, originator_version, notification_id, occurred_at, recorded_at, event_id, client_id,
         correlation_id, causation_id, topic, initiative, agency, actor, traceparent, state, checksum)
    SELECT n.*, event_checksum(n.i, n.v, n.position, n.o, n.d, n.e, n.p, n.r, n.u, n.t, n.n, n.a, n.w, n.x, n.state)
    FROM (
        SELECT e.i, e.v, last_position + row_number() OVER () AS position, e.o,
               CASE WHEN history THEN e.d ELSE last_recorded END AS d, e.e, e.p, e.r, e.u, e.t, e.n, e.a, e.w, e.x,
               convert_to(e.s, 'UTF8') AS state
        FROM jsonb_to_recordset(batch -> 'events') AS e(c int, i uuid, v bigint, o timestamptz, e uuid, p uuid,
             r uuid, u uuid, t text, n text, a text, w text, x text, s text, d timestamptz)
        WHERE e.c <> ALL (skipped)
    ) n;
    GET DIAGNOSTICS inserted = ROW_COUNT;

    IF work IS NOT NULL THEN
        WITH put AS (
        INSERT INTO work_index
            (kind, id, initiative, client_id, from_agency, to_agency, state, category, service, domain, priority, mode,
             sent_at, due_at, waits_for, waits_on, receiver_until, watched_by, fires,
             fires_at, subject, held_by, consent, restricted, version)
        SELECT w.kind, w.id, w.initiative, w.client_id, w.from_agency, w.to_agency, w.state, w.category, w.service,
               w.domain, w.priority, w.mode, w.sent_at, w.due_at, w.waits_for, w.waits_on, w.receiver_until,
               w.watched_by, w.fires, w.fires_at, w.subject, w.held_by, w.consent, w.restricted, w.version
        FROM jsonb_to_recordset(work) AS w(c int, kind text, id uuid, initiative text, client_id uuid,
             from_agency text, to_agency text, state text, category text, service text, domain text, priority text,
             mode text, sent_at timestamptz, due_at timestamptz, waits_for text, waits_on text, receiver_until bigint,
             watched_by text, fires text, fires_at timestamptz, subject uuid, held_by text,
             consent uuid, restricted text, version bigint)
        WHERE w.c <> ALL (skipped)
        ON CONFLICT (id) DO UPDATE SET
            from_agency = excluded.from_agency, to_agency = excluded.to_agency, -- a lead moves
            state = excluded.state, sent_at = excluded.sent_at, due_at = excluded.due_at, waits_for = excluded.waits_for,
            waits_on = excluded.waits_on, receiver_until = excluded.receiver_until, fires = excluded.fires,
            fires_at = excluded.fires_at, watched_by = excluded.watched_by,
            held_by = excluded.held_by, consent = excluded.consent, version = excluded.version
        RETURNING new.id, CASE WHEN old.id IS NULL THEN new.subject IS NOT NULL
                               ELSE unanswered(old.state) <> unanswered(new.state) END AS turned
        ) SELECT array_agg(put.id) INTO turned FROM put WHERE put.turned;
    END IF;
    -- Questions that were asked just now, or about what was answered, ended or opened again just now.
    IF turned IS NOT NULL THEN
        UPDATE work_index q SET moot = NOT q.moot
        WHERE q.subject IS NOT NULL AND (q.id = ANY (turned) OR q.subject = ANY (turned))
          AND q.moot = EXISTS (SELECT FROM work_index a WHERE a.id = q.subject AND unanswered(a.state));
    END IF;

    IF keys IS NOT NULL THEN
        INSERT INTO idempotency (agency, route, key, fingerprint, answer, recorded_at)
        SELECT k.a, k.r, k.k, decode(k.f, 'hex'), k.t, clock_timestamp()
        FROM jsonb_to_recordset(keys) AS k(c int, a text, r text, k text, f text, t text)
        WHERE k.c <> ALL (skipped)
        ON CONFLICT (agency, route, key) DO UPDATE SET
            fingerprint = excluded.fingerprint, answer = excluded.answer, recorded_at = excluded.recorded_at;
    END IF;

    IF inserted > 0 THEN
        PERFORM pg_notify('stored_events', (last_position + inserted)::text); -- a hint: readers poll as well
    END IF;
    RETURN jsonb_build_object('last', last_position + inserted, 'at', last_recorded, 'refused', refused)::text;
END;
$$;

-- `asks`: on whose behalf (0010_row_security.sql).
CREATE FUNCTION append_commits(batch jsonb, asks text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append under read committed: another level would not see the last writer'
            USING ERRCODE = 'active_sql_transaction';
    END IF;
    PERFORM set_config('closeknit.asks', asks, TRUE);
    PERFORM pg_advisory_xact_lock(hashtextextended('public.stored_events', 0));
    RETURN append_locked(batch, FALSE);
END;
$$;

-- The simulator's way in: each event brings its own recorded_at ("d"), in development only, for clients of its own making only.
CREATE FUNCTION append_history(batch jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '30s' AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database() AND s.setrole = 0 AND 'closeknit.environment=development' = ANY (s.setconfig)
    ) THEN
        RAISE EXCEPTION 'history is written in development only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append under read committed: another level would not see the last writer'
            USING ERRCODE = 'active_sql_transaction';
    END IF;
    IF EXISTS (SELECT FROM jsonb_to_recordset(batch -> 'events') AS e(d timestamptz)
               WHERE e.d IS NULL OR e.d > clock_timestamp()) THEN
        RAISE EXCEPTION 'history says when it was recorded, and that lies in the past'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('public.stored_events', 0));
    INSERT INTO history_clients
    SELECT DISTINCT e.p FROM jsonb_to_recordset(batch -> 'events') AS e(p uuid)
    WHERE NOT EXISTS (SELECT FROM stored_events s WHERE s.client_id = e.p)
    ON CONFLICT DO NOTHING;
    IF EXISTS (SELECT FROM jsonb_to_recordset(batch -> 'events') AS e(p uuid)
               WHERE NOT EXISTS (SELECT FROM history_clients h WHERE h.client_id = e.p)) THEN
        RAISE EXCEPTION 'history is written for clients of its own making only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN append_locked(batch, TRUE);
END;
$$;

-- Keys are kept for 30 days (interface.md section 3): returns how many were let go, at most a thousand at a time.
CREATE FUNCTION sweep_idempotency() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM idempotency WHERE (agency, route, key) IN (
            SELECT agency, route, key FROM idempotency
            WHERE recorded_at < clock_timestamp() - interval '30 days' LIMIT 1000
        ) RETURNING 1
    ) SELECT count(*) FROM gone
$$;

ALTER FUNCTION append_locked(jsonb, boolean) OWNER TO referrals_store;
ALTER FUNCTION append_commits(jsonb, text) OWNER TO referrals_store;
ALTER FUNCTION append_history(jsonb) OWNER TO referrals_store;
ALTER FUNCTION sweep_idempotency() OWNER TO referrals_store;
REVOKE ALL ON FUNCTION append_locked(jsonb, boolean), append_commits(jsonb, text), append_history(jsonb),
    sweep_idempotency() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_commits(jsonb, text), sweep_idempotency() TO referrals_app;
GRANT EXECUTE ON FUNCTION append_history(jsonb) TO referrals_history;
