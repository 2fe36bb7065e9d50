"""A support contact: what an agency did with or for a client, and whether it counts as having met her."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from pydantic import Field

from services.referrals.domain.fact import Fact, ForeignFact, Happened, Language, Value
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, Unfit
from services.referrals.domain.vocabulary import (
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    RestrictedClass,
    ServiceTag,
    UnitKind,
    restricted_class,
)

Minutes = Annotated[int, Field(ge=0, le=1440)]


class Units(Value):
    """How much of what was handed over."""

    kind: UnitKind
    count: Annotated[int, Field(ge=1, le=10_000)]


# Commands


@frozen(kw_only=True)
class RecordContact:
    """Something happened `at` a time (UTC), recorded `now`. `met`: what staff say where the mode alone does not tell.

    `named_class` is the restricted class of the referral or handoff that it names.
    """

    agency: str
    at: datetime
    now: datetime
    mode: ContactMode
    outcome: ContactOutcome
    met: bool | None = None
    tags: tuple[ServiceTag, ...] = ()
    units: tuple[Units, ...] = ()
    duration_min: int | None = None
    language: str | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: UUID | None = None
    named_class: RestrictedClass | None = None


ContactCommand: TypeAlias = RecordContact

# Events


class ContactRecorded(Fact):
    """A contact, an attempt, or a missed or cancelled one. `met`: she was met or answered (R17)."""

    TYPE: ClassVar[str] = "contact.recorded.v1"
    mode: ContactMode
    outcome: ContactOutcome
    met: bool
    tags: tuple[ServiceTag, ...] = ()
    units: tuple[Units, ...] = ()
    duration_min: Minutes | None = None
    language: Language | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: UUID | None = None
    restricted: RestrictedClass | None = None


ContactFact: TypeAlias = ContactRecorded

# State


class ContactStatus(StrEnum):
    """Where a contact stands (machine F4)."""

    COMPLETED = "completed"
    ATTEMPTED = "attempted"
    MISSED = "missed"
    CANCELLED = "cancelled"


_STATUS: dict[ContactOutcome, ContactStatus] = {
    ContactOutcome.COMPLETED: ContactStatus.COMPLETED,
    ContactOutcome.MISSED: ContactStatus.MISSED,
    ContactOutcome.CLIENT_DECLINED: ContactStatus.CANCELLED,
    ContactOutcome.CANCELLED_BY_CLIENT: ContactStatus.CANCELLED,
    ContactOutcome.CANCELLED_BY_AGENCY: ContactStatus.CANCELLED,
}

_SERVICE_UNMET = frozenset({ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER})
_MEETING = frozenset(ContactMode) - _SERVICE_UNMET - {ContactMode.TEXT_ONE_WAY, ContactMode.MAIL}


@frozen
class Contact:
    """A contact as it stands: what was recorded, when it happened (UTC), and by which agency."""

    status: ContactStatus
    recorded: ContactRecorded
    at: datetime
    agency: str


@frozen
class Evidence:
    """A contact that a command relies on: its id and its state."""

    id: UUID
    contact: Contact


def was_met(mode: ContactMode, outcome: ContactOutcome, said: bool | None) -> bool:
    """R17's contact: completed, and she was met or answered; with a goods delivery only when staff say so."""
    if outcome is not ContactOutcome.COMPLETED:
        return False
    return said is not False if mode in _MEETING else mode is ContactMode.GOODS_DELIVERY and said is True


def is_service_evidence(recorded: ContactRecorded) -> bool:
    """R17's service evidence: a contact, or a completed goods delivery or funds transfer."""
    return recorded.met or (recorded.outcome is ContactOutcome.COMPLETED and recorded.mode in _SERVICE_UNMET)


def decide(command: ContactCommand, state: Contact | None) -> tuple[ContactFact, ...]:
    """What happened is recorded once, as it was; nothing is recorded before it happened."""
    match command:
        case RecordContact():
            return _record(command, state)
        case _:
            assert_never(command)


def _record(command: RecordContact, state: Contact | None) -> tuple[ContactFact, ...]:
    if command.at > command.now:
        raise Unfit("date-in-future")
    recorded = ContactRecorded(
        mode=command.mode,
        outcome=command.outcome,
        met=was_met(command.mode, command.outcome, command.met),
        tags=tuple(dict.fromkeys(command.tags)),
        units=command.units,
        duration_min=command.duration_min,
        language=command.language,
        interpreter=command.interpreter,
        initiated_by=command.initiated_by,
        episode=command.episode,
        referral=command.referral,
        need=command.need,
        handoff=command.handoff,
        note=command.note,
        restricted=command.named_class or restricted_class(*command.tags),
    )
    if state is None:
        return (recorded,)
    if state == Contact(status=state.status, recorded=recorded, at=command.at, agency=command.agency):
        return ()
    raise Conflict(state.status, "contact-already-recorded")


def evolve(state: Contact | None, fact: ContactFact, at: datetime, agency: str) -> Contact:
    """The contact after one more fact."""
    match fact:
        case ContactRecorded():
            status = _STATUS.get(fact.outcome, ContactStatus.ATTEMPTED)
            return state or Contact(status=status, recorded=fact, at=at, agency=agency)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Contact | None:
    """The contact that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Contact | None = None
    for happened in history:
        if not isinstance(happened.fact, ContactFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
