"""What happens to a support contact, as it is stored."""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.referrals.domain.fact import Fact, Language, Value
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import (
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    RestrictedClass,
    ServiceTag,
    UnitKind,
)

Minutes = Annotated[int, Field(ge=0, le=1440)]


class Units(Value):
    """How much of what was handed over."""

    kind: UnitKind
    count: Annotated[int, Field(ge=1, le=10_000)]


class Said(Value):
    """What a contact was. `met`: she was met or answered (R17); `cohort`: the group with which she came."""

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
    cohort: UUID | None = None
    restricted: RestrictedClass | None = None


class ContactPlanned(Fact):
    """A contact is promised for a time (UTC) on a local date of the initiative; its class is fixed by it (R6)."""

    TYPE: ClassVar[str] = "contact.planned.v1"
    planned_for: AwareDatetime
    planned_on: date
    mode: ContactMode
    tags: tuple[ServiceTag, ...] = ()
    language: Language | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: UUID | None = None
    restricted: RestrictedClass | None = None


class ContactRecorded(Said, Fact):
    """A contact, an attempt, or a missed or cancelled one; `late`: written down more than 7 days afterwards (F4)."""

    TYPE: ClassVar[str] = "contact.recorded.v1"
    late: bool | None = None


class ContactAmended(Said, Fact):
    """What was recorded reads so after all; it happened when this fact says that it happened. The first is kept."""

    TYPE: ClassVar[str] = "contact.amended.v1"


class ContactCancelled(Fact):
    """What was planned was called off, by her or by the agency."""

    TYPE: ClassVar[str] = "contact.cancelled.v1"
    outcome: ContactOutcome
    restricted: RestrictedClass | None = None


class ContactTakenBack(TakenBack):
    """A step was pressed by mistake (R14)."""

    TYPE: ClassVar[str] = "contact.taken_back.v1"


class ContactEnteredInError(Fact):
    """It should never have been written (R14): it stays in the history and leaves every measure.

    `event` is its first, `note` the vault id of why.
    """

    TYPE: ClassVar[str] = "contact.entered_in_error.v1"
    event: UUID
    note: UUID
    restricted: RestrictedClass | None = None


ContactFact: TypeAlias = (
    ContactPlanned | ContactRecorded | ContactAmended | ContactCancelled | ContactTakenBack | ContactEnteredInError
)
