"""When the next thing is due: the agency's own first, else what others do of what it is a side of (R1)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.store.bulk import append_batch
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
