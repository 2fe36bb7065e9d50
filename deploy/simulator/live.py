"""Owns the live trickle: made-up journeys lived through the public API, a day of them in less than a minute."""

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

import aiohttp

from deploy.local.child import PartMissing
from deploy.local.issuer import DevelopmentIssuer
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.journey import journey
from deploy.simulator.public_api import PublicApi, Refused
from deploy.simulator.requests import Handles, Request, learn, request_of, to_read_after
from services.referrals.directory import Directory
from services.runtime.clock import Clock, SystemClock
from services.runtime.worker import Lifecycle

NEEDED = ("CLOSEKNIT_PUBLIC_URL", "CLOSEKNIT_ISSUER", "CLOSEKNIT_ISSUER_KEYS")
TELL_S = 60.0
LONGEST_WAIT_S = 1.0
LIFETIME = timedelta(days=450)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: a journey's day lasts `day_s` seconds, a new client comes every `client_s`; `gap_s` between calls."""

    day_s: float = 40.0
    client_s: float = 45.0
    gap_s: float = 0.2


class Api(Protocol):
    """Where steps go."""

    async def call(self, request: Request, key: str) -> Mapping[str, Any] | Refused: ...


@dataclass
class Life:
    """One client's steps that are still to come, and what the API called things so far."""

    name: str
    api: Api
    county: County
    ahead: deque[steps.AnyStep]
    handles: Handles = field(default_factory=Handles)
    taken: int = 0

    async def step(self, now: datetime) -> Refused | None:
        """Take the next step; one whose ground was refused before is left out. Raises Away."""
        step = self.ahead.popleft()
        self.taken += 1
        try:
            request = request_of(step, self.handles, self.county.hours.local_date(now))
        except KeyError:
            return None
        answer = await self.api.call(request, f"{self.name}-{self.taken}")
        if isinstance(answer, Refused):
            return answer
        learn(step, answer, self.handles)
        if reading := to_read_after(step, self.handles):
            read = await self.api.call(reading, "")
            if isinstance(read, Refused):
                return read
            learn(step, read, self.handles)
        return None


@dataclass
class Trickle:
    """Journeys begun one after the other and lived side by side, one call at a time."""

    births: Iterator[Life]
    clock: Clock
    pace: Pace
    lifecycle: Lifecycle
    told: Callable[[str], None]
    clients: int = 0
    calls: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Until every journey has ended, or a stop is asked for. Raises Away."""
        begin = self.clock.now()
        ahead: list[tuple[datetime, int, Life | None]] = [(begin, 0, None)]
        tell = begin + timedelta(seconds=TELL_S)
        while ahead and not self.lifecycle.stopping:
            self.lifecycle.beat("working")
            now = self.clock.now()
            if now >= tell:
                tell = now + timedelta(seconds=TELL_S)
                self.say()
            if ahead[0][0] > now:
                await asyncio.sleep(min(LONGEST_WAIT_S, (ahead[0][0] - now).total_seconds()))
                continue
            due, order, life = heapq.heappop(ahead)
            if life is None:
                if life := next(self.births, None):
                    self.clients += 1
                    heapq.heappush(ahead, (due + timedelta(seconds=self.pace.client_s), order, None))
                    heapq.heappush(ahead, (now, self.clients, life))
                continue
            at = life.ahead[0].at
            await self.live(life, now)
            if life.ahead:
                days = (life.ahead[0].at - at) / timedelta(days=1)
                heapq.heappush(ahead, (due + timedelta(seconds=days * self.pace.day_s), order, life))
        self.say()

    async def live(self, life: Life, now: datetime) -> None:
        refused = await life.step(now)
        self.calls += 1
        if refused:
            self.refused[f"{refused.status} {refused.slug}"] += 1
        await asyncio.sleep(self.pace.gap_s)

    def say(self) -> None:
        refusals = ", ".join(f"{count} x {what}" for what, count in self.refused.most_common())
        self.told(f"{self.clients} clients, {self.calls} steps" + (f"; refused: {refusals}" if refusals else ""))


async def trickle(
    initiatives: Sequence[str],
    clients: int,
    *,
    number: int,
    environ: Mapping[str, str],
    told: Callable[[str], None],
    pace: Pace = Pace(),  # noqa: B008 - frozen
    clock: Clock | None = None,
) -> Trickle:
    """Live `clients` journeys of each initiative through the public API of the system that `environ` names.

    Raises NotInProduction, PartMissing, NotInDirectory, Away.
    """
    for name in NEEDED:
        if not environ.get(name):
            raise PartMissing(f"{name} is not set and no system runs here: `closeknit up` starts one.")
    clock = clock or SystemClock()
    issuer = DevelopmentIssuer(environ["CLOSEKNIT_ISSUER"], Path(environ["CLOSEKNIT_ISSUER_KEYS"]), environ)
    directory = Directory.read(Path(environ.get("CLOSEKNIT_INITIATIVES") or "deploy/initiatives"))
    begin, heartbeat = clock.now(), environ.get("CLOSEKNIT_HEARTBEAT")
    lifecycle = Lifecycle(Path(heartbeat) if heartbeat else None)
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        lives = []
        for slug in initiatives:
            county = County(directory.initiative(slug), begin, begin + LIFETIME)
            name = f"live-{number}-{slug}-{begin.isoformat()}"
            api = PublicApi(session, environ["CLOSEKNIT_PUBLIC_URL"], issuer, county, chance=Random(name))
            lives.append(_births(name, county, api, clients, clock))
        lived = Trickle(_in_turn(lives), clock, pace, lifecycle, told)
        with lifecycle.signals():
            await lived.run()
        return lived


def _births(name: str, county: County, api: Api, clients: int, clock: Clock) -> Iterator[Life]:
    for count in range(clients):
        one = f"{name}-{count}"
        if ahead := deque(_possible(journey(county, one, clock.now()))):
            yield Life(one, api, county, ahead)


def _possible(lived: Sequence[steps.AnyStep]) -> Iterator[steps.AnyStep]:
    """Without what takes days, which pass here in seconds: nobody gives up on her after ten of them (R13), nothing
    expires, and nobody is told that it did."""
    late = {
        step.name
        for step in lived
        if isinstance(step, steps.Expire | steps.ExpireHandoff | steps.FailHandoff)
        or (isinstance(step, steps.Close) and step.attempts)
    }
    for step in lived:
        if isinstance(step, steps.Send) and step.supersedes in late:
            late.add(step.name)  # what it would be sent again for has not ended
        elif not (
            isinstance(step, steps.Close | steps.Expire | steps.Acknowledge | steps.ReadHandoff) and step.name in late
        ):
            yield step


def _in_turn(lives: list[Iterator[Life]]) -> Iterator[Life]:
    while lives:
        for each in list(lives):
            if (life := next(each, None)) is None:
                lives.remove(each)
            else:
                yield life
