"""Every table of every database is scoped to agencies by PostgreSQL itself, or is listed here with the reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import TupleRow
from psycopg_pool import PoolTimeout

from deploy.databases import DATABASES
from services.gateway.settings import GatewaySettings
from services.measures import main as measures
from services.referrals import main as referrals
from services.referrals.store.line import Line
from services.runtime.postgres import Unavailable, conninfo, pool
from services.runtime.postgres.behalf import Behalf, NobodyAsks, across, ask_for, said
from services.runtime.postgres.login import StrongRole, refuse_strong_at
from tests.fix_servers import Databases

LISTED = {
    "referrals.history_clients": "ids of clients that a simulation made, in development; no agency",
    "referrals.log_keys": "under which numbers of keys the log is written; no agency",
    "referrals.relay_checkpoint": "how far the relay came: a number a topic",
    "referrals.schema_migrations": "which migrations were applied; the owner's alone",
    "identity.search_words": "words keyed by a key of the agency's own, of which row: none compares with another's",
    "identity.epochs": "check values of months' keys; no agency",
    "identity.import_numbers": "keyed hashes of an imported log's numbers, of no agency; operators' imports alone",
    "identity.followers": "how far a follower of the log came",
    "identity.letters": "found by who has a letter's name and code and is of no agency; it holds no identity",
    "identity.schema_migrations": "which migrations were applied; the owner's alone",
    # Measures count across agencies, as is their purpose. Their rows are under the log's pseudonyms; what an agency
    # may see of a figure is decided by releases and `own`.
    "measures.facts": "the log, pseudonymous, counted across agencies",
    "measures.positions": "how far Kafka was read",
    "measures.parked": "records that could not be read, by their place",
    "measures.current": "which schema is read",
    "measures.releases": "frozen releases of an initiative, for its working groups",
    "measures.release_measures": "as releases",
    "measures.release_cells": "as releases: small numbers are not there",
    "measures.release_decisions": "as releases",
    "measures.release_keys": "first answers to the backbone's commands, by initiative and person",
    "measures.population_figures": "what others printed",
    "measures.kept_units": "what the last close learned of each pseudonym, across agencies as it is counted",
    "measures.schema_migrations": "which migrations were applied; the owner's alone",
}
SCOPED = {
    *(f"referrals.{name}" for name in ("stored_events", "work_index", "idempotency")),
    *(f"identity.{name}" for name in ("data_keys", "identities", "notes", "file_pieces", "given")),
    *(f"identity.{name}" for name in ("answers", "drafts", "staff", "access_codes")),
}
TABLES = """
SELECT DISTINCT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
AND n.nspname NOT LIKE 'pg_toast%'
"""
OWN_AGENCY = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('agency', 'receiver', 'from_agency')
"""
NORTH, HUB = "example-clinic-north", "sample-county-chw-hub"
Ask = Callable[..., psycopg.Connection[TupleRow]]


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


@pytest.fixture
def ask(shared: Databases) -> Iterator[Ask]:
    """Connections of a service's own role, each asking for an agency or a task, or for nobody."""
    opened: list[psycopg.Connection[TupleRow]] = []

    def connect(database: str, *, agency: str | None = None, task: str | None = None) -> psycopg.Connection[TupleRow]:
        asks = ",".join([*([agency] if agency else ()), *([f"@{task}"] if task else ())])
        options = f"-c closeknit.asks={asks}" if asks else ""
        opened.append(psycopg.connect(conninfo(shared.dsn(database), "test", options=options), autocommit=True))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def tables(databases: Databases) -> dict[str, bool]:
    """Every table, and whether row-level security is forced on it."""
    found: dict[str, bool] = {}
    for database in DATABASES:
        with psycopg.connect(databases.dsn(database.name, "closeknit_owner")) as owner:
            found |= {f"{database.name}.{name}": forced for name, forced in owner.execute(TABLES).fetchall()}
    return found


def test_each_table_is_scoped_or_listed(shared: Databases) -> None:
    found = tables(shared)
    assert {name for name, forced in found.items() if forced} == SCOPED
    assert found.keys() - SCOPED == LISTED.keys()


