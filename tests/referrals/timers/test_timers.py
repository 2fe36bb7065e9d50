"""What has run out happens: once, in order, whoever runs, however long nobody did (R15)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.application import firing
from services.referrals.application.firing import Due
from services.referrals.directory import Directory, Stage
from services.referrals.domain.episode import EpisodeOpened, ResponsibilityAssigned
from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralCancellationRequested
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.domain.vocabulary import Basis, Reason, ReasonOwner, ResponsibilityDomain
from services.referrals.settings import TimersSettings
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.firing_lock import FIRING
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import work_index_differences
from services.referrals.store.recorded import select, written_row
from services.referrals.store.work_index import work_rows
from services.referrals.store.written import Written
from services.referrals.timers import FOLLOWS, Timers, timers
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.condition import eventually
from tests.fix_servers import Databases
from tests.referrals.store.commits import ACCEPTED, CLINIC, RECEIVED, SENT, WIC, Story

MAPPER = FactMapper()
INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"
DIRECTORY = Directory.read(INITIATIVES)
MONDAY = datetime(2026, 3, 2, 20, tzinfo=UTC)
ASKED = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
FIRED = "timer.fired.v1"
ENDS = [FIRED, "referral.cancelled.v1"]
LEADS = ResponsibilityDomain.PRIMARY_CARE_COORDINATION
LED = ResponsibilityAssigned(domain=LEADS, agency=CLINIC, basis=Basis.INTAKE)


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
        told = [(SENT, CLINIC), (RECEIVED, WIC), (ASKED, CLINIC)][:steps]
        return self.store(uuid7(), [(*each, at - timedelta(days=2 - days)) for days, each in enumerate(told)])

    def accepted(self, at: datetime) -> UUID:
        """A referral that was accepted then, and whose client nobody called."""
        told = [(SENT, CLINIC), (RECEIVED, WIC), (ACCEPTED, WIC)]
        return self.store(uuid7(), [(*each, at - timedelta(days=2 - days)) for days, each in enumerate(told)])

    def led(self, at: datetime) -> UUID:
        """A pregnancy that is led from then on by an agency that never meets her again."""
        return self.store(
            uuid5(uuid7(), "pregnancy"), [(EpisodeOpened(identified_on=at.date()), CLINIC, at), (LED, CLINIC, at)]
        )

    def store(self, stream: UUID, told: Sequence[tuple[Fact, str, datetime]]) -> UUID:
        story = Story()
        for fact, agency, at in told:
            story.tell(stream, fact, agency, at=at)
        history = story.told[stream]
        rows = work_rows(history, DIRECTORY.due)
        with psycopg.connect(self.settings.referrals_dsn, autocommit=True) as connection:
            append_batch(connection, [Commit(tuple(history), work=rows)], MAPPER)
        return stream

    def events(self) -> list[Written]:
        with psycopg.connect(self.settings.referrals_dsn) as connection, connection.cursor(binary=True) as cursor:
            cursor.execute(select("ORDER BY notification_id"))
            return [written_row(row, MAPPER.decode) for row in cursor]

    def told(self, stream: UUID) -> list[str]:
        """What the clock did to a record."""
        mine = [event for event in self.events() if event.stream == stream]
        return [event.fact.TYPE for event in mine if event.envelope.actor == firing.ACTOR]

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


@dataclass(frozen=True)
class Case:
    """A timer: what sets it, after how many days it has surely run out, and what the clock does then."""

    name: str
    begin: Callable[[House, datetime], UUID]
    days: int
    does: list[str]

    def __repr__(self) -> str:
        return self.name


CASES = [
    Case("cancellation", House.asked_to_stop, 9, ENDS),
    Case("silence", House.led, 23, [FIRED]),
    Case("overdue", House.accepted, 9, [FIRED]),
]
each_timer = pytest.mark.parametrize("case", CASES, ids=repr)


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
    ("case", "begun", "due"),
    [
        (
            CASES[0],
            datetime(2027, 3, 8, 20, tzinfo=UTC),
            datetime(2027, 3, 16, 0, tzinfo=UTC),
        ),  # the clocks went forward
        (
            CASES[0],
            datetime(2026, 10, 26, 20, tzinfo=UTC),
            datetime(2026, 11, 3, 1, tzinfo=UTC),
        ),  # the clocks went back
        (CASES[0], datetime(2028, 2, 22, 20, tzinfo=UTC), datetime(2028, 3, 1, 1, tzinfo=UTC)),  # on 29 February
        (CASES[2], datetime(2027, 3, 8, 20, tzinfo=UTC), datetime(2027, 3, 16, 0, tzinfo=UTC)),
        (CASES[2], datetime(2026, 10, 26, 20, tzinfo=UTC), datetime(2026, 11, 3, 1, tzinfo=UTC)),
        (CASES[2], datetime(2028, 2, 22, 20, tzinfo=UTC), datetime(2028, 3, 1, 1, tzinfo=UTC)),
        (CASES[1], datetime(2027, 2, 22, 20, tzinfo=UTC), datetime(2027, 3, 16, 0, tzinfo=UTC)),
        (CASES[1], datetime(2026, 10, 13, 20, tzinfo=UTC), datetime(2026, 11, 4, 1, tzinfo=UTC)),
        (CASES[1], datetime(2028, 2, 8, 20, tzinfo=UTC), datetime(2028, 3, 1, 1, tzinfo=UTC)),
        (CASES[1], datetime(2026, 3, 14, 20, tzinfo=UTC), datetime(2026, 4, 7, 0, tzinfo=UTC)),  # the 4th is a Saturday
    ],
)
async def test_r15_it_happens_at_the_end_of_that_working_day_and_not_before(
    house: House, case: Case, begun: datetime, due: datetime
) -> None:
    stream = case.begin(house, begun)
    house.clock.at = due - timedelta(microseconds=1)
    assert (await house.turn(), house.told(stream)) == (0, [])
    house.clock.at = due
    assert (await house.turn(), house.told(stream)) == (1, case.does)


@each_timer
async def test_a_restart_forgets_nothing_and_repeats_nothing(house: House, case: Case) -> None:
    stream = case.begin(house, MONDAY)
    house.clock.at = MONDAY + timedelta(days=case.days)
    assert [await house.turn() for _ in range(3)] == [1, 0, 0]
    assert house.told(stream) == case.does


async def test_after_a_week_off_all_of_it_happens_in_the_order_of_its_time(house: House) -> None:
    begun = [(case, days) for days in (4, 0, 3, 1, 2) for case in CASES]
    streams = {case.begin(house, MONDAY + timedelta(days=days - case.days)) for case, days in begun}
    house.clock.at = MONDAY + timedelta(days=12)
    assert await house.turn() == len(begun)
    fired = [event for event in house.events() if isinstance(event.fact, TimerFired)]
    due = [event.fact.model_dump()["due_at"] for event in fired]
    assert (due, {event.stream for event in fired}) == (sorted(due), streams)
    assert len(set(due)) > 2  # what falls on a weekend waits for Monday
    assert {event.envelope.occurred_at for event in house.events() if event.envelope.actor == firing.ACTOR} == {
        house.clock.at
    }
    assert house.index_differs() == 0


@each_timer
async def test_two_at_once_fire_once(house: House, case: Case) -> None:
    streams = [case.begin(house, MONDAY + timedelta(minutes=minutes)) for minutes in range(20)]
    house.clock.at = MONDAY + timedelta(days=case.days)
    async with house.process() as one, house.process() as other:
        fired = 0
        while some := sum(await asyncio.gather(one.turn(), other.turn())):
            fired += some
    assert fired == len(streams)
    assert set(house.fired()) == set(streams)
    assert {tuple(house.told(stream)) for stream in streams} == {tuple(case.does)}


async def test_nothing_happens_while_a_history_is_loaded(house: House) -> None:
    stream = house.asked_to_stop(MONDAY)
    house.clock.at = MONDAY + timedelta(days=9)
    with psycopg.connect(house.settings.referrals_dsn, autocommit=True) as loading:
        loading.execute("SELECT pg_advisory_lock(%s)", [FIRING])  # as the simulator does (deploy/simulator/seed.py)
        assert (await house.turn(), house.told(stream)) == (0, [])
    assert (await house.turn(), house.told(stream)) == (1, ENDS)


@each_timer
async def test_without_the_lock_the_version_lets_one_of_them_write_it(house: House, case: Case) -> None:
    """A process whose connection was lost in the middle of its turn goes on beside the next."""
    stream = case.begin(house, MONDAY)
    house.clock.at = MONDAY + timedelta(days=case.days)
    async with AsyncExitStack() as stack:
        stack.enter_context(across("timers"))
        desks = [(await stack.enter_async_context(house.process()))._desk for _ in range(4)]
        row = await desks[0].lists.next_timer(house.clock.at, besides={})
        assert row is not None
        due = Due.of(row)
        done = await asyncio.gather(*[firing.fire(desk, due, FOLLOWS[due.timer]) for desk in desks])
    assert sorted(done) == [False, False, False, True]
    assert house.told(stream) == case.does


@each_timer
async def test_a_clock_that_jumps_back_repeats_nothing_and_waits(house: House, case: Case) -> None:
    first, second = case.begin(house, MONDAY), case.begin(house, MONDAY + timedelta(days=1))
    async with house.process() as process:
        for at, fired in ((-1, 1), (-39, 0), (-2, 0), (0, 1), (-1, 0)):
            house.clock.at = MONDAY + timedelta(days=case.days + at)
            assert await process.turn() == fired
    assert (house.told(first), house.told(second)) == (case.does, case.does)


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
async def test_r15_what_nobody_answered_is_overdue_then_expires_each_at_its_time(house: House, steps: int) -> None:
    stream = house.asked_to_stop(MONDAY, steps=steps)
    sent = next(event for event in house.events() if event.stream == stream)
    late = DIRECTORY.due("fresno-ptbi", Stage.ANSWER, sent.envelope.occurred_at)
    ends = DIRECTORY.expires("fresno-ptbi", sent.envelope.occurred_at)
    house.clock.at = late - timedelta(microseconds=1)
    assert await house.turn() == 0
    house.clock.at = late
    assert [await house.turn() for _ in range(2)] == [1, 0]
    house.clock.at = ends - timedelta(microseconds=1)
    assert await house.turn() == 0
    house.clock.at = ends
    assert [await house.turn() for _ in range(2)] == [1, 0]
    *_, last, overdue, fired, expired = house.events()
    assert overdue.fact == TimerFired(timer=Timer.OVERDUE, due_at=late)
    assert fired.fact == TimerFired(timer=Timer.EXPIRE, due_at=ends)
    assert {overdue.envelope.causation, fired.envelope.causation} == {last.envelope.event_id}
    assert (expired.fact.TYPE, expired.envelope.agency) == ("referral.expired.v1", CLINIC)
    assert house.index_differs() == 0


async def test_after_weeks_off_the_stages_of_one_record_come_in_their_order(house: House) -> None:
    stream = house.asked_to_stop(MONDAY, steps=1)
    house.clock.at = MONDAY + timedelta(days=40)
    assert await house.turn() == 2
    fired = [event.fact.model_dump()["timer"] for event in house.events() if isinstance(event.fact, TimerFired)]
    assert (fired, house.told(stream)) == (["overdue", "expire"], [FIRED, FIRED, "referral.expired.v1"])


async def test_silence_says_of_what_and_since_when(house: House) -> None:
    stream = house.led(MONDAY)
    house.clock.at = MONDAY + timedelta(days=24)
    assert await house.turn() == 1
    *_, led, fired = house.events()
    due = datetime(2026, 3, 24, 0, tzinfo=UTC)
    assert fired.fact == TimerFired(timer=Timer.SILENCE, due_at=due, domain=LEADS)
    assert (fired.stream, fired.envelope.agency, fired.envelope.causation) == (stream, CLINIC, led.envelope.event_id)
    assert house.index_differs() == 0
