-- The second line behind the application (services/referrals/migrations/0008_row_security.sql says how): an agency's rows
-- are there for whoever asks for that agency, and for the tasks that go from vault to vault. `shared`: what the other side
-- of a referral wrote for it is read, never written. Tables without an agency are listed with their reason in
-- tests/deploy/test_row_security.py.
CREATE FUNCTION asks_for() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(current_setting('closeknit.agency', true), ',');
CREATE FUNCTION asks_across(tasks text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(string_to_array(current_setting('closeknit.across', true), ',') && tasks, FALSE);

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON data_keys TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import,keys,sealing,sweep}')));
CREATE POLICY shared ON data_keys FOR SELECT TO identity_app USING ((SELECT asks_across('{shared}')));

ALTER TABLE identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON identities TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import,keys,sealing,sweep}')));

ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON notes TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import,keys,sealing,sweep}')));
CREATE POLICY shared ON notes FOR SELECT TO identity_app USING ((SELECT asks_across('{shared}')));

-- The pieces come before the note that they belong to, in its transaction.
ALTER TABLE file_pieces ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY written ON file_pieces FOR INSERT TO identity_app WITH CHECK (cardinality((SELECT asks_for())::text[]) > 0
  OR (SELECT asks_across('{import}')));
CREATE POLICY of_its_note ON file_pieces FOR SELECT TO identity_app
  USING (EXISTS (SELECT FROM notes WHERE notes.id = file_pieces.note_id));
CREATE POLICY deleted ON file_pieces FOR DELETE TO identity_app
  USING (EXISTS (SELECT FROM notes WHERE notes.id = file_pieces.note_id));

-- A row that was locked before it was made has no receiver and holds nothing.
ALTER TABLE given ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_receiver ON given FOR SELECT TO identity_app
  USING (receiver IS NULL OR receiver = ANY ((SELECT asks_for())::text[])
    OR (SELECT asks_across('{import,keys,sealing,sweep}')));
CREATE POLICY from_vault_to_vault ON given TO identity_app
  USING ((SELECT asks_across('{import,keys,sealing,sweep}')));

ALTER TABLE answers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON answers TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import,sweep}')));

ALTER TABLE drafts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON drafts TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import,keys,sweep}')));

ALTER TABLE staff ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON staff TO identity_app
  USING (agency = ANY ((SELECT asks_for())::text[]) OR (SELECT asks_across('{import}')));
