"""Published events of a consent: that she said yes or no; which fields, to whom and for what need stay in the store."""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenPurpose, Published
from contracts.vocabulary import How


class ConsentRecordedV1(Published):
    """She agreed or refused `on` a local date; a yes holds until `expires`, or until she takes it back."""

    TYPE: ClassVar[str] = "consent.recorded.v1"
    agreed: bool
    consent: UUID
    expires: date | None = None
    how: How
    on: date
    purpose: OpenPurpose


ConsentEvent: TypeAlias = ConsentRecordedV1
