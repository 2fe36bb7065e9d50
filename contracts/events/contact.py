"""Published events of a support contact: what was done, and whether she was met."""

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


ContactEvent: TypeAlias = ContactRecordedV1
