-- What the last close of a period learned of each client, so that the next one reads only whose facts are others since.
-- A memory, no record: `key` and `facts` are digests of the code and of the facts from which it follows, and whatever is
-- deleted here is found again in the facts.

CREATE TABLE public.kept_units (
    initiative text NOT NULL,
    key bytea NOT NULL,
    client text NOT NULL,
    facts bytea NOT NULL,
    since timestamptz NOT NULL,
    cutoff timestamptz NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    open_at timestamptz,
    content text NOT NULL,
    PRIMARY KEY (key, client)
);

GRANT SELECT, INSERT, DELETE ON public.kept_units TO measures_app;
