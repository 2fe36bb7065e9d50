"""Owns a made-up history: journeys of many clients, in the order in which agencies would have written them down."""

import hashlib
import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import orjson

from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.journey import journey
from deploy.simulator.records import Recorded, Records
from services.referrals.store.written import Written

GROWTH = 0.8
"""Under 1: more clients come in later months than in the first."""

LATEST_START = timedelta(days=5)
"""Whoever comes later than this before the present might meet closed offices, and never be a client."""


@dataclass(frozen=True)
class Plan:
    """So many clients of a county."""

    county: County
    clients: int


@dataclass(frozen=True, slots=True)
class _Unborn:
    county: County
    name: str
    start: datetime

    def born(self) -> "_Alive":
        ahead = deque(journey(self.county, self.name, self.start))
        return _Alive(Records(self.county, Random(f"{self.name} ids")), ahead)


@dataclass(frozen=True, slots=True)
class _Alive:
    records: Records
    ahead: deque[steps.AnyStep]

    @property
    def next_at(self) -> datetime | None:
        """When (UTC) somebody does something next, or a timer runs out; None: nothing is to come."""
        fires_at = self.records.fires_at
        return min([at for at in (fires_at, self.ahead[0].at if self.ahead else None) if at], default=None)

    def go_on(self) -> Recorded:
        """What comes next. A timer that runs out at the time of a step was first."""
        if self.records.fires_at is not None and self.next_at == self.records.fires_at:
            return self.records.fire()
        return self.records.take(self.ahead.popleft())


def recorded(plans: Sequence[Plan], seed: int) -> Iterator[Recorded]:
    """What agencies of all plans record, ordered by when. The same plans and seed give the same, to the last id."""
    waiting: list[tuple[datetime, int, _Unborn | _Alive]] = []
    for plan in plans:
        waiting += [(each.start, len(waiting) + n, each) for n, each in enumerate(_unborn(plan, seed))]
    heapq.heapify(waiting)
    while waiting:
        _, order, one = heapq.heappop(waiting)
        match one:
            case _Unborn():
                one = one.born()
            case _Alive():
                yield one.go_on()
        if (at := one.next_at) is not None:
            heapq.heappush(waiting, (at, order, one))


def recorded_of_each(plan: Plan, seed: int) -> Iterator[list[Recorded]]:
    """The same of one plan, one client after the other, each whole."""
    for each in _unborn(plan, seed):
        one, found = each.born(), list[Recorded]()
        while one.next_at is not None:
            found.append(one.go_on())
        yield found


def _unborn(plan: Plan, seed: int) -> Iterator[_Unborn]:
    county = plan.county
    name = f"{seed} {county.initiative.slug} {county.since.isoformat()} {county.until.isoformat()}"
    chance = Random(name)
    for number in range(plan.clients):
        start = county.since + (county.until - LATEST_START - county.since) * chance.random() ** GROWTH
        yield _Unborn(county, f"{name} {number}", start)


class Tally:
    """How much there was, and a fingerprint of events and their order: equal for equal histories, wherever made."""

    def __init__(self, *, hashing: bool = True) -> None:
        self._hash = hashlib.sha256()
        self._hashing = hashing
        self.events = 0
        self.clients = 0

    def add(self, one: Recorded) -> None:
        self.clients += one.person is not None
        for event in one.events:
            self.events += 1
            if self._hashing:
                self._add(event)

    def digest(self) -> str:
        return self._hash.hexdigest()

    def _add(self, event: Written) -> None:
        envelope = event.envelope
        row = [event.stream, event.version, event.recorded_at, event.fact.TYPE, event.fact.model_dump()]
        row += [envelope.event_id, envelope.client_id, envelope.agency, envelope.occurred_at]
        self._hash.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
