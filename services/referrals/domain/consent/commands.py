"""What can be asked of a consent: each command carries the agency that asks and when (UTC)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    ConsentForm,
    GivenField,
    How,
    InformationKind,
    Measurement,
    Purpose,
)


@frozen(kw_only=True)
class Says:
    """What she says, `on` a local date of the initiative; `today` is the local date on which it is written down."""

    agency: str
    at: datetime
    today: date
    agreed: bool
    how: How
    on: date
    fields: Iterable[GivenField] = ()
    recipient: str | None = None
    recipients: Iterable[str] = ()
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: date | None = None
    form: ConsentForm | None = None
    form_version: str | None = None
    authority: ConsentAuthority = ConsentAuthority.SELF
    shared: Iterable[InformationKind] = ()
    withheld: Iterable[InformationKind] = ()
    measurement: Measurement = Measurement.NOT_ASKED


@frozen(kw_only=True)
class RecordConsent(Says):
    """She said yes or no."""


@frozen(kw_only=True)
class ChangeConsent(Says):
    """She says it otherwise from now on."""


@frozen(kw_only=True)
class RevokeConsent:
    """She took back her agreement `on` a local date; `how` is None where she did so herself, on her own pages."""

    agency: str
    at: datetime
    today: date
    how: How | None
    on: date


@frozen(kw_only=True)
class ExpireConsent:
    """The clock says that it is `today` (a local date): nobody presses it. `agency` is the one that recorded it."""

    agency: str
    at: datetime
    today: date


@frozen(kw_only=True)
class AcknowledgeConsent:
    """The agency that recorded it knows that it ran out."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class VoidConsent:
    """It should never have been written; `event` made it, `note` is the vault id of why, `today` a local date."""

    agency: str
    at: datetime
    today: date
    event: UUID
    note: UUID


ConsentCommand: TypeAlias = (
    RecordConsent | ChangeConsent | RevokeConsent | ExpireConsent | AcknowledgeConsent | VoidConsent
)
