"""Breaking the glass: one person of an agency sees a client's shared timeline without her yes, for three hours (R1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict
from services.referrals.domain.uuids import derived

HOLDS: Final = timedelta(hours=3)
MEDICAL: Final = frozenset({"clinic", "hospital"})
"""Types of agencies whose people are medical personnel: 42 CFR 2.51 opens to no others."""


class Emergency(StrEnum):
    """Why nobody could ask her first; what opens the most comes first."""

    MEDICAL = "medical"
    DANGER = "danger"


# Commands


@frozen(kw_only=True)
class BreakGlass:
    """`reason` is the vault id of the words."""

    at: datetime
    emergency: Emergency
    reason: UUID


BreakGlassCommand: TypeAlias = BreakGlass

# Events


class GlassBroken(Fact):
    """The person whom the envelope names sees what her consents hide, from then on for three hours."""

    TYPE: ClassVar[str] = "break_glass.opened.v1"
    emergency: Emergency
    reason: UUID


BreakGlassFact: TypeAlias = GlassBroken

# State


@frozen
class Glass:
    """The last time that a person broke it for one kind of emergency: why, since when and until when (UTC).

    `id` is that of the event.
    """

    broken: GlassBroken
    id: UUID | None
    since: datetime

    @property
    def until(self) -> datetime:
        return self.since + HOLDS

    def is_open(self, at: datetime) -> bool:
        """To the second: when three hours are over it is shut."""
        return self.since <= at < self.until


def glass_id(client: UUID, agency: str, person: str, emergency: Emergency) -> UUID:
    """The stream of all times that one person broke the glass for one client, for one kind of emergency."""
    return derived(client, f"break_glass|{agency}|{person}|{emergency}")


def decide(command: BreakGlassCommand, state: Glass | None) -> tuple[BreakGlassFact, ...]:
    """Once in three hours: what is open is open, and no second press makes it longer (R12).

    So it is for who pressed a moment before it was opened, and came second. Raises Conflict: it is open already, for
    another reason.
    """
    match command:
        case BreakGlass(at=at):
            if state is None or at >= state.until:
                return (GlassBroken(emergency=command.emergency, reason=command.reason),)
            if command.reason != state.broken.reason:
                raise Conflict("open", "emergency-already-open")
            return ()
        case _:
            assert_never(command)


def evolve(fact: BreakGlassFact, id: UUID | None, at: datetime) -> Glass:
    """The glass after one more fact: the last time counts."""
    match fact:
        case GlassBroken():
            return Glass(fact, id, at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Glass | None:
    """How the glass stands that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Glass | None = None
    for happened in history:
        if not isinstance(happened.fact, BreakGlassFact):
            raise ForeignFact(happened.fact)
        state = evolve(happened.fact, happened.id, happened.at)
    return state
