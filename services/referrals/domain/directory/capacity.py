"""What an agency says of a service's room, and for how long that can be relied on (R15)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.vocabulary import Room, Slug

Length = Annotated[int, Field(ge=0, le=10_000)]

# Commands


@frozen(kw_only=True)
class StateCapacity:
    """An agency says whether there is room; `today` is the local date. `from_on`: the day from which there is some."""

    agency: str
    service: str
    today: date
    room: Room
    from_on: date | None = None
    waitlist_length: int | None = None


CapacityCommand: TypeAlias = StateCapacity

# Events


class CapacityStated(Fact):
    """What is said of a service's room on a local date: it is known for 30 days (R15)."""

    TYPE: ClassVar[str] = "capacity.stated.v1"
    agency: Slug
    service: Slug
    room: Room
    on: date
    from_on: date | None = None
    waitlist_length: Length | None = None


CapacityFact: TypeAlias = CapacityStated

# State


@frozen
class Capacity:
    """The latest of what was said; `at` is when (UTC)."""

    stated: CapacityStated
    at: datetime


@frozen
class RoomNow:
    """What can be relied on on a day. `said_on`: when it was said last, though it be too old to rely on."""

    room: Room
    said_on: date | None = None
    from_on: date | None = None
    waitlist_length: int | None = None


def decide(command: CapacityCommand, state: Capacity | None) -> tuple[CapacityFact, ...]:
    """The same on the same day is nothing (R12); on a later day it makes the statement young again. Raises Unfit."""
    if command.waitlist_length is not None and command.room is not Room.WAITLIST:
        raise Unfit("waitlist-without-list")
    if command.from_on is not None and (command.room is Room.NOT_KNOWN or command.from_on < command.today):
        raise Unfit("room-from-when")
    stated = CapacityStated(
        agency=command.agency,
        service=command.service,
        room=command.room,
        on=command.today,
        from_on=command.from_on,
        waitlist_length=command.waitlist_length,
    )
    return () if state is not None and state.stated == stated else (stated,)


def room_now(stated: CapacityStated | None, today: date, known_days: int) -> RoomNow:
    """What can be relied on on a local date: "not known" once more than `known_days` have passed (R15).

    A day from which there was to be room, and that has come, means that there is.
    """
    if stated is None:
        return RoomNow(Room.NOT_KNOWN)
    if stated.room is Room.NOT_KNOWN or (today - stated.on).days > known_days:
        return RoomNow(Room.NOT_KNOWN, stated.on)
    if stated.from_on is not None and stated.from_on <= today:
        return RoomNow(Room.OPEN, stated.on)
    return RoomNow(stated.room, stated.on, stated.from_on, stated.waitlist_length)


def fold(history: Iterable[Happened]) -> Capacity | None:
    """What a stream tells of a service's room, None for an empty one. Raises ForeignFact."""
    state: Capacity | None = None
    for happened in history:
        if not isinstance(happened.fact, CapacityFact):
            raise ForeignFact(happened.fact)
        state = Capacity(happened.fact, happened.at)
    return state
