"""What of a client's streams is a disclosure, and the entry that each of them makes (R1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.referrals.domain.accounting.entry import Entry, EntryKind
from services.referrals.domain.break_glass import GlassBroken
from services.referrals.domain.client import DetailsErased
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.fact import Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import HandoffClientAgreed, HandoffOffered, HandoffProposed
from services.referrals.domain.inquiry import Cause, InquiryOpened
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.referral.events import ConsentException
from services.referrals.domain.vocabulary import (
    DisclosureKind,
    ExceptionCode,
    Mode,
)

ACCOUNTED = (
    *(ReferralSent, HandoffProposed, HandoffClientAgreed, HandoffOffered, DisclosureRecorded, DetailsErased),
    *(GlassBroken, InquiryOpened),
)
"""The facts that an accounting is made of; an agency's own reading of its own record is none (R1)."""


_KINDS: Final = {kind: EntryKind(kind) for kind in DisclosureKind if kind is not DisclosureKind.GIVEN_FIELDS} | {
    DisclosureKind.GIVEN_FIELDS: EntryKind.READ
}


@frozen
class _Offer:
    proposed: HandoffProposed
    consent: UUID | None


def entries(streams: Mapping[UUID, Sequence[Happened]]) -> list[Entry]:
    """All that a client's streams account for, in no order; each stream is in its own."""
    sent = {id: fact for id, facts in streams.items() for fact in _facts(facts) if isinstance(fact, ReferralSent)}
    offers = {id: offer for id, facts in streams.items() if (offer := _offer(facts)) is not None}
    owners = _owners(streams)
    return [
        replace(entry, sources=owners[entry.id]) if entry.id in owners else entry
        for stream, facts in streams.items()
        for each in facts
        if (entry := _entry(stream, each, sent, offers)) is not None
    ]


def _owners(streams: Mapping[UUID, Sequence[Happened]]) -> dict[UUID, tuple[str, ...]]:
    """Whose officers look at an emergency because it opened entries of theirs, by the event that broke the glass."""
    found: dict[UUID, tuple[str, ...]] = {}
    for fact in (fact for facts in streams.values() for fact in _facts(facts)):
        if isinstance(fact, InquiryOpened) and fact.cause is Cause.BREAK_GLASS:
            found[fact.about] = (*found.get(fact.about, ()), fact.to_agency)
    return found


def _facts(happened: Iterable[Happened]) -> Iterable[object]:
    return (each.fact for each in happened)


def _offer(happened: Iterable[Happened]) -> _Offer | None:
    proposed: HandoffProposed | None = None
    consent: UUID | None = None
    for fact in _facts(happened):
        if isinstance(fact, HandoffProposed):
            proposed = fact
        elif isinstance(fact, HandoffClientAgreed):
            consent = fact.consent
    return None if proposed is None else _Offer(proposed, consent)


def _entry(
    stream: UUID, happened: Happened, sent: Mapping[UUID, ReferralSent], offers: Mapping[UUID, _Offer]
) -> Entry | None:
    if happened.id is None:
        return None
    match happened.fact:
        case ReferralSent() as fact:
            return _sent(happened.id, happened.at, stream, fact)
        case HandoffOffered() as fact:
            return _offered(happened.id, happened.at, stream, fact, offers)
        case DisclosureRecorded() as fact:
            return _recorded(happened.id, happened, fact, sent, offers)
        case DetailsErased():
            return Entry(id=happened.id, at=happened.at, kind=EntryKind.ERASED, to=happened.agency)
        case GlassBroken() as fact:
            return _opened(happened.id, happened, fact)
        case _:
            return None


def _opened(id: UUID, happened: Happened, fact: GlassBroken) -> Entry:
    return Entry(
        id=id,
        at=happened.at,
        kind=EntryKind.OPENED,
        to=happened.agency,
        exception=ConsentException(code=ExceptionCode.EMERGENCY, reason=fact.reason),
        emergency=fact.emergency,
    )


def _sent(id: UUID, at: datetime, stream: UUID, fact: ReferralSent) -> Entry | None:
    if fact.mode is Mode.INFORMATIONAL:  # she goes there herself: nothing of her left
        return None
    return Entry(
        id=id,
        at=at,
        kind=EntryKind.REFERRAL,
        to=fact.to_agency,
        by=fact.from_agency,
        fields=fact.given,
        consent=fact.consent,
        exception=fact.exception,
        category=fact.category,
        referral=stream,
        restricted=fact.restricted,
    )


def _offered(id: UUID, at: datetime, stream: UUID, fact: HandoffOffered, offers: Mapping[UUID, _Offer]) -> Entry | None:
    offer = offers.get(stream)
    if offer is None:
        return None
    return Entry(
        id=id,
        at=at,
        kind=EntryKind.HANDOFF,
        to=offer.proposed.to_agency,
        by=offer.proposed.from_agency,
        fields=fact.given,
        consent=offer.consent,
        domain=offer.proposed.domain,
        handoff=stream,
        restricted=fact.restricted,
    )


def _recorded(
    id: UUID,
    happened: Happened,
    fact: DisclosureRecorded,
    sent: Mapping[UUID, ReferralSent],
    offers: Mapping[UUID, _Offer],
) -> Entry:
    asked = sent.get(fact.referral) if fact.referral else None
    offer = offers.get(fact.handoff) if fact.handoff else None
    sides = {side for each in (asked, offer and offer.proposed) if each for side in (each.from_agency, each.to_agency)}
    return Entry(
        id=id,
        at=happened.at,
        kind=_KINDS[fact.kind],
        to=happened.agency,
        by=next(iter(sides - {happened.agency}), None),
        sources=fact.sources,
        fields=asked.given if asked and happened.agency == asked.to_agency else (),
        consent=fact.consent,
        exception=asked.exception if asked else None,
        category=asked.category if asked else None,
        domain=offer.proposed.domain if offer else None,
        referral=fact.referral,
        handoff=fact.handoff,
        restricted=fact.restricted,
    )
