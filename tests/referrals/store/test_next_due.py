"""When the next thing is due: the agency's own first, else what others do of what it is a side of (R1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.store.bulk import append_batch
from services.referrals.store.listed import NEXT_DUE
from services.referrals.store.mapper import FactMapper
from services.referrals.store.work_lists import WorkLists
from services.runtime.postgres import pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import CLINIC, DECLINED, FRESNO, HUB, NOON, SENT, WIC, Story

LATER = NOON + timedelta(hours=5)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    """What the clinic sent at noon is to be answered in 7 days; what WIC declined at 5, to be acknowledged in 5."""
    made, open_one, ended = database_maker(), Story(), Story()
    which = uuid7()
    told = [open_one.tell(uuid7(), SENT, CLINIC, at=NOON), ended.tell(which, SENT, CLINIC, at=NOON)]
    with psycopg.connect(made.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, [*told, ended.tell(which, DECLINED, WIC, at=LATER)], FactMapper())
    return made


ANSWER, ACKNOWLEDGE = NOON + timedelta(days=7), LATER + timedelta(days=5)


@pytest.mark.parametrize(
    ("agency", "now", "due"),
    [
        (WIC, NOON, ANSWER),
        (CLINIC, NOON, ACKNOWLEDGE),
        (CLINIC, ACKNOWLEDGE, ANSWER),  # nothing more of its own: WIC's answer to it
        (CLINIC, ANSWER, None),
        (HUB, NOON, None),
    ],
)
async def test_own_things_first(shared: Databases, agency: str, now: datetime, due: datetime | None) -> None:
    async with pool(shared.dsn("referrals"), "test", size=1) as connections:
        assert await WorkLists(connections).next_due(FRESNO, agency, now) == due
        assert await WorkLists(connections).next_due("expecting-justice-sf", agency, now) is None


def indexes(databases: Databases, query: str) -> set[str]:
    """Which indexes PostgreSQL reads for it."""

    def found(plan: dict[str, Any]) -> set[str]:
        return {plan.get("Index Name", "")}.union(*(found(each) for each in plan.get("Plans", ())))

    with psycopg.connect(databases.dsn("referrals", "closeknit_owner")) as owner:
        owner.execute("SET enable_seqscan = off")
        asked = {"initiative": FRESNO, "agency": WIC, "now": NOON}
        row = psycopg.ClientCursor(owner).execute(b"EXPLAIN (FORMAT JSON) " + query.encode(), asked).fetchone()
    assert row is not None
    return found(row[0][0]["Plan"])


ALL_EVER = {"work_index_inbox", "work_index_outbox"}
"""What the agency ever sent and was ever sent."""


def test_it_is_not_looked_for_among_all_that_ever_was(shared: Databases) -> None:
    assert "work_index_waiting" in indexes(shared, NEXT_DUE)
    assert not indexes(shared, NEXT_DUE) & ALL_EVER


def test_looking_there_is_seen(shared: Databases) -> None:
    assert indexes(shared, NEXT_DUE.replace(" OFFSET 0", "")) & ALL_EVER
