"""The directory in memory: it follows the store, so that what one process saves another shows a second later."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from contracts.directory import Agency
from services.referrals.directory import Directory
from services.referrals.domain.directory import DirectoryFact
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import Standing
from services.referrals.store.directory_log import LENGTH, DirectoryLog
from services.referrals.store.written import Written
from services.runtime.clock import Clock
from services.runtime.postgres import Unavailable, is_outage
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry, describe

_EVERY_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 5.0
_ANSWERS_EVERY: Final = timedelta(minutes=10)


class Listing:
    """Keeps a process's directory as the store says; while the store is away, what was known last stands."""

    def __init__(self, directory: Directory, log: DirectoryLog, clock: Clock, telemetry: Telemetry) -> None:
        self._directory = directory
        self._log = log
        self._clock = clock
        self._answers_at: datetime | None = None
        self._telemetry = telemetry
        self._position = 0

    async def step(self) -> None:
        """Take in what is new. Raises what an outage raises."""
        while True:
            with across("directory"):
                events = await self._log.after(self._position)
            learn(self._directory, events)
            if events:
                self._position = events[-1].position or self._position
            if len(events) < LENGTH:
                return

    async def follow(self) -> None:
        """Follow until cancelled; an outage is waited out."""
        pause = _EVERY_SECONDS
        while True:
            try:
                await self.step()
                await self._see_answers()
                pause = _EVERY_SECONDS
            except Exception as error:
                away = isinstance(error, Unavailable) or is_outage(error)
                told = self._telemetry.log.warning if away else self._telemetry.log.error
                told("directory waits", **describe(error))
                pause = min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _see_answers(self) -> None:
        """How soon services answer, now and then: it moves slowly."""
        now = self._clock.now()
        if self._answers_at is None or now - self._answers_at >= _ANSWERS_EVERY:
            with across("directory"):
                self._directory.learn_answers(await self._log.answers(now))
            self._answers_at = now

    async def begin(self) -> None:
        """The first step, before anybody asks; a store that is away is no reason not to serve."""
        try:
            await self.step()
        except Exception as error:
            if not (isinstance(error, Unavailable) or is_outage(error)):
                raise
            self._telemetry.log.warning("directory waits", **describe(error))


def learn(directory: Directory, events: list[Written]) -> None:
    """What these events say stands from now on, in this process."""
    for event in events:
        if isinstance(event.fact, DirectoryFact):
            directory.learn(event.envelope.initiative, event.fact, event.version)


def must_receive(directory: Directory, initiative: str, agency: str) -> Agency:
    """The agency. Raises WrongState where it takes nothing new: paused, invited or gone (R22); NotInDirectory.

    What the memory of this process says is enough: a pause reaches all of them within a second.
    """
    found = directory.agency(initiative, agency)
    standing = directory.standing(initiative, agency)
    if standing is not Standing.ACTIVE:
        raise WrongState(standing, "agency-not-receiving")
    return found


def must_accept_here(directory: Directory, initiative: str, agency: str) -> None:
    """For a handoff: the lead moves when its receiver accepts (R19), and no letter does that for it.

    Raises what `must_receive` raises; WrongState for an agency that is not on the system.
    """
    if not must_receive(directory, initiative, agency).on_system:
        raise WrongState("letter", "receiver-not-on-system")
