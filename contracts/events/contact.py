"""Published events of a support contact: what was done, and whether she was met."""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import Field

from contracts.events.event import OpenContactMode, OpenContactOutcome, OpenTag, OpenUnitKind, Part, Published


class UnitsV1(Part):
    """How much of what was handed over."""

    count: Annotated[int, Field(ge=1, le=10_000)]
    kind: OpenUnitKind


class ContactRecordedV1(Published):
    """A contact, an attempt, or a missed or cancelled one. `met`: completed, and she was met or answered (rule R17)."""

    TYPE: ClassVar[str] = "contact.recorded.v1"
    contact: UUID
    episode: UUID | None = None
    handoff: UUID | None = None
    met: bool
    mode: OpenContactMode
    need: UUID | None = None
    outcome: OpenContactOutcome
    referral: UUID | None = None
    tags: tuple[OpenTag, ...] = ()
    units: tuple[UnitsV1, ...] = ()


class ContactPlannedV1(Published):
    """A contact is promised for a local date of the initiative."""

    TYPE: ClassVar[str] = "contact.planned.v1"
    contact: UUID
    episode: UUID | None = None
    handoff: UUID | None = None
    mode: OpenContactMode
    need: UUID | None = None
    planned_on: date
    referral: UUID | None = None
    tags: tuple[OpenTag, ...] = ()


class ContactAmendedV1(Published):
    """What was recorded of a contact reads so after all; `ce_time` is when it took place after all."""

    TYPE: ClassVar[str] = "contact.amended.v1"
    contact: UUID
    episode: UUID | None = None
    handoff: UUID | None = None
    met: bool
    mode: OpenContactMode
    need: UUID | None = None
    outcome: OpenContactOutcome
    referral: UUID | None = None
    tags: tuple[OpenTag, ...] = ()
    units: tuple[UnitsV1, ...] = ()


class ContactCancelledV1(Published):
    """A contact that was planned will not take place."""

    TYPE: ClassVar[str] = "contact.cancelled.v1"
    contact: UUID
    outcome: OpenContactOutcome


class ContactTakenBackV1(Published):
    """A step was pressed by mistake: what the event `event` (its `ce_id`) says does not count. Both stay on the log."""

    TYPE: ClassVar[str] = "contact.taken_back.v1"
    contact: UUID
    event: UUID


class ContactEnteredInErrorV1(Published):
    """It should never have been written: no figure counts anything of it. `event` is its first."""

    TYPE: ClassVar[str] = "contact.entered_in_error.v1"
    contact: UUID
    event: UUID


ContactEvent: TypeAlias = (
    ContactRecordedV1
    | ContactPlannedV1
    | ContactAmendedV1
    | ContactCancelledV1
    | ContactTakenBackV1
    | ContactEnteredInErrorV1
)
