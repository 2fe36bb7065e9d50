"""What others may read of a support contact: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.contact import ContactEvent, ContactRecordedV1, UnitsV1
from services.referrals.domain.contact import ContactFact, ContactRecorded


def of_contact(fact: ContactFact, stream: UUID) -> ContactEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case ContactRecorded():
            return _contact(fact, stream)
        case _:
            assert_never(fact)


def _contact(fact: ContactRecorded, stream: UUID) -> ContactRecordedV1:
    return ContactRecordedV1(
        contact=stream,
        mode=fact.mode,
        outcome=fact.outcome,
        met=fact.met,
        tags=fact.tags,
        units=tuple(UnitsV1(kind=units.kind, count=units.count) for units in fact.units),
        episode=fact.episode,
        referral=fact.referral,
        need=fact.need,
        handoff=fact.handoff,
    )
