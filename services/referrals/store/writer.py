"""Owns the way of commits into the store from a running service: group commit, one call for whoever waits."""

import itertools
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from services.referrals.store import batch
from services.referrals.store.batch import Parcel
from services.referrals.store.commit import Commit, Conflicted, Outcome, Stored
from services.referrals.store.line import Line, Question, Statement
from services.referrals.store.mapper import FactMapper
from services.referrals.store.memory import Memory
from services.referrals.store.pump import Limits, Pump, Served
from services.runtime.postgres.behalf import said

# What is appended is held against on whose behalf it is (migrations/0010_row_security.sql).
APPEND: Final = Statement(b"append", "SELECT append_commits($1, $2)")


class Writer:
    """Appends commits, many callers at once, one transaction for all that wait at the moment.

    A commit is durable when `append` returns `Stored`. What it raises (`Overloaded`, `Unavailable`) may leave a commit
    stored when the server went away in the middle: the caller's idempotency key finds out. Within one life of the
    writer it is known again by its events' ids and neither lost nor doubled. `memory` is told what became of it.
    """

    def __init__(
        self,
        dsn: str,
        mapper: FactMapper,
        *,
        memory: Memory | None = None,
        limits: Limits | None = None,
        served: Served | None = None,
    ) -> None:
        self._mapper = mapper
        self._memory = memory
        self._tickets = itertools.cycle(range(1, batch.LARGEST_TICKET))
        self._pump: Pump[Parcel, Outcome] = Pump(
            Line(dsn, "referrals writer", [APPEND]), _append, limits=limits or Limits(), touches=_touches, served=served
        )

    async def append(self, commit: Commit) -> Outcome:
        """Store the commit, or say why not. Raises `Overloaded`, `Unavailable`; `UnknownFact` for a fact unheard of."""
        outcome = await self._pump.ask(batch.pack(commit, next(self._tickets), self._mapper.encode))
        if self._memory is not None:
            match outcome:
                case Stored():
                    self._memory.stored(commit)
                case Conflicted(streams=streams):
                    self._memory.forget(streams)
        return outcome

    @property
    def quiet_seconds(self) -> float:
        """How long nothing was appended; 0 while anything is on its way."""
        return self._pump.quiet_seconds

    @property
    def waiting(self) -> int:
        """How many commits wait and are not on their way yet."""
        return self._pump.waiting

    async def __aenter__(self) -> Self:
        await self._pump.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pump.__aexit__(kind, error, trace)


def _touches(parcel: Parcel) -> frozenset[object]:
    return parcel.touches


async def _append(line: Line, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
    asks = said(parcel.asks for parcel in parcels).encode()
    [[(answer,)]] = await line.ask(Question(APPEND, (batch.text(parcels), asks)))
    return batch.outcomes(answer, parcels)
