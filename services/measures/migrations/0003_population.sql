-- Figures of a population as others printed them: never our clients', and never in a table with figures of theirs. A row
-- stays as it was imported; one that corrects it is the next version beside it, and the highest is read.

CREATE TABLE public.population_figures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    initiative text NOT NULL,
    measure text NOT NULL,
    publisher text NOT NULL,
    basis text NOT NULL,
    weeks_from integer,
    weeks_to integer,
    per integer NOT NULL,
    by_ text NOT NULL,
    group_ text NOT NULL,
    since integer,
    until integer,
    source text NOT NULL,
    version integer NOT NULL,
    numerator bigint,
    denominator bigint,
    printed text,
    practice boolean NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE NULLS NOT DISTINCT (initiative, measure, publisher, basis, weeks_from, weeks_to, per, by_, group_, since,
        until, source, version),
    CHECK (numerator IS NOT NULL OR printed IS NOT NULL)
);

CREATE FUNCTION public.imported_once() RETURNS trigger LANGUAGE plpgsql AS $once$
BEGIN
    RAISE EXCEPTION 'a figure of a population stays as it was imported' USING ERRCODE = 'integrity_constraint_violation';
END
$once$;

CREATE TRIGGER imported_once BEFORE UPDATE OR DELETE OR TRUNCATE ON public.population_figures
    FOR EACH STATEMENT EXECUTE FUNCTION public.imported_once();

GRANT SELECT, INSERT ON public.population_figures TO measures_app;
