"""Owns the process `timers`: what has run out happens, in the order in which it ran out, once, whoever runs twice."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final
from uuid import UUID

import psycopg

from services.referrals.application import agreeing, firing, handing_back, pregnancy_clock, unasked
from services.referrals.application.desk import Desk
from services.referrals.application.firing import Due, Follows
from services.referrals.application.opening import OUTAGE_SECONDS, bare_desk
from services.referrals.directory import Directory
from services.referrals.domain.refusal import Refusal
from services.referrals.domain.timer import Timer
from services.referrals.settings import TimersSettings
from services.referrals.store.commit import WorkRow
from services.referrals.store.firing_lock import FIRING
from services.runtime.clock import Clock, SystemClock
from services.runtime.postgres import AsyncPool, Unavailable, is_busy, is_outage, pool
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry, describe
from services.runtime.worker import Lifecycle

LOOKS_EVERY: Final = 0.5  # seconds
AT_ONCE: Final = 500  # firings of one turn at the lock

FOLLOWS: Final[Mapping[Timer, Follows]] = MappingProxyType(
    {
        Timer.CONFIRM_CANCELLATION: unasked.lapse,
        Timer.EXPIRE: unasked.expire,
        Timer.EXPIRE_HANDOFF: handing_back.expire,
        Timer.FAIL_HANDOFF: handing_back.fail,
        Timer.EXPIRE_CONSENT: agreeing.expire,
        Timer.END_POSTPARTUM: pregnancy_clock.end_postpartum,
        Timer.SILENCE: firing.nothing_else,
        Timer.OVERDUE: firing.nothing_else,
    }
)
"""What follows when a timer runs out. The work index says when it does (`store/work_index.py`)."""


class Timers:
    """Fires what has run out. Nothing is kept in memory but what could not be: a restart finds all of it in the index.

    Two processes take turns by an advisory lock, so that everything happens in the order of its time. The lock is lost
    with its connection; then both may try the same, and the version of the record lets one of them write it.
    """

    def __init__(self, desk: Desk, pool: AsyncPool, telemetry: Telemetry, lifecycle: Lifecycle) -> None:
        self._desk = desk
        self._pool = pool
        self._telemetry = telemetry
        self._lifecycle = lifecycle
        self._left: dict[UUID, int] = {}

    async def run(self) -> None:
        """Works until a stop is asked for."""
        self._lifecycle.beat("starting")
        while not self._lifecycle.stopping:
            try:
                fired = await self.turn()
                with across("timers"):
                    waiting = await self._desk.lists.timers_due(self._desk.clock.now())
            except (psycopg.Error, Unavailable) as error:
                if not (isinstance(error, Unavailable) or is_outage(error) or is_busy(error)):
                    raise
                self._telemetry.log.warning("timers wait", **describe(error))
                self._lifecycle.beat("waiting")
                fired = 0
            else:
                self._lifecycle.beat("working", waiting)
                self._telemetry.metrics.level("closeknit.timers.due", waiting)
            if not fired:
                await asyncio.sleep(LOOKS_EVERY)

    async def turn(self) -> int:
        """Fire what has run out by now, the first first; how many. None while another process is at it."""
        fired = 0
        with across("timers"):
            async with self._alone() as mine:
                while mine and fired < AT_ONCE and not self._lifecycle.stopping:
                    # Asked for anew each time: what a firing sets up may have run out before what comes next.
                    row = await self._desk.lists.next_timer(self._desk.clock.now(), besides=self._left)
                    if row is None:
                        break
                    if await self._fire(row):
                        fired += 1
                    else:
                        self._left[row.id] = row.version
        return fired

    async def _fire(self, row: WorkRow) -> bool:
        """Whether it happened. What the rules do not let happen, or this program has not heard of, is a slip of the
        index: it must not hold up the others, and is tried again when the record has moved or the process starts anew.
        """
        try:
            due = Due.of(row)
            done = await firing.fire(self._desk, due, FOLLOWS[due.timer])
        except Refusal as refusal:
            self._telemetry.log.error("a timer was refused", operation=row.fires, slug=refusal.slug)
            return False
        except ValueError as error:
            self._telemetry.log.error("a timer is not known", **describe(error))
            return False
        if done:
            self._telemetry.metrics.count("closeknit.timers.fired", 1)
        return done

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[bool]:
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [FIRING])).fetchone()
            yield bool(row and row[0])


@asynccontextmanager
async def timers(
    settings: TimersSettings, telemetry: Telemetry, lifecycle: Lifecycle, clock: Clock | None = None
) -> AsyncIterator[Timers]:
    """The timers with their connections. Raises BadInitiative."""
    directory = Directory.read(settings.initiatives)
    async with (
        bare_desk(settings, directory, clock or SystemClock(), telemetry) as (desk, _),
        pool(settings.referrals_dsn, "referrals timers", size=1, wait=OUTAGE_SECONDS, task="timers") as turns,
    ):
        yield Timers(desk, turns, telemetry, lifecycle)
