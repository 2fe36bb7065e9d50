"""What others may read of needs and screenings: one line a kind of fact. No score, no item ever leaves (R6)."""

from typing import assert_never
from uuid import UUID

from contracts.events.need import (
    NeedEnteredInErrorV1,
    NeedEvent,
    NeedIdentifiedV1,
    NeedResolvedV1,
    NeedScreenedV1,
    ScreeningEnteredInErrorV1,
    ScreeningEvent,
    ScreeningRecordedV1,
)
from services.referrals.domain.need import NeedEnteredInError, NeedFact, NeedIdentified, NeedResolved
from services.referrals.domain.screening import (
    NeedScreened,
    ScreeningEnteredInError,
    ScreeningFact,
    ScreeningRecorded,
)


def of_need(fact: NeedFact, stream: UUID) -> NeedEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case NeedIdentified(category=category, screening=screening):
            return NeedIdentifiedV1(need=stream, category=category, screening=screening)
        case NeedResolved(how=how):
            return NeedResolvedV1(need=stream, how=how)
        case NeedEnteredInError(event=event):
            return NeedEnteredInErrorV1(need=stream, event=event)
        case _:
            assert_never(fact)


def of_screening(fact: ScreeningFact, stream: UUID) -> NeedEvent | ScreeningEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case NeedScreened(instrument=instrument, category=category, result=result):
            return NeedScreenedV1(screening=stream, instrument=instrument, category=category, result=result)
        case ScreeningRecorded(instrument=instrument, result=result):
            return ScreeningRecordedV1(screening=stream, instrument=instrument, result=result)
        case ScreeningEnteredInError(event=event):
            return ScreeningEnteredInErrorV1(screening=stream, event=event)
        case _:
            assert_never(fact)
