"""Published events of needs and of the screenings that find them; those of restricted classes on their own topic (R6).

No score and no item is ever published: an instrument, a category and one of three words.
"""

from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenCategory, OpenInstrument, OpenResolution, OpenScreeningResult, Published


class NeedScreenedV1(Published):
    """She was asked about one social need, with PRAPARE or the Hunger Vital Sign."""

    TYPE: ClassVar[str] = "need.screened.v1"
    category: OpenCategory
    instrument: OpenInstrument
    result: OpenScreeningResult
    screening: UUID


class NeedIdentifiedV1(Published):
    """An agency knows of a need of hers; `screening` is what found it, where one did."""

    TYPE: ClassVar[str] = "need.identified.v1"
    category: OpenCategory
    need: UUID
    screening: UUID | None = None


class NeedResolvedV1(Published):
    """She has it no more, or wants no help with it."""

    TYPE: ClassVar[str] = "need.resolved.v1"
    how: OpenResolution
    need: UUID


class NeedEnteredInErrorV1(Published):
    """It should never have been written: no figure counts anything of it. `event` is the one that identified it."""

    TYPE: ClassVar[str] = "need.entered_in_error.v1"
    event: UUID
    need: UUID


class ScreeningRecordedV1(Published):
    """She was screened for depression or violence (EPDS, PHQ, IPV, the safety questions of PRAPARE): restricted."""

    TYPE: ClassVar[str] = "screening.recorded.v1"
    instrument: OpenInstrument
    result: OpenScreeningResult
    screening: UUID


class ScreeningEnteredInErrorV1(Published):
    """It should never have been written: no figure counts anything of it. `event` is its first."""

    TYPE: ClassVar[str] = "screening.entered_in_error.v1"
    event: UUID
    screening: UUID


NeedEvent: TypeAlias = NeedScreenedV1 | NeedIdentifiedV1 | NeedResolvedV1 | NeedEnteredInErrorV1
ScreeningEvent: TypeAlias = ScreeningRecordedV1 | ScreeningEnteredInErrorV1
