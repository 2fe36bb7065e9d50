"""How soon services answer, from the first answers of the last 90 days: older ones are not so much as looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralWaitlisted
from services.referrals.domain.vocabulary import Mode, Reason, ReasonOwner
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.directory_log import FEWEST_ANSWERS, DirectoryLog
from services.referrals.store.mapper import FactMapper
from services.runtime.postgres import pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import ACCEPTED, CLINIC, DECLINED, FRESNO, NOON, SENT, WIC, Story

DAY: Final = timedelta(days=1)
NOW: Final = NOON + 300 * DAY
MAPPER: Final = FactMapper()
WAITLISTED: Final = ReferralWaitlisted(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)
SELF: Final = SENT.model_copy(update={"mode": Mode.INFORMATIONAL})
Told = tuple[tuple[Fact, datetime], ...]


def soon(days: int, answer: Fact = ACCEPTED) -> Told:
    """Sent 60 days before now, answered after so many days."""
    return (SENT, NOW - 60 * DAY), (answer, NOW - (60 - days) * DAY)


ENOUGH: Final = (soon(1), soon(2), soon(3), *(soon(4, DECLINED),) * 6, soon(9), soon(30, WAITLISTED))
WAITED: Final = ((SENT, NOW - 100 * DAY), (WAITLISTED, NOW - 95 * DAY), (ACCEPTED, NOW - 10 * DAY))
LONG_AGO: Final = ((SENT, NOW - 130 * DAY), (ACCEPTED, NOW - 91 * DAY))
LONG_SENT: Final = ((SENT, NOW - 280 * DAY), (ACCEPTED, NOW - 10 * DAY))
NOT_ASKED: Final = ((SELF, NOW - 60 * DAY), (ACCEPTED, NOW - 10 * DAY))
TWICE: Final = (*soon(2, WAITLISTED), (ACCEPTED, NOW - DAY))


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


def commits(told: Told, service: str) -> list[Commit]:
    """What was told of a referral, to this service."""
    (sent, at), *later = told
    story, stream = Story(), uuid7()
    first = story.tell(stream, sent.model_copy(update={"service": service}), CLINIC, at=at)
    return [first, *(story.tell(stream, fact, WIC, at=when) for fact, when in later)]


@pytest.mark.parametrize(
    ("told", "days"),
    [
        (ENOUGH, 4),
        (ENOUGH[1:], None),
        ((*ENOUGH[1:], WAITED), None),
        ((*ENOUGH[1:], LONG_AGO), None),
        ((*ENOUGH[1:], LONG_SENT), None),
        ((*ENOUGH[1:], NOT_ASKED), None),
        ((*ENOUGH[1:], TWICE), 4),
        ((TWICE,) * FEWEST_ANSWERS, 2),
    ],
)
async def test_the_middle_one_of_enough_first_answers(
    shared: Databases, told: tuple[Told, ...], days: int | None
) -> None:
    service = f"sample-{uuid7()}"
    with psycopg.connect(shared.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, [each for one in told for each in commits(one, service)], MAPPER)
    async with pool(shared.dsn("referrals"), "test", size=1) as connections:
        found = await DirectoryLog(connections, MAPPER).answers(NOW)
    assert found.get((FRESNO, service)) == days
