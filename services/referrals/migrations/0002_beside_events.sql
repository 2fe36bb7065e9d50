-- What is written in the transaction of the events: the work lists' index and what is kept of first answers.

CREATE TABLE work_index (
    kind           text        NOT NULL CHECK (
                       kind IN ('referral', 'handoff', 'appointment', 'consent', 'episode', 'contact', 'need', 'check',
                                'question', 'client', 'inquiry')),
    id             uuid        PRIMARY KEY,
    initiative     text        NOT NULL,
    client_id      uuid        NOT NULL,
    from_agency    text        NOT NULL,
    to_agency      text        NOT NULL,
    state          text        NOT NULL,
    category       text,
    service        text,
    domain         text,
    priority       text,
    mode           text,
    sent_at        timestamptz NOT NULL,
    due_at         timestamptz,
    waits_for      text,
    waits_on       text,
    receiver_until bigint,
    watched_by     text,
    fires          text,
    fires_at       timestamptz,
    subject        uuid,
    held_by        text,
    consent        uuid,
    restricted     text,
    moot           boolean     NOT NULL DEFAULT FALSE,
    version        bigint      NOT NULL,
    CHECK ((waits_for IS NULL) = (waits_on IS NULL)),
    CHECK ((fires IS NULL) = (fires_at IS NULL))
) WITH (fillfactor = 80);

COMMENT ON COLUMN work_index.receiver_until IS
    'The receiver sees nothing after this version: 0 before it is a side, else where it declined. NULL: sees all.';

COMMENT ON COLUMN work_index.watched_by IS
    'The agency that leads coordination and watches over an open referral of another sender (R19). NULL: its sender does.';

COMMENT ON COLUMN work_index.fires IS
    'The timer that runs out at fires_at unless something is done before (services/referrals/timers); NULL: none.';

COMMENT ON COLUMN work_index.subject IS
    'The referral or handoff that a question is about.';

COMMENT ON COLUMN work_index.moot IS
    'A question about what has been answered or has ended, so that nobody has to answer it (migrations/0003_append.sql).';

COMMENT ON COLUMN work_index.held_by IS
    'Who at to_agency looks after it: whoever took it on, or to whom it was handed on (R22). NULL: nobody, or it ended.';

COMMENT ON COLUMN work_index.consent IS
    'What she agreed to, on which a referral or handoff rests; with its class, what a look at it is written down under (R1).';

CREATE INDEX work_index_client ON work_index (client_id);
CREATE INDEX work_index_inbox ON work_index (to_agency, sent_at DESC, id) WHERE kind IN ('referral', 'handoff');
CREATE INDEX work_index_outbox ON work_index (from_agency, sent_at DESC, id) WHERE kind IN ('referral', 'handoff');
CREATE INDEX work_index_waiting ON work_index (waits_on, due_at, id) 
    INCLUDE (initiative, waits_for, client_id, kind, from_agency, to_agency, watched_by) -- the last four for whose row it is
    WHERE waits_on IS NOT NULL AND NOT moot; -- a work list's counts, and which rows are on a page of it, are read off it alone
CREATE INDEX work_index_paused ON work_index (id) INCLUDE (kind, from_agency, to_agency, watched_by) WHERE kind = 'client' AND state = 'paused'; -- few among many
CREATE INDEX work_index_watched ON work_index (watched_by, due_at, id) WHERE watched_by IS NOT NULL;
CREATE INDEX work_index_subject ON work_index (subject) WHERE subject IS NOT NULL;
CREATE INDEX work_index_held ON work_index (to_agency, held_by, sent_at, id) WHERE held_by IS NOT NULL;
CREATE INDEX work_index_timers ON work_index (fires_at, id) WHERE fires IS NOT NULL;

CREATE TABLE idempotency (
    agency      text        NOT NULL,
    route       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    answer      text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (agency, route, key)
);

COMMENT ON COLUMN idempotency.answer IS 'Status, ids and version as JSON text: never a body, never an identity (R9).';

CREATE INDEX idempotency_age ON idempotency (recorded_at);

GRANT SELECT, INSERT, UPDATE ON work_index TO referrals_store;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO referrals_store;
GRANT SELECT ON work_index, idempotency TO referrals_app;

-- How far the log on Kafka is known to have been acknowledged: a lower bound, per topic, written by the relay alone.
CREATE TABLE relay_checkpoint (
    topic    text   PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);

GRANT SELECT, INSERT, UPDATE ON relay_checkpoint TO referrals_app;
