-- Codes that an agency gives a client, so that she sees her own pages: kept as keyed hashes of their two halves, used
-- once, good until a day.
CREATE TABLE access_codes (
  name bytea PRIMARY KEY,
  secret bytea NOT NULL,
  initiative text NOT NULL,
  agency text NOT NULL,
  client_id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  used_at timestamptz,
  wrong integer NOT NULL DEFAULT 0
);
CREATE INDEX access_codes_client ON access_codes (client_id, agency);
GRANT SELECT, INSERT, UPDATE, DELETE ON access_codes TO identity_app;
