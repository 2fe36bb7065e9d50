-- The vault: identity, under seals. Every bytea named sealed is an envelope of services/referrals/vault/seal.py;
-- every one named number or word is a keyed hash. No other column holds anything that a person typed.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'identity_app') THEN CREATE ROLE identity_app NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- roles belong to the cluster: the migrator of another database has just made it
END $$;

-- One data key per client and agency; setting shredded_at empties wrapped, and what it sealed is gone.
CREATE TABLE data_keys (
  id uuid PRIMARY KEY,
  initiative text NOT NULL,
  agency text NOT NULL,
  client_id uuid NOT NULL,
  epoch text NOT NULL,
  wrapped bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  shredded_at timestamptz,
  CHECK ((shredded_at IS NULL) = (wrapped <> ''))
);
CREATE UNIQUE INDEX data_keys_in_use ON data_keys (client_id, agency) WHERE shredded_at IS NULL;
CREATE INDEX data_keys_epoch ON data_keys (epoch) WHERE shredded_at IS NULL;

-- One row per client that an agency registered. named_at: an event was seen that names it, so the sweep leaves it.
CREATE TABLE identities (
  row_id uuid PRIMARY KEY,
  initiative text NOT NULL,
  agency text NOT NULL,
  client_id uuid NOT NULL UNIQUE,
  number bytea UNIQUE,
  sealed bytea NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  named_at timestamptz
);
CREATE INDEX identities_unnamed ON identities (written_at) WHERE named_at IS NULL;

-- Which rows (of identities, and accepted ones of given) hold which word. The key of the hash is the agency's, so that
-- words of two agencies never compare.
CREATE TABLE search_words (
  word bytea NOT NULL,
  row_id uuid NOT NULL,
  PRIMARY KEY (word, row_id)
);
CREATE INDEX search_words_row ON search_words (row_id);

-- What somebody typed beside an event: a note, a reason, an activity that no code stands for.
CREATE TABLE notes (
  id uuid PRIMARY KEY,
  initiative text NOT NULL,
  agency text NOT NULL,
  client_id uuid NOT NULL,
  kind text NOT NULL,
  sealed bytea NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  named_at timestamptz
);
CREATE INDEX notes_unnamed ON notes (written_at) WHERE named_at IS NULL;
CREATE INDEX notes_client ON notes (client_id);

-- What a client agreed to give to the receiver of one referral or handoff, sealed anew for it. The row stays when what
-- it held is gone, so that a copy is never made a second time.
CREATE TABLE given (
  kind text NOT NULL CHECK (kind IN ('referral', 'handoff')),
  subject_id uuid NOT NULL,
  initiative text,
  client_id uuid,
  receiver text,
  sealed bytea,
  made_at timestamptz,
  accepted boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 0, -- of the referral or handoff, as of which the row says what it says
  locked_at timestamptz,
  deleted_at timestamptz,
  PRIMARY KEY (kind, subject_id)
);
CREATE INDEX given_locked ON given (locked_at) WHERE sealed IS NOT NULL AND locked_at IS NOT NULL;
CREATE INDEX given_receiver ON given (client_id, receiver) WHERE sealed IS NOT NULL;

-- Clients of imported logs, by the keyed hash of the number that the log's source uses for them (rule R26).
CREATE TABLE import_numbers (
  number bytea PRIMARY KEY,
  client_id uuid NOT NULL UNIQUE,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- First answers to commands that write no event (rule R9): status, ids and version, never a body.
CREATE TABLE answers (
  agency text NOT NULL,
  route text NOT NULL,
  key bytea NOT NULL,
  fingerprint bytea NOT NULL,
  answer text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (agency, route, key)
);
CREATE INDEX answers_recorded ON answers (recorded_at);

-- How far a follower of the event store has come; moved in the transaction of what it wrote here.
CREATE TABLE followers (
  name text PRIMARY KEY,
  position bigint NOT NULL
);

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO identity_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  data_keys, identities, search_words, notes, given, import_numbers, answers, followers TO identity_app;
