"""Claims that stand are few among those of a month: what expired or was given back never leaves PostgreSQL (R15)."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.domain.claim import ClaimMade, ClaimReleased, ClaimTakenOver
from services.referrals.domain.fact import Fact
from services.referrals.store.bulk import append_batch
from services.referrals.store.claims import Claims
from services.referrals.store.mapper import FactMapper
from services.runtime.postgres import pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import CLINIC, FRESNO, NOON, WIC, Story

WORK = uuid7()
FIVE = NOON + timedelta(hours=5)
MADE = ClaimMade(work=WORK, waits_for="answer", person="staff-1", until=FIVE)
OVER = ClaimTakenOver(work=WORK, waits_for="answer", person="staff-2", until=FIVE + timedelta(days=1))
BACK = ClaimReleased(work=WORK, waits_for="answer")


class Read(FactMapper):
    """Remembers what it read."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: list[str] = []

    def decode(self, topic: str, state: bytes) -> Fact:
        self.topics.append(topic)
        return super().decode(topic, state)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


@pytest.mark.parametrize(
    ("told", "hours", "person"),
    [
        ((MADE,), 4, "staff-1"),
        ((MADE,), 5, None),
        ((MADE, OVER), 5, "staff-2"),
        ((MADE, OVER), 29, None),
        ((MADE, BACK), 4, None),
        ((MADE, BACK, MADE), 4, "staff-1"),
    ],
)
async def test_r15_what_does_not_stand_is_not_read(
    shared: Databases, told: tuple[Fact, ...], hours: int, person: str | None
) -> None:
    story, stream, mapper, agency = Story(), uuid7(), Read(), f"{CLINIC}-{uuid7().hex}"
    commits = [story.tell(stream, fact, agency, at=NOON) for fact in told]
    with psycopg.connect(shared.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, commits, mapper)
    async with pool(shared.dsn("referrals"), "test", size=1) as connections:
        claims = Claims(connections, mapper)
        found = await claims.standing(FRESNO, agency, NOON + timedelta(hours=hours))
        assert await claims.standing(FRESNO, WIC, NOON) == {}
    assert [each.person for each in found.values()] == [person] * len(found)
    assert len(mapper.topics) == len(found) == (person is not None)
