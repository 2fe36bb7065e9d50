"""When a contact took place, as it is kept: a day without a time is a day; and when none can have taken place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from services.referrals.application.acting import Acting
from services.referrals.application.client import ClientSeen
from services.referrals.application.contact.said import Happening, Named
from services.referrals.application.desk import Desk
from services.referrals.domain.contact import Contact
from services.referrals.domain.refusal import Unfit, WrongState

EARLIEST = timedelta(days=304)
"""How long before an agency first knew of her a contact may lie: ten months, so that care that began with this
pregnancy can be written down when she comes. What lies further back was mistyped, or is a log to be imported (R26)."""


def placed(desk: Desk, acting: Acting, said: Happening, names: Named, stands: Contact | None = None) -> Happening:
    """What staff say, with the time (UTC) at which it is kept.

    Where they know the day alone (`said.on`, local), today is kept as the time of recording and a day gone by as its
    noon, but on the day on which what it is about was sent, offered or accepted not before that: no history shows her
    met before she was sent. Said again of the day that stands, it keeps its time (R12).
    """
    if said.on is None:
        return said
    if stands is not None and desk.directory.local_date(acting.initiative, stands.at) == said.on:
        return replace(said, at=stands.at)
    zone = desk.directory.initiative(acting.initiative).timezone
    at = acting.at if said.on >= acting.today else datetime.combine(said.on, time(12), zone).astimezone(UTC)
    begun = (each for each in _begun(names) if desk.directory.local_date(acting.initiative, each) == said.on)
    return replace(said, at=max(at, *begun, at))


def not_before(names: Named, at: datetime) -> datetime:
    """When what follows from a contact happened: with it, but not before her receiver took her on."""
    accepted = [
        each.state.accepted_at
        for each in (names.referral, names.handoff)
        if each is not None and each.state.accepted_at
    ]
    return max([at, *accepted])


def require_possible(desk: Desk, said: Happening, client: ClientSeen) -> None:
    """Raises Unfit for a contact long before the agency knew of her, WrongState after there was no more (R20)."""
    took_place, known = (desk.directory.local_date(client.reader.initiative, each) for each in (said.at, client.since))
    if took_place < known - EARLIEST:
        raise Unfit("contact-too-long-ago" if said.on is None else "contact-day-too-long-ago")
    stopped = client.state.stopped_since(client.reader.agency)
    if stopped is not None and said.at > stopped:
        raise WrongState("stopped", "no-further-contact")


def _begun(names: Named) -> Iterator[datetime]:
    sent, handed = names.referral, names.handoff
    times: list[datetime | None] = []
    if sent is not None:
        times += [sent.state.sent_at, sent.state.received_at, sent.state.accepted_at]
    if handed is not None:
        times += [handed.state.proposed_at, handed.state.offered_at, handed.state.accepted_at]
    yield from (each for each in times if each is not None)
