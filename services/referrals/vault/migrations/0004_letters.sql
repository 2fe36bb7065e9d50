-- Letters that were printed: the name in the link, which referral it is, and how often its code was tried in vain. The
-- code itself is kept nowhere: it is made of the name by a key.
CREATE TABLE letters (
  name text PRIMARY KEY,
  referral_id uuid NOT NULL,
  number integer NOT NULL,
  initiative text NOT NULL,
  receiver text NOT NULL,
  wrong integer NOT NULL DEFAULT 0,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (referral_id, number)
);
GRANT SELECT, INSERT, UPDATE ON letters TO identity_app;
