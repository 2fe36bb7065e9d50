"""Housekeeping of the vault: what was taken away goes, what no event names is swept, keys move on with the month."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from services.referrals.store.trail import Trail
from services.referrals.vault.erasure import FOLLOWER, Erasing
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.sweep import Candidate
from services.referrals.vault.vault import Vault
from services.runtime.clock import Clock
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry, describe

OFTEN: Final = timedelta(seconds=20)
SELDOM: Final = timedelta(hours=1)

_CLIENTS_AT_ONCE = 100


class Housekeeping:
    """Goes round by itself; a round that fails is left for the next."""

    def __init__(self, trail: Trail, vault: Vault, clock: Clock, telemetry: Telemetry) -> None:
        self._trail = trail
        self._vault = vault
        self._clock = clock
        self._telemetry = telemetry

    async def keep(self) -> None:
        """Go round until cancelled: deletions are due to 20 seconds (rules R1, R14), the rest to an hour."""
        swept_at = self._clock.now()
        while True:
            await asyncio.sleep(OFTEN.total_seconds())
            try:
                with across("sweep"):
                    await self._vault.given.delete_due(self._clock.now())
                with across("keys"):
                    await self.erase()
                if is_due(swept_at, self._clock.now()):
                    await self.sweep()
                    with across("keys"):
                        await self.turn_keys()
                    swept_at = self._clock.now()
            except Exception as error:
                self._telemetry.log.warning("housekeeping waits", **describe(error))

    async def sweep(self) -> int:
        """Sweep and forget once; how many rows were deleted because no event names them."""
        now = self._clock.now()
        with across("sweep"):
            swept = await self._vault.sweep.run(self.named_ids, now)
            forgotten = await self._vault.answers.forget(now) + await self._vault.drafts.expire(now)
        self._telemetry.log.info("vault swept", count=swept.deleted + forgotten)
        return swept.deleted

    async def erase(self) -> int:
        """Erase what the log says is erased, from where this was done last; how many keys that destroyed.

        Who asked for it has done so at once. What is left is what a crash cut short, and what a restored backup of the
        vault brought back.
        """
        shredded, position = 0, await self._vault.given.position(FOLLOWER)
        while True:
            erased, upto = await self._trail.erased(position)
            for one in erased:
                holder = Holder(one.initiative, one.agency, one.client_id)
                shredded += await self._vault.erasure.erase(Erasing(holder, one.registered, one.recorded_at))
            if upto == position:
                return shredded
            await self._vault.erasure.reached(upto)
            position = upto

    async def turn_keys(self) -> None:
        """Move data keys on to this month's key, and destroy those of months whose time is over."""
        turned = await self._vault.epochs.turn()
        if turned.moved:
            self._telemetry.log.info("keys moved on", count=turned.moved)
        if turned.destroyed:
            self._telemetry.log.info("key epochs destroyed", count=len(turned.destroyed))

    async def named_ids(self, candidates: Sequence[Candidate]) -> set[UUID]:
        """Which of these rows an event names: a client's, any event about her; a note's, one that holds its id."""
        named: set[UUID] = set()
        for start in range(0, len(candidates), _CLIENTS_AT_ONCE):
            some = candidates[start : start + _CLIENTS_AT_ONCE]
            clients = [one.client_id for one in some if one.kind == "client"]
            known = await self._trail.known(clients) if clients else set()
            typed = {one.client_id for one in some if one.kind == "note"}
            ids = {id for fact in await self._trail.facts_of(typed) for id in _ids(fact)} if typed else set()
            named |= {one.id for one in some if (one.client_id in known if one.kind == "client" else one.id in ids)}
        return named


def is_due(last: datetime, now: datetime) -> bool:
    """Whether what is done seldom is to be done: an hour after the last time, and where a clock came back before it."""
    return abs(now - last) >= SELDOM


def _ids(value: BaseModel | Any) -> Iterator[UUID]:
    """Every id that a fact holds, at any depth: a new kind of note is found without being listed anywhere."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _ids(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _ids(inner)
