"""What others may read of a support contact: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.contact import (
    ContactAmendedV1,
    ContactCancelledV1,
    ContactEnteredInErrorV1,
    ContactEvent,
    ContactPlannedV1,
    ContactRecordedV1,
    ContactTakenBackV1,
    UnitsV1,
)
from services.referrals.domain.contact import (
    ContactAmended,
    ContactCancelled,
    ContactEnteredInError,
    ContactFact,
    ContactPlanned,
    ContactRecorded,
    ContactTakenBack,
)


def of_contact(fact: ContactFact, stream: UUID) -> ContactEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case ContactPlanned():
            return _planned(fact, stream)
        case ContactRecorded() | ContactAmended():
            return _contact(fact, stream)
        case ContactCancelled(outcome=outcome):
            return ContactCancelledV1(contact=stream, outcome=outcome)
        case ContactTakenBack(event=event):
            return ContactTakenBackV1(contact=stream, event=event)
        case ContactEnteredInError(event=event):
            return ContactEnteredInErrorV1(contact=stream, event=event)
        case _:
            assert_never(fact)


def _planned(fact: ContactPlanned, stream: UUID) -> ContactPlannedV1:
    return ContactPlannedV1(
        contact=stream,
        planned_on=fact.planned_on,
        mode=fact.mode,
        tags=fact.tags,
        episode=fact.episode,
        referral=fact.referral,
        need=fact.need,
        handoff=fact.handoff,
    )


def _contact(fact: ContactRecorded | ContactAmended, stream: UUID) -> ContactRecordedV1 | ContactAmendedV1:
    kind = ContactRecordedV1 if isinstance(fact, ContactRecorded) else ContactAmendedV1
    return kind(
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
