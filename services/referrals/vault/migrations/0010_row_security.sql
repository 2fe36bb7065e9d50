-- The second line behind the application (services/referrals/migrations/0010_row_security.sql says how): an agency's rows
-- are there for whoever asks for that agency, and for the tasks that go from vault to vault. `shared`: what the other side
-- of a referral wrote for it is read, never written. Tables without an agency are listed with their reason in
-- tests/deploy/test_row_security.py.
CREATE FUNCTION asks() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(current_setting('closeknit.asks', TRUE), ',');
GRANT EXECUTE ON FUNCTION asks() TO identity_app;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON data_keys TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@keys,@sealing,@sweep}') OR agency = ANY ((SELECT asks())::text[]), FALSE));
CREATE POLICY shared ON data_keys FOR SELECT TO identity_app USING (coalesce((SELECT asks() && '{@shared}'), FALSE));

ALTER TABLE identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON identities TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@keys,@sealing,@sweep}') OR agency = ANY ((SELECT asks())::text[]), FALSE));

ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON notes TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@keys,@sealing,@sweep}') OR agency = ANY ((SELECT asks())::text[]), FALSE));
CREATE POLICY shared ON notes FOR SELECT TO identity_app USING (coalesce((SELECT asks() && '{@shared}'), FALSE));

-- The pieces come before the note that they belong to, in its transaction.
ALTER TABLE file_pieces ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY written ON file_pieces FOR INSERT TO identity_app WITH CHECK (cardinality((SELECT asks())) > 0);
CREATE POLICY of_its_note ON file_pieces FOR SELECT TO identity_app
  USING (EXISTS (SELECT FROM notes WHERE notes.id = file_pieces.note_id));
CREATE POLICY deleted ON file_pieces FOR DELETE TO identity_app
  USING (EXISTS (SELECT FROM notes WHERE notes.id = file_pieces.note_id));

-- A row that was locked before it was made has no receiver and holds nothing.
ALTER TABLE given ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_receiver ON given FOR SELECT TO identity_app
  USING (receiver IS NULL OR coalesce(receiver = ANY ((SELECT asks())::text[]), FALSE));
CREATE POLICY from_vault_to_vault ON given TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@keys,@sealing,@sweep}'), FALSE));

ALTER TABLE answers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON answers TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@sweep}') OR agency = ANY ((SELECT asks())::text[]), FALSE));

ALTER TABLE drafts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON drafts TO identity_app
  USING (coalesce((SELECT asks() && '{@import,@keys,@sweep}') OR agency = ANY ((SELECT asks())::text[]), FALSE));

ALTER TABLE staff ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON staff TO identity_app
  USING (coalesce((SELECT asks() && '{@import}') OR agency = ANY ((SELECT asks())::text[]), FALSE));

-- Whoever types a code is not yet known to be anybody's client.
ALTER TABLE access_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_its_agency ON access_codes TO identity_app
  USING (coalesce((SELECT asks() && '{@codes,@import,@keys}') OR agency = ANY ((SELECT asks())::text[]), FALSE));
