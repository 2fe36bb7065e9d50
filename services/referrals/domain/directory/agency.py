"""An agency as the directory has it: what it is called, and whether it takes part (R22)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, TypeAlias, assert_never

from contracts.directory import Addresses, Phones, Website
from services.referrals.domain.directory.words import AgencyType, Line, Paragraph
from services.referrals.domain.fact import Fact, ForeignFact, Happened, Language, Value
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, WrongState
from services.referrals.domain.vocabulary import Origin, Slug, Standing


class AgencyVerb(StrEnum):
    """What changes an agency's standing."""

    ACTIVATE = "activate"
    PAUSE = "pause"
    LEAVE = "leave"


@frozen
class Edge:
    """From which standings a step may be taken, and to which it leads."""

    sources: frozenset[Standing]
    target: Standing


# R22. What an agency does that has left, it does not do here any more: it is invited anew under another id.
EDGES: Mapping[AgencyVerb, Edge] = MappingProxyType(
    {
        AgencyVerb.ACTIVATE: Edge(frozenset({Standing.INVITED, Standing.PAUSED}), Standing.ACTIVE),
        AgencyVerb.PAUSE: Edge(frozenset({Standing.ACTIVE}), Standing.PAUSED),
        AgencyVerb.LEAVE: Edge(frozenset({Standing.INVITED, Standing.ACTIVE, Standing.PAUSED}), Standing.LEFT),
    }
)


class AgencyProfile(Value):
    """What the directory says of an agency, in HSDS 3.0 words (`organization`)."""

    name: Line
    type: AgencyType
    on_system: bool = True
    languages: tuple[Language, ...] = ()
    description: Paragraph | None = None
    website: Website | None = None
    phones: Phones = ()
    addresses: Addresses = ()


# Commands


@frozen(kw_only=True)
class ListAgency:
    """An agency comes into the directory; one that is there already stands, unless this says the very same."""

    agency: str
    profile: AgencyProfile
    standing: Standing
    origin: Origin


@frozen(kw_only=True)
class EditAgency:
    """The directory says something else of an agency from now on."""

    profile: AgencyProfile
    origin: Origin = Origin.EDITED


@frozen(kw_only=True)
class ChangeStanding:
    """An agency begins to take part, pauses or leaves (R22)."""

    verb: AgencyVerb


AgencyCommand: TypeAlias = ListAgency | EditAgency | ChangeStanding

# Events


class AgencyStated(Fact):
    """The whole of what the directory says of an agency from now on: the latest one stands."""

    TYPE: ClassVar[str] = "agency.stated.v1"
    agency: Slug
    profile: AgencyProfile
    standing: Standing
    origin: Origin


AgencyFact: TypeAlias = AgencyStated

# State


@frozen
class ListedAgency:
    """An agency in the directory; `at` is when this was said (UTC)."""

    stated: AgencyStated
    at: datetime


def decide(command: AgencyCommand, state: ListedAgency | None) -> tuple[AgencyFact, ...]:
    """What a command comes to; the same again is nothing (R12). Raises Conflict, WrongState, NotASide."""
    match command:
        case ListAgency():
            stated = AgencyStated(
                agency=command.agency, profile=command.profile, standing=command.standing, origin=command.origin
            )
            if state is None:
                return (stated,)
            if state.stated.profile == command.profile:
                return ()
            raise Conflict(state.stated.standing, "agency-already-listed")
        case EditAgency():
            before = _there(state)
            if before.standing is Standing.LEFT:
                raise WrongState(before.standing, "agency-left")
            if before.profile == command.profile:
                return ()
            return (before.model_copy(update={"profile": command.profile, "origin": command.origin}),)
        case ChangeStanding(verb=verb):
            return _moved(verb, _there(state))
        case _:
            assert_never(command)


def verbs(standing: Standing) -> tuple[AgencyVerb, ...]:
    """What may be done with its standing now."""
    return tuple(verb for verb, edge in EDGES.items() if standing in edge.sources)


def fold(history: Iterable[Happened]) -> ListedAgency | None:
    """The agency that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: ListedAgency | None = None
    for happened in history:
        if not isinstance(happened.fact, AgencyFact):
            raise ForeignFact(happened.fact)
        state = ListedAgency(happened.fact, happened.at)
    return state


def _moved(verb: AgencyVerb, before: AgencyStated) -> tuple[AgencyFact, ...]:
    edge = EDGES[verb]
    if before.standing is edge.target:
        return ()
    if before.standing not in edge.sources:
        raise WrongState(before.standing, "agency-left" if before.standing is Standing.LEFT else None)
    return (before.model_copy(update={"standing": edge.target, "origin": Origin.EDITED}),)


def _there(state: ListedAgency | None) -> AgencyStated:
    if state is None:
        raise NotASide
    return state.stated
