"""A made-up history on the real databases: all of it is there, a second time adds nothing, production refuses."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from contracts.initiative import load_initiatives
from deploy.local.postgres import OWNER
from deploy.simulator.county import County
from deploy.simulator.history import Plan, recorded
from deploy.simulator.load import AlreadyOtherwise, Loader
from deploy.simulator.officers import with_inquiries
from deploy.simulator.paper import paper
from services.referrals.directory import Directory
from services.referrals.domain.inquiry import InquiryOpened
from services.referrals.domain.referral import ReferralSent
from services.referrals.vault.files import FileFacts
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.vault import Vault, open_vault
from services.runtime.clock import SystemClock
from services.runtime.postgres import pool

if TYPE_CHECKING:
    from tests.fix_servers import Databases

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
UNTIL = datetime(2026, 11, 17, 8, tzinfo=UTC)


def plans(clients: int) -> list[Plan]:
    return [Plan(County.of_months(each, 12, UNTIL), clients) for each in INITIATIVES.values()]


@pytest.fixture
def connection(databases: "Databases") -> Iterator[psycopg.Connection]:
    with psycopg.connect(databases.dsn("referrals", "referrals_history"), autocommit=True) as connection:
        yield connection


@pytest.fixture
async def vault(databases: "Databases", tmp_path: Path) -> AsyncIterator[Vault]:
    ensure_root_key(tmp_path)
    async with pool(databases.dsn("identity"), "test", task="import") as connections:
        yield open_vault(connections, tmp_path, SystemClock())


def count(connection: psycopg.Connection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row
    return tuple(row)


async def test_all_of_it_is_stored_and_the_same_again_adds_nothing(
    connection: psycopg.Connection, vault: Vault, databases: "Databases"
) -> None:
    loader = Loader(vault, connection, Directory(INITIATIVES))
    told: list[int] = []
    first = await loader.load(recorded(plans(40), seed=5), told.append)
    again = await loader.load(recorded(plans(40), seed=5))
    assert told[-1] == first.clients == 80
    assert first.digest() == again.digest()
    query = "SELECT count(*), count(DISTINCT client_id), min(notification_id), max(notification_id) FROM stored_events"
    assert count(connection, query) == (first.events, 80, 1, first.events)
    with psycopg.connect(databases.dsn("identity", OWNER)) as identity:
        assert count(identity, "SELECT count(*) FROM identities") == (80,)


async def test_papers_are_in_the_vault_once_and_can_be_read(connection: psycopg.Connection, vault: Vault) -> None:
    history = list(recorded(plans(150), seed=5))
    papers = [one for one in history if one.typed and one.typed.kind == "file"]
    assert papers
    for _ in range(2):
        await Loader(vault, connection, Directory(INITIATIVES)).load(history)
    one = papers[0]
    assert one.typed
    typed = await vault.notes.read(one.events[0].envelope.initiative, one.agency, one.typed.id)
    assert typed
    pieces = vault.files.read(typed.holder, typed.id, FileFacts.of(typed.text.open()))
    assert b"".join([piece async for piece in pieces]) == paper()


async def test_work_rows_stand_as_the_events_say(
    connection: psycopg.Connection, vault: Vault, databases: "Databases"
) -> None:
    county = plans(60)
    history = list(with_inquiries(recorded(county, seed=6), [plan.county for plan in county]))
    for _ in range(2):
        await Loader(vault, connection, Directory(INITIATIVES)).load(history)
    with psycopg.connect(databases.dsn("referrals", OWNER)) as app:
        query = """
            SELECT count(*) FILTER (WHERE w.version <> e.version), count(*)
            FROM work_index w JOIN (SELECT originator_id, max(originator_version) AS version FROM stored_events
                                    GROUP BY originator_id) e ON e.originator_id = w.id"""
        wrong, rows = count(app, query)
        waiting = "SELECT count(*) FROM work_index WHERE kind = 'inquiry' AND state = 'open'"
        assert count(app, waiting)[0] > 1
    assert wrong == 0
    assert rows > 80
    asked = [one for one in history if one.events and isinstance(one.events[-1].fact, InquiryOpened)]
    for one in asked:
        assert one.typed
        said = await vault.notes.read(one.events[0].envelope.initiative, one.agency, one.typed.id)
        assert said, "her words, or the reason, are there for the officer"
        assert said.text.open() == one.typed.text


async def test_a_history_with_a_hole_is_refused(connection: psycopg.Connection, vault: Vault) -> None:
    holed = [one for one in recorded(plans(3), seed=7) if not isinstance(one.events[0].fact, ReferralSent)]
    with pytest.raises(AlreadyOtherwise):
        await Loader(vault, connection, Directory(INITIATIVES)).load(holed)
    assert count(connection, "SELECT count(*) FROM stored_events") == (0,)


async def test_names_are_readable_in_the_vault_by_the_agency_that_registered_her(
    connection: psycopg.Connection, vault: Vault
) -> None:
    history = list(recorded(plans(5), seed=8))
    await Loader(vault, connection, Directory(INITIATIVES)).load(history)
    one = next(each for each in history if each.person)
    slug = one.events[0].envelope.initiative
    assert one.person
    held = await vault.identities.read(slug, one.agency, one.client)
    assert held
    assert held.names[0].family == one.person[0].family
    assert await vault.identities.read(slug, "sample-ride-help", one.client) is None


async def test_production_has_no_made_up_history(
    connection: psycopg.Connection, vault: Vault, databases: "Databases"
) -> None:
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
        name = count(owner, "SELECT current_database()")[0]
        owner.execute(f"ALTER DATABASE {name} SET closeknit.environment = 'production'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await Loader(vault, connection, Directory(INITIATIVES)).load(recorded(plans(3), seed=9))
