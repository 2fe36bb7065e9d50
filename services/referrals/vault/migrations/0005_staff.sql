-- Who has signed in for an agency, as the sign-in provider named them (R22): names of staff, never of a client.
CREATE TABLE staff (
  initiative text NOT NULL,
  agency text NOT NULL,
  subject text NOT NULL,
  name text,
  roles text[] NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (initiative, agency, subject)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff TO identity_app;
