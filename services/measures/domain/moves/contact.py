"""What the events of support contacts mean: each contact reads as it was said last."""

from __future__ import annotations

from typing import Final, assert_never
from uuid import UUID

from contracts.events.contact import (
    ContactAmendedV1,
    ContactCancelledV1,
    ContactEnteredInErrorV1,
    ContactEvent,
    ContactPlannedV1,
    ContactRecordedV1,
    ContactTakenBackV1,
)
from contracts.events.event import Published
from services.measures.domain.path import Contact, Moment, said_last

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(
    {ContactRecordedV1, ContactAmendedV1, ContactTakenBackV1, ContactEnteredInErrorV1}
)


def apply(contacts: dict[UUID, Contact], event: ContactEvent, moment: Moment, agency: str) -> None:
    """The contacts after one more event, which was neither taken back nor entered in error."""
    match event:
        case ContactRecordedV1() | ContactAmendedV1():
            contacts[event.contact] = said_last(contacts.get(event.contact), _said(event, moment, agency))
        case ContactPlannedV1() | ContactCancelledV1() | ContactTakenBackV1() | ContactEnteredInErrorV1():
            pass
        case never:
            assert_never(never)


def _said(event: ContactRecordedV1 | ContactAmendedV1, moment: Moment, agency: str) -> Contact:
    return Contact(
        moment,
        agency,
        met=event.met and event.outcome == "completed",
        outcome=str(event.outcome),
        mode=str(event.mode),
        tags=tuple(map(str, event.tags)),
        referral=event.referral,
        need=event.need,
        episode=event.episode,
        handoff=event.handoff,
    )
