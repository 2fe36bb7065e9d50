-- The second line behind the application: PostgreSQL shows and takes an agency's rows only where a transaction says on
-- whose behalf it asks (services/runtime/postgres/behalf.py): `closeknit.agency` are agencies, `closeknit.across` are tasks across
-- them, with commas, neither set by anybody but inside a transaction or as the option of a process. Each table is scoped
-- here or listed with its reason in tests/deploy/test_row_security.py.

CREATE FUNCTION asks_for() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(current_setting('closeknit.agency', true), ',');

CREATE FUNCTION asks_across(tasks text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(string_to_array(current_setting('closeknit.across', true), ',') && tasks, FALSE);

GRANT EXECUTE ON FUNCTION asks_for(), asks_across(text[]) TO referrals_store, referrals_app, referrals_history;

-- Read across agencies by design: a command decides on all events of a record that two agencies share, and the timeline
-- knows sides and consents. Written for whom the caller says it speaks, and nobody else.
-- (A policy for a list asks in a subquery, which is asked once a statement; one for few rows asks for each.)
ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_all ON stored_events FOR SELECT USING (TRUE);
CREATE POLICY written_for_its_agency ON stored_events FOR INSERT TO referrals_store WITH CHECK (
    agency = ANY (asks_for())
    OR asks_across('{timers,import,history}'));

ALTER TABLE work_index ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- That outreach to a client is paused (kind client) holds for every agency (R5).
CREATE POLICY read_by_sides ON work_index FOR SELECT TO referrals_app USING (
    (SELECT asks_across('{deciding,directory,timers}'))
    OR from_agency = ANY ((SELECT asks_for())::text[]) OR to_agency = ANY ((SELECT asks_for())::text[])
    OR watched_by = ANY ((SELECT asks_for())::text[]) OR kind = 'client');
-- The append function compares and moves rows of all sides; what it leaves is of somebody for whom it was asked. A pregnancy
-- and a pause of outreach are every agency's that serves her (R4, R5).
CREATE POLICY appended ON work_index TO referrals_store USING (TRUE) WITH CHECK (
    from_agency = ANY (asks_for()) OR to_agency = ANY (asks_for())
    OR watched_by = ANY (asks_for())
    OR kind IN ('client', 'episode') AND cardinality(asks_for()) > 0
    OR asks_across('{timers,import,history}'));
CREATE POLICY rebuilt ON work_index TO CURRENT_USER
    USING ((SELECT asks_across('{rebuild}'))) WITH CHECK ((SELECT asks_across('{rebuild}')));

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_its_agency ON idempotency FOR SELECT TO referrals_app
    USING (agency = ANY (asks_for()));
CREATE POLICY kept_for_its_agency ON idempotency TO referrals_store
    USING (agency = ANY (asks_for()) OR asks_across('{import,sweep}'))
    WITH CHECK (agency = ANY (asks_for()) OR asks_across('{import}'));

-- First answers, for the agencies that ask: one statement for the setting and the question.
CREATE FUNCTION first_answers(asked jsonb, agencies text)
RETURNS TABLE (agency text, route text, key text, fingerprint bytea, answer text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('closeknit.agency', agencies, TRUE);
    RETURN QUERY SELECT i.agency, i.route, i.key, i.fingerprint, i.answer
        FROM jsonb_to_recordset(asked) AS a(agency text, route text, key text) JOIN idempotency i USING (agency, route, key)
        WHERE i.recorded_at > clock_timestamp() - interval '30 days';
END;
$$;
REVOKE ALL ON FUNCTION first_answers(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION first_answers(jsonb, text) TO referrals_app;

ALTER FUNCTION append_history(jsonb) SET closeknit.across = 'history';
ALTER FUNCTION sweep_idempotency() SET closeknit.across = 'sweep';