def test_a_table_of_an_agency_that_nobody_scoped_is_seen(databases: Databases) -> None:
    with psycopg.connect(databases.dsn("identity", "closeknit_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE visitors (agency text)")
        owner.execute("ALTER TABLE notes NO FORCE ROW LEVEL SECURITY")
    found = tables(databases)
    assert {name for name, forced in found.items() if not forced} - LISTED.keys() == {
        "identity.visitors",
        "identity.notes",
    }


def test_none_that_is_listed_has_an_agency_but_those_that_say_so(shared: Databases) -> None:
    for name in ("referrals", "identity"):
        with psycopg.connect(shared.dsn(name, "closeknit_owner")) as owner:
            agencies = {f"{name}.{table}" for (table,) in owner.execute(OWN_AGENCY).fetchall()}
        assert agencies - SCOPED <= {"identity.letters"}


ROW_OF_NORTH = {
    "data_keys": "(id, initiative, agency, client_id, epoch, wrapped)"
    " VALUES (gen_random_uuid(), 'i', '{agency}', gen_random_uuid(), '2026-11', 'x')",
    "identities": "(row_id, initiative, agency, client_id, sealed)"
    " VALUES (gen_random_uuid(), 'i', '{agency}', gen_random_uuid(), 'x')",
    "notes": "(id, initiative, agency, client_id, kind, sealed)"
    " VALUES (gen_random_uuid(), 'i', '{agency}', gen_random_uuid(), 'note', 'x')",
    "answers": "(agency, route, key, fingerprint, answer) VALUES ('{agency}', 'r', 'k', 'f', 'a')",
    "drafts": "(id, initiative, agency, version, sealed, saved_at)"
    " VALUES (gen_random_uuid(), 'i', '{agency}', 1, 'x', now())",
    "access_codes": "(name, secret, initiative, agency, client_id, made_at, until)"
    " VALUES (sha256(gen_random_uuid()::text::bytea), 's', 'i', '{agency}', gen_random_uuid(), now(), now())",
    "staff": "(initiative, agency, subject, roles, seen_at) VALUES ('i', '{agency}', 's', '{{}}', now())",
}


@pytest.mark.parametrize("table", ROW_OF_NORTH)
def test_the_vault_shows_an_agency_its_own_rows_alone(ask: Ask, table: str) -> None:
    north, hub, nobody = ask("identity", agency=NORTH), ask("identity", agency=HUB), ask("identity")
    row = f"INSERT INTO {table} {ROW_OF_NORTH[table]}"  # noqa: S608 - literals of this file
    north.execute(row.format(agency=NORTH).encode())
    everything = f"SELECT count(*) FROM {table}".encode()  # noqa: S608 - the same
    assert north.execute(everything).fetchone() != (0,)
    for other in (hub, nobody, ask("identity", task="timers")):
        assert other.execute(everything).fetchone() == (0,)
        assert other.execute(f"DELETE FROM {table}".encode()).rowcount == 0  # noqa: S608 - the same
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            other.execute(row.format(agency=NORTH).encode())
    column = "route" if table == "answers" else "initiative"
    assert hub.execute(f"UPDATE {table} SET {column} = 'taken'".encode()).rowcount == 0  # noqa: S608 - the same
    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        north.execute(f"UPDATE {table} SET agency = '{HUB}'".encode())  # noqa: S608 - the same


def test_what_another_side_wrote_is_read_for_it_and_not_written(ask: Ask) -> None:
    ask("identity", agency=NORTH).execute(f"INSERT INTO notes {ROW_OF_NORTH['notes']}".format(agency=NORTH).encode())
    shared = ask("identity", agency=HUB, task="shared")
    assert shared.execute("SELECT count(*) > 0 FROM notes").fetchone() == (True,)
    assert shared.execute("UPDATE notes SET kind = 'taken'").rowcount == 0
    assert ask("identity", agency=HUB).execute("SELECT count(*) FROM identities").fetchone() == (0,)


def test_a_copy_is_its_receivers_and_made_from_vault_to_vault(ask: Ask) -> None:
    row = "INSERT INTO given (kind, subject_id, receiver, sealed) VALUES ('referral', gen_random_uuid(), %s, 'x')"
    with pytest.raises(InsufficientPrivilege):
        ask("identity", agency=HUB).execute(row, [HUB])
    ask("identity", task="sealing").execute(row, [HUB])
    assert ask("identity", agency=HUB).execute("SELECT count(*) FROM given").fetchone() != (0,)
    for other in (ask("identity", agency=NORTH), ask("identity")):
        assert other.execute("SELECT count(*) FROM given").fetchone() == (0,)


def test_pieces_of_a_file_go_with_its_note(ask: Ask) -> None:
    north, hub = ask("identity", agency=NORTH), ask("identity", agency=HUB)
    note = north.execute(f"INSERT INTO notes {ROW_OF_NORTH['notes']} RETURNING id".format(agency=NORTH).encode())
    north.execute("INSERT INTO file_pieces VALUES (%s, 0, 'x')", note.fetchone())
    assert north.execute("SELECT count(*) FROM file_pieces").fetchone() != (0,)
    assert hub.execute("SELECT count(*) FROM file_pieces").fetchone() == (0,)
    assert hub.execute("DELETE FROM file_pieces").rowcount == 0
    with pytest.raises(InsufficientPrivilege):
        ask("identity").execute("INSERT INTO file_pieces VALUES (gen_random_uuid(), 0, 'x')")


@pytest.mark.parametrize(
    ("role", "why"),
    [("SUPERUSER", "is a superuser"), ("BYPASSRLS", "passes by row-level security"), (None, "owns a table")],
)
def test_a_service_runs_as_no_role_that_policies_do_not_hold_for(
    databases: Databases, role: str | None, why: str
) -> None:
    dsn = databases.dsn("referrals", "closeknit_owner")
    name = f"strong_{databases.suffix}"
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x' {role or ''}".encode())
        try:
            owner.execute("CREATE TABLE theirs ()")
            owner.execute(f"ALTER TABLE theirs OWNER TO {name if not role else 'closeknit_owner'}".encode())
            owner.execute(f"GRANT CONNECT ON DATABASE referrals_{databases.suffix} TO {name}".encode())
            with pytest.raises(StrongRole, match=why):
                refuse_strong_at(psycopg.conninfo.make_conninfo(dsn, user=name, password="x"))
        finally:
            owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@pytest.mark.parametrize("database", [database.name for database in DATABASES])
def test_the_roles_of_services_are_none_of_these(shared: Databases, database: str) -> None:
    refuse_strong_at(shared.dsn(database))


STARTS: dict[str, tuple[Callable[[dict[str, str]], object], str]] = {
    "serve referrals, its store": (referrals.run_serve, "REFERRALS"),
    "serve referrals, its vault": (referrals.run_serve, "IDENTITY"),
    "relay": (referrals.run_relay, "REFERRALS"),
    "timers": (referrals.run_timers, "REFERRALS"),
    "serve measures": (measures.run_serve, "MEASURES"),
    "consume": (measures.run_consume, "MEASURES"),
}


@pytest.mark.parametrize("process", STARTS)
def test_no_process_starts_as_the_owner(shared: Databases, tmp_path: Path, process: str) -> None:
    start, database = STARTS[process]
    own = shared.environ()
    environ = own | {f"CLOSEKNIT_{database}_DSN": own[f"CLOSEKNIT_{database}_OWNER_DSN"]}
    environ |= {"CLOSEKNIT_ENVIRONMENT": "development", "CLOSEKNIT_KEYS": str(tmp_path)}
    environ |= {"CLOSEKNIT_ISSUER": "http://127.0.0.1:1", "CLOSEKNIT_JWKS_URL": "http://127.0.0.1:1/jwks"}
    with pytest.raises(StrongRole, match="is a superuser"):
        start(environ)


def test_the_gateway_has_no_database() -> None:
    assert not [name for name in GatewaySettings.variables() if "DSN" in name]


async def test_a_connection_made_later_is_asked_too(shared: Databases) -> None:
    with across("import"):
        async with pool(shared.dsn("identity", "closeknit_owner"), "test", size=1, wait=1.0) as connections:
            with pytest.raises(PoolTimeout):
                async with connections.connection():
                    pytest.fail("a superuser was let in")
    line = Line(shared.dsn("referrals", "closeknit_owner"), "test", [])
    with pytest.raises(Unavailable):
        await line.connect()


async def test_who_says_for_nobody_is_given_no_connection(shared: Databases) -> None:
    async with pool(shared.dsn("identity"), "test", size=1) as connections:
        with pytest.raises(NobodyAsks):
            async with connections.connection():
                pytest.fail("nobody was let in")


async def test_a_pooled_connection_asks_for_whom_it_was_taken(shared: Databases) -> None:
    query = "SELECT current_setting('closeknit.asks', true)"
    async with pool(shared.dsn("identity"), "test", size=1) as connections:

        async def asks() -> str:
            async with connections.connection() as connection:
                [value] = await (await connection.execute(query)).fetchone() or [""]
            return str(value)

        ask_for(NORTH)
        with across("sealing"):
            assert await asks() == f"{NORTH},@sealing"
        ask_for(HUB)
        assert await asks() == HUB


@pytest.mark.parametrize("agency", ["@keys", "one,@keys"])
def test_no_agency_passes_for_a_task(agency: str) -> None:
    with pytest.raises(ValueError, match="no agency"):
        said([Behalf(frozenset({agency}))])
