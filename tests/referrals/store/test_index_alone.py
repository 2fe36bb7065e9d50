"""How much waits, and what is on a page of it, is read off indexes alone: it stays quick however much there is."""

from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
import pytest

from services.referrals.store.listed import COUNTED, ROWS, WAITING
from tests.fix_servers import Databases
from tests.referrals.store.commits import FRESNO, NOON, WIC

ASKED = {"initiative": FRESNO, "agency": WIC, "now": NOON, "waits_for": None, "overdue": False, "limit": 21} | dict(
    among=None, among_for=[], without=[], without_for=[], after=None, since=None
)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


def scans(databases: Databases, query: LiteralString) -> set[tuple[str, str]]:
    """How PostgreSQL reads each table where it is large: the kind of scan and the index."""

    def found(plan: dict[str, Any]) -> set[tuple[str, str]]:
        own = {(plan["Node Type"], plan["Index Name"])} if "Index Name" in plan else set[tuple[str, str]]()
        return own.union(*(found(each) for each in plan.get("Plans", ())))

    with psycopg.connect(databases.dsn("referrals", "closeknit_owner")) as owner:
        owner.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        row = psycopg.ClientCursor(owner).execute(b"EXPLAIN (FORMAT JSON) " + query.encode(), ASKED).fetchone()
    assert row is not None
    return found(row[0][0]["Plan"])


WAITS = ("Index Only Scan", "work_index_waiting")
QUIET = ("Index Only Scan", "work_index_paused")
STOPPED = ("Index Only Scan", "stored_events_stopped")
ABOUT = ("Index Scan", "work_index_pkey")
"""Of a question, which are few, what it is about; and the rows of one page."""
RESTS, SAID = ("Index Scan", "work_index_client"), ("Index Scan", "stored_events_pkey")
"""Of a consent that ran out, which are few, what rests on it."""


def test_the_counts(shared: Databases) -> None:
    assert scans(shared, COUNTED) == {WAITS, QUIET, STOPPED, ABOUT, RESTS, SAID}


def test_a_page(shared: Databases) -> None:
    assert scans(shared, WAITING) == {WAITS, QUIET, STOPPED, ABOUT, RESTS, SAID}


def test_what_asks_for_more_than_the_index_holds_is_seen(shared: Databases) -> None:
    asked: LiteralString = ROWS + "WHERE initiative = %(initiative)s AND waits_on = %(agency)s"
    assert WAITS not in scans(shared, asked)
