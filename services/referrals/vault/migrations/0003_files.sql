-- What a note of kind file holds, in pieces of at most 64 KiB, each under its own seal. The note's row comes last, in the
-- same transaction, so that a file that was broken off leaves nothing behind.
CREATE TABLE file_pieces (
  note_id uuid NOT NULL REFERENCES notes ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  number integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (note_id, number)
);
GRANT SELECT, INSERT, DELETE ON file_pieces TO identity_app;
