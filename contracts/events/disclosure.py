"""Published events of a disclosure: that something was shown outside the agency that wrote it."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenDisclosureKind, Published


class DisclosureRecordedV1(Published):
    """Something was shown to the agency in `ce_source`."""

    TYPE: ClassVar[str] = "disclosure.recorded.v1"
    disclosure: UUID
    handoff: UUID | None = None
    kind: OpenDisclosureKind
    referral: UUID | None = None


DisclosureEvent: TypeAlias = DisclosureRecordedV1
