"""A client as the store knows her: a random id, what agencies stated for measures, and whether she may be contacted."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never
from uuid import UUID

from services.referrals.domain.client.events import (
    ClientFact,
    ClientLinked,
    ClientNamed,
    ClientRegistered,
    ClientUnlinked,
    ClientUnnamed,
    DemographicsStated,
    DetailsErased,
    HoldPlaced,
    HoldReleased,
    NoFurtherContact,
    NoFurtherContactCorrected,
    OutreachPaused,
    OutreachResumed,
)
from services.referrals.domain.client.reasons import HoldReason
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import StatedBy

_RANKS = {StatedBy.SELF_REPORTED: 2, StatedBy.STAFF_OBSERVED: 1, StatedBy.IMPORTED: 0}
_NOBODY: frozenset[UUID] = frozenset()
_UNSTATED: Mapping[str, DemographicsStated] = MappingProxyType({})
_OPEN: Mapping[str, NoFurtherContact] = MappingProxyType({})
_NEVER: Mapping[str, datetime] = MappingProxyType({})
_UNHELD: Mapping[str, HoldReason] = MappingProxyType({})
_ALONE: Mapping[str, frozenset[UUID]] = MappingProxyType({})


@frozen
class Client:
    """A registered client: when (UTC), and by which agency.

    `stated` holds every agency's statement that stands; `stopped` who recorded that she is not to be contacted; `same`
    which other clients each agency takes for her; `erased` when (UTC) an agency's details of her were erased last;
    `held` who has to keep what it holds, and why.
    """

    registered_at: datetime
    agency: str
    stated: Mapping[str, DemographicsStated]
    stopped: Mapping[str, NoFurtherContact]
    stopped_at: Mapping[str, datetime]
    same: Mapping[str, frozenset[UUID]]
    paused: bool = False
    resumed: bool = False
    corrected: frozenset[str] = frozenset()
    erased: Mapping[str, datetime] = field(default_factory=lambda: _NEVER)
    held: Mapping[str, HoldReason] = field(default_factory=lambda: _UNHELD)

    def is_stopped(self, agency: str) -> bool:
        """Whether this agency is not to contact her any more: by its own word, or for all (R20)."""
        return self.stopped_since(agency) is not None

    def stopped_since(self, agency: str) -> datetime | None:
        """Since when (UTC) it is not; None while it may."""
        if not self.stopped:
            return None
        binding = [by for by, stop in self.stopped.items() if by == agency or stop.everything]
        return min((self.stopped_at[by] for by in binding), default=None)


def prevailing(before: DemographicsStated | None, after: DemographicsStated) -> DemographicsStated:
    """Self-reported wins over observed over imported, then the latest (R7); a refusal to say is a statement, too."""
    if before is None or _RANKS[after.source] >= _RANKS[before.source]:
        return after
    return before


def evolve(state: Client | None, fact: ClientFact, at: datetime, agency: str) -> Client:
    """The client after one more fact."""
    if isinstance(fact, ClientRegistered):
        return state or Client(at, agency, _UNSTATED, _OPEN, _NEVER, _ALONE)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case DemographicsStated():
            stands = prevailing(state.stated.get(agency), fact)
            return replace(state, stated=MappingProxyType({**state.stated, agency: stands}))
        case OutreachPaused():
            return replace(state, paused=True)
        case OutreachResumed():
            return replace(state, paused=False, resumed=True)
        case NoFurtherContact():
            times = MappingProxyType({**state.stopped_at, agency: at})
            return replace(state, stopped=MappingProxyType({**state.stopped, agency: fact}), stopped_at=times)
        case NoFurtherContactCorrected():
            kept = {each: stop for each, stop in state.stopped.items() if each != agency}
            return replace(state, stopped=MappingProxyType(kept), corrected=state.corrected | {agency})
        case ClientLinked(other=other) | ClientNamed(by=other):
            return _taking_for(state, agency, state.same.get(agency, _NOBODY) | {other})
        case ClientUnlinked(other=other) | ClientUnnamed(by=other):
            return _taking_for(state, agency, state.same.get(agency, _NOBODY) - {other})
        case DetailsErased():
            return replace(state, erased=MappingProxyType({**state.erased, agency: at}))
        case HoldPlaced(reason=reason):
            return replace(state, held=MappingProxyType({**state.held, agency: reason}))
        case HoldReleased():
            still = {each: why for each, why in state.held.items() if each != agency}
            return replace(state, held=MappingProxyType(still))
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Client | None:
    """The client that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Client | None = None
    for happened in history:
        if not isinstance(happened.fact, ClientFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state


def _taking_for(state: Client, agency: str, others: frozenset[UUID]) -> Client:
    return replace(state, same=MappingProxyType({**state.same, agency: others}))
