"""Published events of a consent: that she said yes or no, otherwise, or no more.

Which fields, to whom, for what need, on which form and by whose authority stay in the store.
"""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenPurpose, Published
from contracts.vocabulary import How, Measurement


class ConsentRecordedV1(Published):
    """She agreed or refused `on` a local date; a yes holds until `expires`, or until she takes it back.

    `measurement` is what she says of being counted in figures (R7); left out where she was not asked.
    """

    TYPE: ClassVar[str] = "consent.recorded.v1"
    agreed: bool
    consent: UUID
    expires: date | None = None
    how: How
    measurement: Measurement | None = None
    on: date
    purpose: OpenPurpose


class ConsentChangedV1(Published):
    """She says it otherwise from now on: the whole of what she says, as in `consent.recorded.v1`."""

    TYPE: ClassVar[str] = "consent.changed.v1"
    agreed: bool
    consent: UUID
    expires: date | None = None
    how: How
    measurement: Measurement | None = None
    on: date
    purpose: OpenPurpose


class ConsentRevokedV1(Published):
    """She took back her agreement `on` a local date; a yes to being counted is a no from then on."""

    TYPE: ClassVar[str] = "consent.revoked.v1"
    consent: UUID
    measurement: Measurement | None = None
    on: date


class ConsentExpiredV1(Published):
    """Its last day is over; a yes to being counted has run out with it (`not_asked`)."""

    TYPE: ClassVar[str] = "consent.expired.v1"
    consent: UUID
    measurement: Measurement | None = None
    on: date


class ConsentEnteredInErrorV1(Published):
    """She never said it: what it said of being counted counts no more. `event` is the one that recorded it."""

    TYPE: ClassVar[str] = "consent.entered_in_error.v1"
    consent: UUID
    event: UUID


ConsentEvent: TypeAlias = (
    ConsentRecordedV1 | ConsentChangedV1 | ConsentRevokedV1 | ConsentExpiredV1 | ConsentEnteredInErrorV1
)
