"""A need: what an agency knows that a client lacks, until it is resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, WrongState
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Category, Resolution, RestrictedClass, restricted_class


@frozen(kw_only=True)
class IdentifyNeed:
    """An agency knows of a need; `screening` found it, where one did."""

    agency: str
    at: datetime
    category: Category
    screening: UUID | None = None


@frozen(kw_only=True)
class ResolveNeed:
    """She has it no more, or wants no help with it."""

    agency: str
    at: datetime
    how: Resolution


@frozen(kw_only=True)
class VoidNeed:
    """It should never have been written; `event` made it, `note` is the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    note: UUID


NeedCommand: TypeAlias = IdentifyNeed | ResolveNeed | VoidNeed


class NeedIdentified(Fact):
    """A need is known; its class is fixed by its category (R6)."""

    TYPE: ClassVar[str] = "need.identified.v1"
    category: Category
    screening: UUID | None = None
    restricted: RestrictedClass | None = None


class NeedResolved(Fact):
    """It is there no more."""

    TYPE: ClassVar[str] = "need.resolved.v1"
    how: Resolution
    restricted: RestrictedClass | None = None


class NeedEnteredInError(Fact):
    """It should never have been written (R14): it stays in the history and leaves every measure."""

    TYPE: ClassVar[str] = "need.entered_in_error.v1"
    event: UUID
    note: UUID
    restricted: RestrictedClass | None = None


NeedFact: TypeAlias = NeedIdentified | NeedResolved | NeedEnteredInError


class NeedStatus(StrEnum):
    """Where a need stands."""

    IDENTIFIED = "identified"
    RESOLVED = "resolved"
    ENTERED_IN_ERROR = "entered_in_error"


class NeedVerb(StrEnum):
    """A step, named as in its address; the agency that knows of the need alone takes it."""

    RESOLVE = "resolve"
    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Edge:
    """From which states a step may be taken, and to which it leads."""

    sources: frozenset[NeedStatus]
    target: NeedStatus


_KNOWN = frozenset({NeedStatus.IDENTIFIED, NeedStatus.RESOLVED})
EDGES: Mapping[NeedVerb, Edge] = MappingProxyType(
    {
        NeedVerb.RESOLVE: Edge(frozenset({NeedStatus.IDENTIFIED}), NeedStatus.RESOLVED),
        NeedVerb.ENTERED_IN_ERROR: Edge(_KNOWN, NeedStatus.ENTERED_IN_ERROR),
    }
)


@frozen
class Need:
    """A need as it stands: of what category, known since when (UTC), to which agency."""

    status: NeedStatus
    identified: NeedIdentified
    at: datetime
    agency: str
    how: Resolution | None = None

    @property
    def restricted(self) -> RestrictedClass | None:
        return self.identified.restricted


def need_id(client: UUID, agency: str, category: Category, before: int) -> UUID:
    """The stream of an agency's next need of a category, after so many `before`: two who find it at once meet on it."""
    return derived(client, f"need|{agency}|{category}|{before}")


def decide(command: NeedCommand, state: Need | None) -> tuple[NeedFact, ...]:
    """A need is known once, and ends once; each agency knows its own."""
    if state is not None and state.agency != command.agency:
        raise NotASide
    match command:
        case IdentifyNeed():
            return _identify(command, state)
        case ResolveNeed():
            return _resolve(command, state)
        case VoidNeed():
            return _void(command, state)
        case _:
            assert_never(command)


def _identify(command: IdentifyNeed, state: Need | None) -> tuple[NeedFact, ...]:
    if state is None:
        restricted = restricted_class(command.category)
        return (NeedIdentified(category=command.category, screening=command.screening, restricted=restricted),)
    if state.status is not NeedStatus.IDENTIFIED or state.identified.category is not command.category:
        raise Conflict(state.status, "need-already-ended")
    return ()


def _resolve(command: ResolveNeed, state: Need | None) -> tuple[NeedFact, ...]:
    if state is not None and state.status is NeedStatus.RESOLVED:
        if state.how is command.how:
            return ()
        raise Conflict(state.status, "need-already-ended")
    return (NeedResolved(how=command.how, restricted=_possible(NeedVerb.RESOLVE, state).restricted),)


def _void(command: VoidNeed, state: Need | None) -> tuple[NeedFact, ...]:
    if state is not None and state.status is NeedStatus.ENTERED_IN_ERROR:
        return ()
    known = _possible(NeedVerb.ENTERED_IN_ERROR, state)
    return (NeedEnteredInError(event=command.event, note=command.note, restricted=known.restricted),)


def _possible(verb: NeedVerb, state: Need | None) -> Need:
    if state is None or state.status not in EDGES[verb].sources:
        raise WrongState(state.status if state else "none")
    return state


def evolve(state: Need | None, fact: NeedFact, at: datetime, agency: str) -> Need:
    """The need after one more fact. Raises ForeignFact for one that cannot come first."""
    if isinstance(fact, NeedIdentified):
        return state or Need(NeedStatus.IDENTIFIED, fact, at, agency)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case NeedResolved(how=how):
            return replace(state, status=NeedStatus.RESOLVED, how=how)
        case NeedEnteredInError():
            return replace(state, status=NeedStatus.ENTERED_IN_ERROR)
        case _:
            assert_never(fact)


def fold(history: Sequence[Happened]) -> Need | None:
    """The need that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Need | None = None
    for happened in history:
        if not isinstance(happened.fact, NeedFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
