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
        case ContactRecordedV1(contact=contact, met=True, outcome="completed"):
            contacts[contact] = said_last(contacts.get(contact), Contact(moment, agency))
        case ContactAmendedV1(contact=contact, met=met):
            contacts[contact] = said_last(contacts.get(contact), Contact(moment, agency, met))
        case (
            ContactRecordedV1()
            | ContactPlannedV1()
            | ContactCancelledV1()
            | ContactTakenBackV1()
            | ContactEnteredInErrorV1()
        ):
            pass
        case never:
            assert_never(never)
