-- Months for which a key-encryption key was made: check_value is a known text under it, so that no other key is ever
-- made for the month or taken for its own. Rows stay when the key is destroyed.
CREATE TABLE epochs (
  epoch text PRIMARY KEY,
  check_value bytea NOT NULL
);
GRANT SELECT, INSERT ON epochs TO identity_app;
