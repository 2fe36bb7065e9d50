-- The second line behind the application: PostgreSQL shows and takes an agency's rows only for whom it is asked on behalf of
-- (services/runtime/postgres/behalf.py): `closeknit.asks` are agencies, and tasks across them behind an @, with commas. Each
-- table is scoped here or listed with its reason in tests/deploy/test_row_security.py.
-- A policy for reading stands inside coalesce: no index answers it and the planner does not take it for rare, or it looks
-- through all rows of an agency where the statement's own conditions find the one (measured: record 0009). Where many rows
-- are read the setting is a subquery, which is asked once a statement.

CREATE FUNCTION asks() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(current_setting('closeknit.asks', TRUE), ',');

GRANT EXECUTE ON FUNCTION asks() TO referrals_store, referrals_app, referrals_history;

-- Read across agencies by design: a command decides on all events of a record that two agencies share, and the timeline
-- knows sides and consents. Written for whom the caller says it speaks, and nobody else.
ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_all ON stored_events FOR SELECT USING (TRUE);
CREATE POLICY written_for_its_agency ON stored_events FOR INSERT TO referrals_store
    WITH CHECK (asks() && ARRAY[agency, '@timers', '@import', '@history']);

ALTER TABLE work_index ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- That outreach to a client is paused (kind client) holds for every agency (R5).
CREATE POLICY read_by_sides ON work_index FOR SELECT TO referrals_app USING (
    coalesce((SELECT asks() && '{@deciding,@directory,@timers}')
        OR from_agency = ANY ((SELECT asks())::text[]) OR to_agency = ANY ((SELECT asks())::text[])
        OR watched_by = ANY ((SELECT asks())::text[]), FALSE)
    OR kind = 'client');
-- The append function compares and moves rows of all sides; what it leaves is of somebody for whom it was asked. A pregnancy
-- and a pause of outreach are every agency's that serves her (R4, R5); a side asks the other's privacy officer (R1).
CREATE POLICY appended ON work_index TO referrals_store USING (TRUE) WITH CHECK (
    asks() && ARRAY[from_agency, to_agency, watched_by, '@timers', '@import', '@history']
    OR kind IN ('client', 'episode', 'inquiry') AND cardinality(asks()) > 0);
CREATE POLICY rebuilt ON work_index TO CURRENT_USER
    USING ((SELECT asks() && '{@rebuild}')) WITH CHECK (asks() && '{@rebuild}');

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY read_by_its_agency ON idempotency FOR SELECT TO referrals_app
    USING (coalesce(asks() && ARRAY[agency], FALSE));
CREATE POLICY kept_for_its_agency ON idempotency TO referrals_store
    USING (coalesce(asks() && ARRAY[agency, '@import', '@sweep'], FALSE))
    WITH CHECK (asks() && ARRAY[agency, '@import']);

ALTER FUNCTION append_history(jsonb) SET closeknit.asks = '@history';
ALTER FUNCTION sweep_idempotency() SET closeknit.asks = '@sweep';
