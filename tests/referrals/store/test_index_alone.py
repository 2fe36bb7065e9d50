"""How much waits, and what is on a page of it, is read off indexes alone: it stays quick however much there is."""

from collections.abc import Callable, Sequence
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from uuid_utils.compat import uuid7

from services.referrals.store.directory_log import ANSWERS
from services.referrals.store.listed import BOXED, COUNTED, NEXT_DUE, ROWS, WAITING, Box, boxed, waiting
from tests.fix_servers import Databases
from tests.referrals.store.commits import FRESNO, NOON, WIC

ASKED = (
    {
        "initiative": FRESNO,
        "agency": WIC,
        "now": NOON,
        "waits_for": "answer",
        "after": uuid7(),
        "since": NOON,
        "category": "doula",
    }
    | dict(states=["sent"], clients=[uuid7()])
    | dict(begun=NOON, fewest=11)
    | dict(among=[uuid7()], among_for=["answer"], without=[uuid7()], without_for=["answer"])
)
Query = LiteralString | sql.Composed


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


def scans(databases: Databases, query: Query, off: Sequence[str] = ("seqscan", "bitmapscan")) -> set[tuple[str, str]]:
    """How PostgreSQL reads each table where it is large: the kind of scan and the index."""

    def found(plan: dict[str, Any]) -> set[tuple[str, str]]:
        own = {(plan["Node Type"], plan["Index Name"])} if "Index Name" in plan else set[tuple[str, str]]()
        return own.union(*(found(each) for each in plan.get("Plans", ())))

    with psycopg.connect(databases.dsn("referrals", "closeknit_owner")) as owner:
        for way in off:
            owner.execute(sql.SQL("SET {} = off").format(sql.Identifier(f"enable_{way}")))
        owner.execute("SET ROLE referrals_app")  # its policies are part of the plan
        asked = query if isinstance(query, sql.Composed) else sql.SQL(query)
        row = psycopg.ClientCursor(owner).execute(sql.SQL("EXPLAIN (FORMAT JSON) ") + asked, ASKED).fetchone()
    assert row is not None
    return found(row[0][0]["Plan"])


WAITS = ("Index Only Scan", "work_index_waiting")
QUIET = ("Index Only Scan", "work_index_paused")
STOPPED = ("Index Only Scan", "stored_events_stopped")
PAGE = ("Index Scan", "work_index_pkey")
"""The rows of one page."""
RESTS, SAID = ("Index Scan", "work_index_client"), ("Index Scan", "stored_events_pkey")
"""Of a consent that ran out, which are few, what rests on it."""


def test_the_counts(shared: Databases) -> None:
    assert scans(shared, COUNTED) == {WAITS, QUIET, STOPPED, RESTS, SAID}


@pytest.mark.parametrize("narrowed", [(), *((name,) for name in WAITING), tuple(WAITING)])
def test_a_page(shared: Databases, narrowed: tuple[str, ...]) -> None:
    assert scans(shared, waiting(narrowed, 21)) == {WAITS, QUIET, STOPPED, PAGE, RESTS, SAID}


def test_what_asks_for_more_than_the_index_holds_is_seen(shared: Databases) -> None:
    asked: LiteralString = ROWS + "WHERE initiative = %(initiative)s AND waits_on = %(agency)s"
    assert WAITS not in scans(shared, asked)


@pytest.mark.parametrize("box", ["inbox", "outbox"])
@pytest.mark.parametrize("narrowed", [(), *((name,) for name in BOXED if name != "clients")])
def test_a_box_is_read_in_its_order(shared: Databases, box: Box, narrowed: tuple[str, ...]) -> None:
    first = ("Index Scan", f"work_index_{box}")
    assert scans(shared, boxed(box, "referral", narrowed, 21)) == {first, PAGE}
    assert scans(shared, boxed(None, "handoff", narrowed, 21)) > {first, PAGE}


EVER = {"work_index_inbox", "work_index_outbox"}
"""What the agency ever sent and was ever sent."""


def test_what_is_due_next_is_not_looked_for_among_all_that_ever_was(shared: Databases) -> None:
    found = {index for _, index in scans(shared, NEXT_DUE, ["seqscan"])}
    assert "work_index_waiting" in found
    assert not found & EVER


def test_looking_there_is_seen(shared: Databases) -> None:
    asked: LiteralString = NEXT_DUE.replace("waits_on IS NOT NULL", "waits_on IS NOT NULL AND kind = 'referral'")
    assert {index for _, index in scans(shared, asked, ["seqscan"])} & EVER


ANSWERED = ("Index Only Scan", "stored_events_answered")


def test_how_soon_services_answer_is_not_looked_for_among_all_that_was_ever_sent(shared: Databases) -> None:
    assert scans(shared, ANSWERS) == {ANSWERED, PAGE}


def test_another_condition_than_the_index_has_is_seen(shared: Databases) -> None:
    asked: LiteralString = ANSWERS.replace("'referral.waitlisted.v1'", "'referral.expired.v1'")
    assert ANSWERED not in scans(shared, asked)
