"""Opening the desk: its connections and what runs beside the requests, for as long as a process lives."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

from services.referrals.application.desk import Desk
from services.referrals.application.housekeeping import Housekeeping
from services.referrals.application.listing import Listing
from services.referrals.application.sealing import Sealer
from services.referrals.directory import Directory
from services.referrals.settings import DeskSettings, ServeSettings, TimersSettings
from services.referrals.store.accounting import Accounting
from services.referrals.store.claims import Claims
from services.referrals.store.directory_log import DirectoryLog
from services.referrals.store.mapper import FactMapper
from services.referrals.store.memory import Memory
from services.referrals.store.pump import Served
from services.referrals.store.reader import Reader
from services.referrals.store.timeline import Timeline
from services.referrals.store.trail import Trail
from services.referrals.store.work_lists import WorkLists
from services.referrals.store.writer import Writer
from services.referrals.vault.vault import reached_vault
from services.referrals.vault.watch import Watch
from services.runtime.clock import Clock
from services.runtime.postgres import pool
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry

OUTAGE_SECONDS: Final = 2.0  # how long a request waits for a database that is away before it is told so


@asynccontextmanager
async def whole_desk(
    settings: ServeSettings, directory: Directory, clock: Clock, told: Telemetry
) -> AsyncIterator[Desk]:
    """The desk with its vault, and the sealer and the housekeeping running beside the requests."""
    async with AsyncExitStack() as stack:
        desk, trail = await stack.enter_async_context(quiet_desk(settings, directory, clock, told))
        vault, sealer = desk.vault, desk.sealer
        await stack.enter_async_context(_running(Watch(settings.identity_dsn, vault.keys, told).follow()))
        with across("sealing"):
            await stack.enter_async_context(_running(sealer.follow()))
        await stack.enter_async_context(_running(Housekeeping(trail, vault, clock, told).keep()))
        yield desk


@asynccontextmanager
async def quiet_desk(
    settings: DeskSettings, directory: Directory, clock: Clock, told: Telemetry
) -> AsyncIterator[tuple[Desk, Trail]]:
    """The desk with its vault and nothing running beside, for a command; and the trail of its store."""
    async with AsyncExitStack() as stack:
        desk, trail = await stack.enter_async_context(bare_desk(settings, directory, clock, told))
        identity = await stack.enter_async_context(pool(settings.identity_dsn, "referrals vault", wait=OUTAGE_SECONDS))
        vault = await stack.enter_async_context(reached_vault(identity, settings, clock))
        sealer = Sealer(trail, desk.reader, vault.given, told, quiet_seconds=lambda: desk.writer.quiet_seconds)
        yield replace(desk, safe=(vault, sealer)), trail


@asynccontextmanager
async def bare_desk(
    settings: TimersSettings, directory: Directory, clock: Clock, told: Telemetry
) -> AsyncIterator[tuple[Desk, Trail]]:
    """A desk without a vault, and the trail of its store; its directory follows the store."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            pool(settings.referrals_dsn, "referrals lists", wait=OUTAGE_SECONDS, one_plan=True)
        )
        mapper, memory = FactMapper(), Memory()
        reader = await stack.enter_async_context(Reader(settings.referrals_dsn, mapper))
        writer = await stack.enter_async_context(
            Writer(settings.referrals_dsn, mapper, memory=memory, served=_served(told))
        )
        listing = Listing(directory, DirectoryLog(store, mapper), clock, told)
        await listing.begin()
        await stack.enter_async_context(_running(listing.follow()))
        desk = Desk(
            reader=reader,
            writer=writer,
            lists=WorkLists(store),
            claims=Claims(store, mapper),
            timeline=Timeline(store, mapper),
            accounting=Accounting(store, mapper),
            directory=directory,
            clock=clock,
            memory=memory,
            safe=None,
        )
        yield desk, Trail(store, mapper)


def _served(telemetry: Telemetry) -> Served:
    def served(size: int, seconds: float, waiting: int) -> None:
        telemetry.metrics.record("closeknit.append.batch.size", size)
        telemetry.metrics.level("closeknit.append.queue", waiting)

    return served


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """A task beside the requests, cancelled at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
