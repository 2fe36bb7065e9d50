"""What an agency may ask of a support contact of its own."""

from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.contact.events import Units
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import (
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    RestrictedClass,
    ServiceTag,
)


@frozen(kw_only=True)
class PlanContact:
    """It is promised for `planned_for` (UTC), on the local date `planned_on`.

    `named_class` is the restricted class of the referral, handoff or need that it names.
    """

    agency: str
    at: datetime
    planned_for: datetime
    planned_on: date
    mode: ContactMode
    tags: tuple[ServiceTag, ...] = ()
    language: str | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: UUID | None = None
    named_class: RestrictedClass | None = None


@frozen(kw_only=True)
class RecordContact:
    """Something happened `at` a time (UTC), recorded `now`. `met`: what staff say where the mode alone does not tell.

    `named_class` is the restricted class of the referral, handoff or need that it names; `cohort` the group that met.
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
    cohort: UUID | None = None
    named_class: RestrictedClass | None = None


@frozen(kw_only=True)
class AmendContact(RecordContact):
    """What was recorded should have read so, all of it; `at` is when it took place after all."""


@frozen(kw_only=True)
class CancelContact:
    """What was planned will not take place: she, or the agency, called it off."""

    agency: str
    at: datetime
    outcome: ContactOutcome


@frozen(kw_only=True)
class VoidContact:
    """It should never have been written; `event` is its first, `note` the vault id of why (R14)."""

    agency: str
    at: datetime
    event: UUID
    note: UUID


ContactCommand: TypeAlias = PlanContact | RecordContact | AmendContact | CancelContact | VoidContact
