"""What measures of referrals share: which referrals they look at, and what a unit of one carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.measures.domain.incidence import End, Wait
from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, By, Rule, Size, Standing, Unit
from services.measures.domain.path import HandoffPath, ReferralPath

INFORMATIONAL: Final = Rule("informational", Standing.EXCLUDED, "informational: nobody was asked for an answer")
BY: Final = ALWAYS | {By.CATEGORY, By.CHANNEL}


def sent(journey: Journey) -> Iterator[tuple[UUID, ReferralPath, datetime]]:
    """Every referral that was sent, with its id and when."""
    for id, path in journey.referrals.items():
        if path.sent is not None:
            yield id, path, path.sent.at


def assessed(journey: Journey, ruled: Callable[[ReferralPath, datetime], Rule]) -> Iterator[Unit]:
    """One unit a referral that was sent: by the rule that a definition gives a direct one for its time of sending."""
    for id, path, at in sent(journey):
        yield unit(id, path, at, INFORMATIONAL if path.mode == "informational" else ruled(path, at))


def timed(journey: Journey, waits: Callable[[UUID, datetime], tuple[Rule, Wait]]) -> Iterator[Unit]:
    """The same with how long a direct one waited, by its id and its time of sending."""
    for id, path, at in sent(journey):
        if path.mode == "informational":
            yield unit(id, path, at, INFORMATIONAL)
        else:
            rule, wait = waits(id, at)
            yield unit(id, path, at, rule, size=wait)


def unit(
    id: UUID, path: ReferralPath, at: datetime, rule: Rule, *, owner: str | None = None, size: Size | None = None
) -> Unit:
    """A referral as a unit; its sender and its receiver know of it already."""
    return Unit(at, rule, id, path.category, path.channel, owner, sides(path), size)


def sides(path: ReferralPath | HandoffPath) -> tuple[str, ...]:
    """The agencies between which something is, the receiver first."""
    return tuple(agency for agency in (path.to_agency, path.from_agency) if agency is not None)


def waited(since: datetime, until: datetime, end: End) -> Wait:
    """How long it took; nothing where it was written down as earlier than its beginning."""
    return Wait(max(until - since, timedelta(0)), end)


def first_met(journey: Journey, id: UUID, since: datetime) -> datetime | None:
    """When the receiver of a referral first met or answered her, in a contact or in a visit booked for it."""
    agency = journey.referrals[id].to_agency
    contacts = (each.moment.at for each in journey.contacts.values() if each.met and each.agency == agency)
    visits = (visit.attended.at for visit in journey.appointments.values() if visit.attended and visit.referral == id)
    return min((at for at in (*contacts, *visits) if at >= since), default=None)
