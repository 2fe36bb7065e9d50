"""What has run out happens: once, in order, whoever runs, however long nobody did (R15)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.application import firing
from services.referrals.application.firing import Due
from services.referrals.directory import Directory
from services.referrals.domain.referral import ReferralCancellationRequested
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.domain.vocabulary import Reason, ReasonOwner
from services.referrals.main import timers
from services.referrals.settings import TimersSettings
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.firing_lock import FIRING
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import work_index_differences
from services.referrals.store.recorded import select, written_row
from services.referrals.store.work_index import work_row
from services.referrals.store.written import Written
from services.referrals.timers import FOLLOWS, Timers
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.condition import eventually
from tests.fix_servers import Databases
from tests.referrals.store.commits import CLINIC, RECEIVED, SENT, WIC, Story

MAPPER = FactMapper()
INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"
DIRECTORY = Directory.read(INITIATIVES)
MONDAY = datetime(2026, 3, 2, 20, tzinfo=UTC)
ASKED = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
ENDS = ["timer.fired.v1", "referral.cancelled.v1"]


@dataclass
class SetClock:
    """A clock that a test sets."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    """A store of its own, a clock, and as many processes as a test wants."""

    settings: TimersSettings
    owner: str
    clock: SetClock = field(default_factory=SetClock)

    def asked_to_stop(self, at: datetime, *, steps: int = 3) -> UUID:
        """A referral whose receiver was asked to stop then; with fewer steps it did not come to that yet."""
        story, stream = Story(), uuid7()
        for days, (fact, agency) in enumerate([(SENT, CLINIC), (RECEIVED, WIC), (ASKED, CLINIC)][:steps]):
            story.tell(stream, fact, agency, at=at - timedelta(days=2 - days))
        history = story.told[stream]
        row = work_row(history, DIRECTORY.due)
        assert row is not None
        with psycopg.connect(self.settings.referrals_dsn, autocommit=True) as connection:
            append_batch(connection, [Commit(tuple(history), work=(row,))], MAPPER)
        return stream

    def events(self) -> list[Written]:
        with psycopg.connect(self.settings.referrals_dsn) as connection, connection.cursor(binary=True) as cursor:
            cursor.execute(select("ORDER BY notification_id"))
            return [written_row(row, MAPPER.decode) for row in cursor]

    def told(self, stream: UUID) -> list[str]:
        """What happened to a referral after it was asked for."""
        return [event.fact.TYPE for event in self.events() if event.stream == stream][3:]

    def fired(self) -> list[UUID]:
        """The records whose timers fired, in the order in which they did."""
        return [event.stream for event in self.events() if isinstance(event.fact, TimerFired)]

    def index_differs(self) -> int:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            return work_index_differences(connection, MAPPER, DIRECTORY.due)

    @asynccontextmanager
    async def process(self, lifecycle: Lifecycle | None = None) -> AsyncIterator[Timers]:
        telemetry = Telemetry.off("timers")
        async with timers(self.settings, telemetry, lifecycle or Lifecycle(), self.clock) as process:
            yield process

    async def turn(self) -> int:
        """A process starts, fires what has run out, and ends."""
        async with self.process() as process:
            return await process.turn()


@pytest.fixture
def house(databases: Databases) -> House:
    settings = TimersSettings(
        environment="development",
        referrals_dsn=databases.dsn("referrals"),
        initiatives=INITIATIVES,
        log_level="ERROR",
    )
    return House(settings, databases.dsn("referrals", "closeknit_owner"))


async def test_r15_a_cancellation_confirms_itself_and_says_why(house: House) -> None:
    stream = house.asked_to_stop(MONDAY)
    house.clock.at = MONDAY + timedelta(days=9)
    assert await house.turn() == 1
    *_, asked, fired, cancelled = house.events()
    assert fired.fact == TimerFired(timer=Timer.CONFIRM_CANCELLATION, due_at=datetime(2026, 3, 10, 0, tzinfo=UTC))
    assert (fired.envelope.causation, fired.envelope.agency, fired.envelope.actor) == (
        asked.envelope.event_id, CLINIC, "timers",
    )  # fmt: skip
    assert (fired.stream, fired.envelope.occurred_at) == (stream, house.clock.at)
    assert cancelled.fact.model_dump()["source"] == "timer"
    assert cancelled.envelope.causation == fired.envelope.event_id
    assert cancelled.envelope.correlation == fired.envelope.correlation
    assert house.index_differs() == 0


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2027, 3, 8, 20, tzinfo=UTC), datetime(2027, 3, 16, 0, tzinfo=UTC)),  # the clocks went forward
        (datetime(2026, 10, 26, 20, tzinfo=UTC), datetime(2026, 11, 3, 1, tzinfo=UTC)),  # the clocks went back
        (datetime(2028, 2, 22, 20, tzinfo=UTC), datetime(2028, 3, 1, 1, tzinfo=UTC)),  # on 29 February
    ],
)
async def test_r15_it_happens_at_the_end_of_that_working_day_and_not_before(
    house: House, asked: datetime, due: datetime
) -> None:
    stream = house.asked_to_stop(asked)
    house.clock.at = due - timedelta(microseconds=1)
    assert (await house.turn(), house.told(stream)) == (0, [])
    house.clock.at = due
    assert (await house.turn(), house.told(stream)) == (1, ENDS)


async def test_a_restart_forgets_nothing_and_repeats_nothing(house: House) -> None:
    stream = house.asked_to_stop(MONDAY)
    house.clock.at = MONDAY + timedelta(days=9)
    assert [await house.turn() for _ in range(3)] == [1, 0, 0]
    assert house.told(stream) == ENDS


async def test_after_a_week_off_all_of_it_happens_in_the_order_of_its_time(house: House) -> None:
    later = [MONDAY + timedelta(days=days) for days in (4, 0, 3, 1, 2)]
    streams = {at: house.asked_to_stop(at) for at in later}
    house.clock.at = MONDAY + timedelta(days=21)
    assert await house.turn() == len(later)
    assert house.fired() == [streams[at] for at in sorted(later)]
    occurred = [event.envelope.occurred_at for event in house.events()[-2 * len(later) :]]
    assert set(occurred) == {house.clock.at}
    assert house.index_differs() == 0


async def test_two_at_once_fire_once(house: House) -> None:
    streams = [house.asked_to_stop(MONDAY + timedelta(minutes=minutes)) for minutes in range(20)]
    house.clock.at = MONDAY + timedelta(days=9)
    async with house.process() as one, house.process() as other:
        fired = 0
        while some := sum(await asyncio.gather(one.turn(), other.turn())):
            fired += some
    assert fired == len(streams)
    assert house.fired() == streams
    assert {tuple(house.told(stream)) for stream in streams} == {tuple(ENDS)}


async def test_nothing_happens_while_a_history_is_loaded(house: House) -> None:
    stream = house.asked_to_stop(MONDAY)
    house.clock.at = MONDAY + timedelta(days=9)
    with psycopg.connect(house.settings.referrals_dsn, autocommit=True) as loading:
        loading.execute("SELECT pg_advisory_lock(%s)", [FIRING])  # as the simulator does (deploy/simulator/seed.py)
        assert (await house.turn(), house.told(stream)) == (0, [])
    assert (await house.turn(), house.told(stream)) == (1, ENDS)


async def test_without_the_lock_the_version_lets_one_of_them_write_it(house: House) -> None:
    """A process whose connection was lost in the middle of its turn goes on beside the next."""
    stream = house.asked_to_stop(MONDAY)
    house.clock.at = MONDAY + timedelta(days=9)
    async with AsyncExitStack() as stack:
        desks = [(await stack.enter_async_context(house.process()))._desk for _ in range(4)]
        row = await desks[0].lists.next_timer(house.clock.at, besides={})
        assert row is not None
        due = Due.of(row)
        done = await asyncio.gather(*[firing.fire(desk, due, FOLLOWS[due.timer]) for desk in desks])
    assert sorted(done) == [False, False, False, True]
    assert house.told(stream) == ENDS


async def test_a_clock_that_jumps_back_repeats_nothing_and_waits(house: House) -> None:
    first, second = house.asked_to_stop(MONDAY), house.asked_to_stop(MONDAY + timedelta(days=1))
    async with house.process() as process:
        for at, fired in ((8, 1), (-30, 0), (7, 0), (9, 1), (8, 0)):
            house.clock.at = MONDAY + timedelta(days=at)
            assert await process.turn() == fired
    assert (house.told(first), house.told(second)) == (ENDS, ENDS)


async def test_what_the_rules_forbid_holds_nobody_up(house: House) -> None:
    unknown, moved, right = (house.asked_to_stop(MONDAY + timedelta(hours=hours)) for hours in range(3))
    refused = house.asked_to_stop(MONDAY, steps=2)
    with psycopg.connect(house.owner, autocommit=True) as connection:
        connection.execute("UPDATE work_index SET fires = 'no_such_timer' WHERE id = %s", [unknown])
        connection.execute("UPDATE work_index SET version = version + 1 WHERE id = %s", [moved])
        connection.execute(
            "UPDATE work_index SET fires = 'confirm_cancellation', fires_at = %s WHERE id = %s", [MONDAY, refused]
        )
    house.clock.at = MONDAY + timedelta(days=9)
    async with house.process() as process:
        assert [await process.turn(), await process.turn()] == [1, 0]
    assert [house.told(stream) for stream in (unknown, moved, refused, right)] == [[], [], [], ENDS]


async def test_it_runs_until_it_is_asked_to_stop(house: House) -> None:
    stream, lifecycle = house.asked_to_stop(MONDAY), Lifecycle()
    house.clock.at = MONDAY + timedelta(days=9)
    async with house.process(lifecycle) as process:
        running = asyncio.create_task(process.run())
        await eventually(lambda: house.told(stream))
        lifecycle.stop()
        async with asyncio.timeout(10):
            await running
    assert house.told(stream) == ENDS


@pytest.mark.parametrize("steps", [1, 2])
async def test_r15_what_nobody_answered_expires_at_its_time_and_not_before(house: House, steps: int) -> None:
    stream = house.asked_to_stop(MONDAY, steps=steps)
    sent = next(event for event in house.events() if event.stream == stream)
    due = DIRECTORY.expires("fresno-ptbi", sent.envelope.occurred_at)
    house.clock.at = due - timedelta(microseconds=1)
    assert await house.turn() == 0
    house.clock.at = due
    assert [await house.turn() for _ in range(2)] == [1, 0]
    *_, fired, expired = house.events()
    assert fired.fact == TimerFired(timer=Timer.EXPIRE, due_at=due)
    assert (expired.fact.TYPE, expired.envelope.agency) == ("referral.expired.v1", CLINIC)
    assert house.index_differs() == 0
