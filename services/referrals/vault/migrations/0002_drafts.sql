-- Referrals that are not sent yet (rule R10): under a data key of their own, whose client is the draft itself.
CREATE TABLE drafts (
  id uuid PRIMARY KEY,
  initiative text NOT NULL,
  agency text NOT NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL,
  saved_at timestamptz NOT NULL
);
CREATE INDEX drafts_agency ON drafts (initiative, agency, saved_at DESC, id);
CREATE INDEX drafts_saved ON drafts (saved_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO identity_app;
