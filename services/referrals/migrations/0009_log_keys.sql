-- Under which keys clients are named on Kafka, one a row (docs/keys.md). A rotation begins the next: `building` while the
-- store is copied to topics of its own, `open` while the relay writes them, `closed` when nobody does any more. One that is
-- `given_up` never was the one in use; it is closed once its topics are gone. No number comes twice.

CREATE TABLE log_keys (
    key   integer     PRIMARY KEY CHECK (key > 0),
    state text        NOT NULL CHECK (state IN ('building', 'open', 'given_up', 'closed')),
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO log_keys (key, state) VALUES (1, 'open');

GRANT SELECT, INSERT, UPDATE ON log_keys TO referrals_app;
