-- Frozen releases: what working groups read. A row is written once and never changed; hidden cells are NULL, and what they
-- would hold is stored nowhere.

CREATE TABLE public.releases (
    id uuid PRIMARY KEY,
    initiative text NOT NULL,
    name text NOT NULL,
    number integer NOT NULL,
    cutoff timestamptz NOT NULL,
    last_position bigint NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    zone text NOT NULL,
    measurement_consent text NOT NULL,
    facts bigint NOT NULL,
    facts_sha256 text NOT NULL,
    document_sha256 text NOT NULL,
    parked bigint NOT NULL,
    built_at timestamptz NOT NULL DEFAULT clock_timestamp(),
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
    PRIMARY KEY (release, measure, by_, place),
    FOREIGN KEY (release, measure) REFERENCES public.release_measures
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

GRANT USAGE ON SCHEMA public TO measures_app;
GRANT SELECT, INSERT ON public.releases, public.release_measures, public.release_cells TO measures_app;
