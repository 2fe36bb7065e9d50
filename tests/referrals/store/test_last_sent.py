"""When services were last sent somebody, by whomever: the latest of each, read from its agency's latest on (R2)."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.store.bulk import append_batch
from services.referrals.store.mapper import FactMapper
from services.referrals.store.work_lists import WorkLists
from services.runtime.postgres import pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import CLINIC, FRESNO, HUB, NOON, SENT, WIC, Story

FOOD, OTHER = SENT.service, "wic-east-lactation"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    """WIC's food was sent somebody at noon and a day later, its other service in between; the hub's was sent nobody."""
    made, other = database_maker(), SENT.model_copy(update={"service": OTHER})
    told = [(SENT, NOON), (other, NOON + DAY / 2), (SENT, NOON + DAY)]
    with psycopg.connect(made.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, [Story().tell(uuid7(), sent, CLINIC, at=at) for sent, at in told], FactMapper())
    return made


async def test_r2_the_latest_of_each_service_of_its_own_agency(shared: Databases) -> None:
    async with pool(shared.dsn("referrals"), "test", size=1) as connections:
        lists = WorkLists(connections)
        asked = {FOOD: WIC, OTHER: WIC, "hub-visits": HUB}
        assert await lists.last_sent(FRESNO, asked) == {FOOD: NOON + DAY, OTHER: NOON + DAY / 2}
        assert await lists.last_sent(FRESNO, {FOOD: HUB}) == {}
        assert await lists.last_sent("expecting-justice-sf", asked) == {}
