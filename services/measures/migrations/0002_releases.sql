-- Frozen releases: what working groups read. A row is written once and never changed; hidden cells are NULL, and what they
-- would hold is stored nowhere. What the backbone decides of a release later is a row beside it. `beside` names the
-- releases that were published before of a time that overlaps, with their hashes: what is hidden depends on them.

CREATE TABLE public.releases (
    id uuid PRIMARY KEY,
    initiative text NOT NULL,
    name text NOT NULL,
    number integer NOT NULL,
    period text NOT NULL,
    length text NOT NULL,
    cutoff timestamptz NOT NULL,
    last_position bigint NOT NULL,
    restricted boolean NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    zone text NOT NULL,
    begins_on date,
    measurement_consent text NOT NULL,
    rows_ jsonb NOT NULL,
    references_ jsonb NOT NULL,
    withheld jsonb NOT NULL,
    facts bigint NOT NULL,
    facts_sha256 text NOT NULL,
    order_sha256 text NOT NULL,
    beside jsonb NOT NULL,
    document_sha256 text NOT NULL,
    quality jsonb NOT NULL,
    built_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    built_by text NOT NULL,
    UNIQUE (initiative, name),
    UNIQUE (initiative, number)
);

CREATE TABLE public.release_measures (
    release uuid NOT NULL REFERENCES public.releases,
    measure text NOT NULL,
    place integer NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    of_ text NOT NULL,
    text_ text NOT NULL,
    note text NOT NULL,
    counts_clients boolean NOT NULL,
    groupings text[] NOT NULL,
    cells_sha256 text NOT NULL,
    PRIMARY KEY (release, measure)
);

-- `atoms`: the cells of one quarter, of one kind of clients or units, of which the row is the sum. What was ever
-- published can be put together from them, for an audit over several releases.
CREATE TABLE public.release_cells (
    release uuid NOT NULL,
    measure text NOT NULL,
    by_ text NOT NULL,
    place integer NOT NULL,
    label text NOT NULL,
    numerator bigint,
    denominator bigint,
    missing bigint,
    pending bigint,
    excluded bigint,
    detail json,
    atoms text[] NOT NULL,
    PRIMARY KEY (release, measure, by_, place),
    FOREIGN KEY (release, measure) REFERENCES public.release_measures
);

-- A release without a decision is a draft. Who built it does not approve it; what was withdrawn stays so.
CREATE TABLE public.release_decisions (
    release uuid NOT NULL REFERENCES public.releases,
    decision text NOT NULL CHECK (decision IN ('approved', 'withdrawn')),
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by text NOT NULL,
    reason text,
    PRIMARY KEY (release, decision),
    CHECK ((decision = 'withdrawn') = (reason IS NOT NULL))
);

-- Which release a command made: the same command again gives the same one (R9; no body is kept).
CREATE TABLE public.release_keys (
    initiative text NOT NULL,
    person text NOT NULL,
    key bytea NOT NULL,
    fingerprint bytea NOT NULL,
    release uuid NOT NULL REFERENCES public.releases,
    PRIMARY KEY (initiative, person, key)
);

CREATE FUNCTION public.frozen() RETURNS trigger LANGUAGE plpgsql AS $frozen$
BEGIN
    RAISE EXCEPTION 'a release is frozen' USING ERRCODE = 'integrity_constraint_violation';
END
$frozen$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON public.releases
    FOR EACH STATEMENT EXECUTE FUNCTION public.frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON public.release_measures
    FOR EACH STATEMENT EXECUTE FUNCTION public.frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON public.release_cells
    FOR EACH STATEMENT EXECUTE FUNCTION public.frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON public.release_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION public.frozen();

CREATE FUNCTION public.another_decides() RETURNS trigger LANGUAGE plpgsql AS $another$
BEGIN
    IF new.decision = 'approved' AND EXISTS (
        SELECT FROM public.releases WHERE id = new.release AND built_by = new.decided_by
    ) THEN
        RAISE EXCEPTION 'who built a release does not approve it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END
$another$;

CREATE TRIGGER another BEFORE INSERT ON public.release_decisions
    FOR EACH ROW EXECUTE FUNCTION public.another_decides();

GRANT USAGE ON SCHEMA public TO measures_app;
GRANT SELECT, INSERT ON public.releases, public.release_measures, public.release_cells, public.release_decisions,
    public.release_keys TO measures_app;
